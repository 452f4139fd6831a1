import { readFileSync } from 'node:fs';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { Server, type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import type { Workplace } from './workplace';

/** A server whose misbehavior a test writes itself. */
export interface Ssh2Server {
  readonly port: number;
  /** Logins so far. */
  readonly logins: () => number;
  /** Command lines so far. */
  readonly commands: readonly string[];
  /** Cuts every connection without a word. */
  cut(): void;
}

interface Behavior {
  /** Default: everybody may come in. */
  readonly authenticate?: (context: AuthContext) => void;
  readonly exec?: (command: string, channel: ServerChannel) => void;
}

/** Listens on a loopback port with an Ed25519 host key made by ssh-keygen. */
export async function startSsh2Server(workplace: Workplace, behavior: Behavior = {}): Promise<Ssh2Server> {
  const connections = new Set<Connection>();
  const sockets = new Set<{ destroy(): unknown }>();
  const commands: string[] = [];
  let logins = 0;
  const server = new Server({ hostKeys: [readFileSync(workplace.key(`ssh2-host-${Math.random()}`))] }, (connection) => {
    connections.add(connection);
    (connection as Connection & { setNoDelay(on: boolean): void }).setNoDelay(true);
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => (behavior.authenticate ?? ((any) => any.accept()))(context));
    connection.on('ready', () => {
      logins += 1;
      connection.on('session', (accept) => {
        accept().on('exec', (acceptExec, _reject, { command }) => {
          commands.push(command);
          behavior.exec?.(command, acceptExec());
        });
      });
    });
  });
  // ssh2's Server hides its sockets; a cut must not say goodbye.
  const tcp = (server as unknown as { _srv: TcpServer })._srv;
  tcp.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  workplace.atEnd(async () => {
    cut();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, logins: () => logins, commands, cut };
}

/** Ends a command the way sshd does. */
export function finish(channel: ServerChannel, exitCode: number, stdout = '', stderr = ''): void {
  channel.write(stdout);
  channel.stderr.write(stderr);
  channel.exit(exitCode);
  channel.end();
}
