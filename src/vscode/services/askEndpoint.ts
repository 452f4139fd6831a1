import { say } from '../../core/base/say';
import { endpointProblem } from '../../core/authoring/starter/starterText';
import { askText } from './say';

/** Asks where the datastore is; undefined when the person gives up. */
export async function askEndpoint(title: string): Promise<string | undefined> {
  const typed = await askText({
    title,
    prompt: say`Where the datastore is. A password goes to the secret storage, not into the file.`,
    placeHolder:
      'mysql://k3s:password@tcp(db.example.com:3306)/k3s, postgres://…, nats://…, or https://etcd-1:2379,https://etcd-2:2379,…',
    ignoreFocusOut: true,
    validateInput: endpointProblem,
  });
  return typed?.trim();
}
