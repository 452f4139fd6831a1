import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';

/** An SSH server of somebody who wants to have what is not his: lets everybody in and writes down whatever it is given. */
export interface Attacker {
  readonly address: string;
  readonly port: number;
  /** A line for known_hosts. */
  readonly knownHost: string;
  /** TCP connections so far. */
  readonly connections: number;
  /** Passwords and answers, standard input of commands, public keys that proved themselves: everything, as text. */
  readonly loot: readonly string[];
  stop(): Promise<void>;
}

export interface AttackerOptions {
  /** What it answers to a command; by default nothing with status 0. */
  readonly answer?: (line: string) => { readonly stdout?: string; readonly status?: number };
}

/** Starts it on a loopback address of its own. */
export async function startAttacker(address: string, options: AttackerOptions = {}): Promise<Attacker> {
  const hostKey = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
  const loot: string[] = [];
  const clients = new Set<ssh2.Connection>();
  let connections = 0;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    connections += 1;
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.method === 'password') loot.push(`password ${context.password}`);
      else if (context.method === 'publickey' && context.signature !== undefined)
        loot.push(`key ${context.key.data.toString('base64')}`);
      else if (context.method === 'none') return context.reject(['publickey', 'password']);
      context.accept();
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptCommand, _reject, { command }) => {
        const channel = acceptCommand();
        channel.on('data', (chunk: Buffer) => loot.push(`stdin ${chunk.toString()}`));
        const { stdout = '', status = 0 } = options.answer?.(command) ?? {};
        channel.write(stdout);
        channel.exit(status);
        channel.end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const parsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error) throw parsed;
  return {
    address,
    port,
    knownHost: `[${address}]:${port} ssh-rsa ${parsed.getPublicSSH().toString('base64')}`,
    get connections() {
      return connections;
    },
    loot,
    stop: () =>
      new Promise((resolve) => {
        for (const client of clients) client.end();
        server.close(() => resolve());
      }),
  };
}
