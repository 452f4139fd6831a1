import { createServer, type Server, type Socket } from 'node:net';
import { problem, type Problem } from '../core/base/problem';
import { err, ok, type Result } from '../core/base/result';
import { shellWord } from '../core/remote/shell';

/** Real TCP listeners of one service. Faults act on the socket level, below SSH and TLS. */
export interface Listener {
  /** Frozen: connections are accepted and then nothing happens, as on a host that hangs. */
  freeze(on: boolean): void;
  /** Cuts every open connection. */
  drop(): void;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

export interface Listening {
  readonly listener: Listener;
  /** The real port (differs from the asked one when that was 0). */
  readonly port: number;
}

/** Listens on the same port of several addresses; hands every new connection to `serve`. */
export async function listen(
  addresses: readonly string[],
  port: number,
  serve: (socket: Socket) => void,
): Promise<Result<Listening, Problem>> {
  const sockets = new Set<Socket>();
  const waiting = new Set<Socket>();
  let frozen = false;
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      waiting.delete(socket);
    });
    if (frozen) waiting.add(socket);
    else serve(socket);
  };
  const servers: Server[] = [];
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const close = async (): Promise<void> => {
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    drop();
    await Promise.all(closed);
  };
  let actual = port;
  for (const address of addresses) {
    const server = createServer({ noDelay: true }, accept);
    const failure = await bind(server, address, actual);
    if (failure !== undefined) {
      await close();
      return err(bindProblem(address, port, failure));
    }
    servers.push(server);
    const bound = server.address();
    if (bound !== null && typeof bound === 'object') actual = bound.port;
  }
  const freeze = (on: boolean): void => {
    frozen = on;
    for (const socket of sockets) {
      if (on) socket.pause();
      else if (!waiting.has(socket)) socket.resume();
    }
    if (on) return;
    for (const socket of waiting) serve(socket);
    waiting.clear();
  };
  return ok({ listener: { freeze, drop, close }, port: actual });
}

function bind(server: Server, address: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, address, () => {
      server.removeListener('error', resolve);
      resolve(undefined);
    });
  });
}

/** Why an address cannot be used, and what to do about it. */
export function bindProblem(
  address: string,
  port: number,
  cause: NodeJS.ErrnoException,
  platform: NodeJS.Platform = process.platform,
): Problem {
  const what = `The practice fleet cannot listen on ${address}:${port}`;
  switch (cause.code) {
    case 'EADDRNOTAVAIL':
      return problem('address-missing', what, {
        why: `This computer has no address ${address}`,
        nextSteps:
          platform === 'darwin'
            ? [`macOS knows only 127.0.0.1 at first; add the address: sudo ifconfig lo0 alias ${shellWord(address)} up`]
            : ['Use addresses from 127.0.0.0/8 in the cluster file: practice hosts live on this computer only.'],
      });
    case 'EADDRINUSE':
      return problem('address-in-use', what, {
        why: 'Another program listens there',
        nextSteps: ['Stop the other practice fleet or program, or use other addresses or ports in the cluster file.'],
      });
    case 'EACCES':
      return problem('port-not-allowed', what, {
        why: `Port ${port} needs more rights than this user has`,
        nextSteps: ['Use a port above 1023.'],
      });
    default:
      return problem('listen-failed', what, { why: cause.message });
  }
}
