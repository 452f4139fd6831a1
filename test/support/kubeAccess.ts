import { request } from 'node:https';
import { parse } from 'yaml';

/** How a kubeconfig leads to a cluster: the first cluster and the first user, with a client certificate. */
export interface Access {
  readonly server: URL;
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Name in the certificate, where the kubeconfig has one. */
  readonly servername?: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Reads a kubeconfig without the product. */
export function accessOf(kubeconfig: string): Access {
  const { clusters, users } = parse(kubeconfig) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const of = (data: string | undefined): Buffer => Buffer.from(data ?? '', 'base64');
  const cluster = clusters[0]?.cluster ?? {};
  const user = users[0]?.user ?? {};
  return {
    server: new URL(cluster['server'] ?? ''),
    ca: of(cluster['certificate-authority-data']),
    cert: of(user['client-certificate-data']),
    key: of(user['client-key-data']),
    ...(cluster['tls-server-name'] === undefined ? {} : { servername: cluster['tls-server-name'] }),
  };
}

/** Asks the API over a new connection; an error says why there is no answer. */
export function askApi({ server, ...tls }: Access, path: string, patienceMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, server), { ...tls, agent: false, timeout: patienceMs }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (part: string) => (body += part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${patienceMs / 1000} s`)));
    call.on('error', reject);
    call.end();
  });
}
