import { request } from 'node:https';
import type { PracticeFleet } from '../../src/practice/fleet';

/** Labels of a node, as the API of a server has them; those that are given are written first. */
export async function nodeLabels(
  fleet: PracticeFleet,
  server: string,
  node: string,
  labels?: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const text = fleet.inspect(server).file('/etc/rancher/k3s/k3s.yaml')?.content ?? '';
  const pem = (name: string): Buffer => Buffer.from(new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? '', 'base64');
  const body = labels === undefined ? '' : JSON.stringify({ metadata: { labels } });
  const answer = await new Promise<string>((resolve, reject) => {
    const asked = request(
      {
        host: fleet.inspect(server).addresses[0],
        port: 6443,
        path: `/api/v1/nodes/${node}`,
        method: labels === undefined ? 'GET' : 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json', connection: 'close' },
        ca: pem('certificate-authority-data'),
        cert: pem('client-certificate-data'),
        key: pem('client-key-data'),
        agent: false,
      },
      (response) => {
        let told = '';
        response.on('data', (piece: Buffer) => (told += piece.toString()));
        response.on('end', () => resolve(told));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
  return (JSON.parse(answer) as { metadata: { labels: Record<string, string> } }).metadata.labels;
}
