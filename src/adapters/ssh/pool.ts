import type { Problem } from '../../core/base/problem';
import { err, type Result } from '../../core/base/result';
import type { Connection } from './connection';
import type { Hop } from './hops';
import { createLimiter, type Limiter } from './limiter';
import { disposedProblem, logIn, type LoginContext } from './login';
import { systemClock } from '../system/clock';
import { createRefusals } from './refusals';
import type { SystemSsh } from './system/systemLogin';

/** One connection for each way to log in to a server, jump hosts included; opened at first use, shared by everybody. */
export interface ConnectionPool {
  connect(hop: Hop): Promise<Result<Connection, Problem>>;
  /** The next {@link connect} opens a new connection; this one stays for those who still use it. */
  retire(connection: Connection): void;
  dispose(): Promise<void>;
}

/** sshd starts to drop clients at ten unfinished logins (MaxStartups 10:30:100). */
const LOGINS_PER_SERVER = 8;
/** More at once only makes the event loop stutter: the key exchange is work for one thread. */
const LOGINS = 32;

interface Entry {
  readonly result: Promise<Result<Connection, Problem>>;
  /** Set when the login has succeeded. */
  connection?: Connection;
}

export function createConnectionPool(
  environment: Omit<LoginContext, 'disposed' | 'refusals'>,
  systemSsh: SystemSsh,
): ConnectionPool {
  const connections = new Map<string, Entry>();
  const open = new Set<Connection>();
  const perServer = new Map<string, Limiter>();
  const everywhere = createLimiter(LOGINS);
  const refusals = createRefusals(systemClock);
  const disposal = new AbortController();
  const context: LoginContext = { ...environment, refusals, disposed: disposal.signal };

  const forget = (key: string, entry: Entry): void => {
    if (connections.get(key) === entry) connections.delete(key);
  };

  const serverLimiter = (hop: Hop): Limiter => {
    const server = `${hop.via?.label ?? ''} ${hop.host}:${hop.port}`;
    const limiter = perServer.get(server) ?? createLimiter(LOGINS_PER_SERVER);
    perServer.set(server, limiter);
    return limiter;
  };

  const establish = async (hop: Hop): Promise<Result<Connection, Problem>> => {
    // The jump host first: whoever holds a place below must not wait for another one.
    const parent = hop.via === undefined ? undefined : await connect(hop.via);
    if (parent?.ok === false) return err(throughJump(hop, parent.error));
    const leaveServer = await serverLimiter(hop).acquire();
    const leave = await everywhere.acquire();
    try {
      const result =
        hop.client === 'openssh'
          ? await systemSsh.logIn(hop, parent?.value, context)
          : await logIn(hop, parent?.value, context);
      if (!result.ok) return result;
      const connection = result.value;
      open.add(connection);
      connection.onLost(() => open.delete(connection));
      if (!disposal.signal.aborted) return result;
      await connection.close();
      return err(disposedProblem());
    } finally {
      leave();
      leaveServer();
    }
  };

  const connect = (hop: Hop): Promise<Result<Connection, Problem>> => {
    if (disposal.signal.aborted) return Promise.resolve(err(disposedProblem()));
    const existing = connections.get(hop.key);
    if (existing !== undefined) return existing.result;
    const refusal = refusals.recall(hop.key);
    if (refusal !== undefined) return Promise.resolve(err(refusal));
    const entry: Entry = { result: establish(hop) };
    connections.set(hop.key, entry);
    void entry.result.then((result) => {
      if (!result.ok) {
        forget(hop.key, entry);
        return;
      }
      refusals.forget(hop.key);
      entry.connection = result.value;
      result.value.onLost(() => {
        context.log.debug(`The connection to ${hop.label} ended: ${result.value.lostReason() ?? ''}`);
        forget(hop.key, entry);
      });
    });
    return entry.result;
  };

  return {
    connect,
    retire(connection) {
      const entry = connections.get(connection.hop.key);
      if (entry?.connection === connection) forget(connection.hop.key, entry);
    },
    async dispose() {
      disposal.abort();
      connections.clear();
      // Connections behind a jump host are closed before the jump host takes their way out.
      const closing = [...open].sort((a, b) => depth(b.hop) - depth(a.hop));
      for (const level of new Set(closing.map((connection) => depth(connection.hop))))
        await Promise.all(
          closing.filter((connection) => depth(connection.hop) === level).map((connection) => connection.close()),
        );
      await systemSsh.dispose();
    },
  };
}

function depth(hop: Hop): number {
  return hop.via === undefined ? 0 : depth(hop.via) + 1;
}

function throughJump(hop: Hop, cause: Problem): Problem {
  return {
    ...cause,
    message: `The way to ${hop.label} through the jump host ${hop.via?.label ?? ''} is closed. ${cause.message}`,
  };
}
