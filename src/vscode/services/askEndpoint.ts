import { say } from '../../core/base/say';
import type { LayoutKind } from '../../core/authoring/starter/layouts';
import { endpointProblem } from '../../core/authoring/starter/starterText';
import { askText } from './say';

/** Asks where the datastore is; undefined when the person gives up. */
export async function askEndpoint(title: string, asks: LayoutKind['asks'] = 'database'): Promise<string | undefined> {
  const typed = await askText({
    title,
    prompt: say`Where the datastore is. A password goes to the secret storage, not into the file.`,
    placeHolder:
      asks === 'etcd'
        ? 'https://etcd-1:2379,https://etcd-2:2379,https://etcd-3:2379'
        : 'mysql://k3s:password@tcp(db.example.com:3306)/k3s, postgres://…, nats://…, or https://etcd-1:2379,https://etcd-2:2379,…',
    ignoreFocusOut: true,
    validateInput: (text) => endpointProblem(text, asks),
  });
  return typed?.trim();
}
