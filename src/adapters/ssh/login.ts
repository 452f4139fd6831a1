import type { Duplex } from 'node:stream';
import { Client, type AnyAuthMethod, type NextAuthHandler } from 'ssh2';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Log } from '../../engine/ports';
import type { Algorithms } from './algorithms';
import { createAuthentication, type Authentication } from './authentication';
import { createConnection, type Connection } from './connection';
import { dialTcp, dialThrough } from './dial';
import type { Hop } from './hops';
import { fingerprintOf, type HostKeys } from './hostKeys';
import type { Identities } from './identities';
import { keepKeyObjects } from './packetCosts';
import type { Refusals } from './refusals';
import type { Vault } from './vault';
import { closedEarly, handshakeFailed, notSsh, PENALTY, silent } from './loginProblems';
import { withPauses, type Attempt } from './loginAttempts';
import { createWatchdog } from './watchdog';

/** Limits in milliseconds; the time a person takes to answer never counts. */
export interface SshTimeouts {
  /** For a TCP connection, name lookup included. Default 4,000; ConnectTimeout of ssh_config wins. */
  readonly connectMs?: number;
  /** Without any answer from an SSH server during login. Default 4,500; ConnectTimeout of ssh_config wins. */
  readonly silenceMs?: number;
  /** Between two keepalive messages. Default 5,000. */
  readonly keepaliveMs?: number;
  /** Unanswered keepalive messages after which a connection counts as lost. Default 3. */
  readonly keepaliveCount?: number;
}

export interface LoginContext {
  readonly hostKeys: HostKeys;
  readonly identities: Identities;
  readonly vault: Vault;
  readonly log: Log;
  readonly timeouts: SshTimeouts;
  readonly refusals: Refusals;
  /** Ends every login that is under way. */
  readonly disposed: AbortSignal;
}

/** PAM waits two to three seconds before it refuses a password (pam_faildelay), more on a busy host. */
const VERDICT_MS = 10_000;

/** A whole login with everything but the time of a person, however busily the other side talks. */
export const LOGIN_MS = 60_000;
/** What a server may send until somebody is logged in; key exchange, banner and questions take some kilobytes. */
const LOGIN_BYTES = 1024 * 1024;

/** Connects to one server, checks its host key and logs in. `parent` is the jump host, if there is one. */
export function logIn(
  hop: Hop,
  parent: Connection | undefined,
  context: LoginContext,
): Promise<Result<Connection, Problem>> {
  return withPauses(hop, context, () => tryOnce(hop, parent, context));
}

async function tryOnce(hop: Hop, parent: Connection | undefined, context: LoginContext): Promise<Attempt> {
  const { timeouts } = context;
  const started = Date.now();
  const connectMs = hop.connectTimeoutMs ?? timeouts.connectMs ?? 4_000;
  const dialed =
    parent === undefined
      ? await dialTcp(hop.host, hop.port, connectMs)
      : await dialThrough(parent.client, hop.host, hop.port, connectMs, parent.hop.label);
  if (!dialed.ok) {
    const reset = dialed.error.code === 'ssh-host-unreachable' && dialed.error.why?.includes('ECONNRESET') === true;
    return reset
      ? { kind: 'hung-up', problem: closedEarly(hop, dialed.error.why ?? '') }
      : { kind: 'done', result: dialed };
  }
  const algorithms = await context.hostKeys.algorithms(hop);
  if (context.disposed.aborted || !algorithms.ok) {
    dialed.value.destroy();
    return { kind: 'done', result: context.disposed.aborted || algorithms.ok ? err(disposedProblem()) : algorithms };
  }
  return new Promise((resolve) =>
    handshake(hop, dialed.value, algorithms.value, context, Date.now() - started, resolve),
  );
}

function handshake(
  hop: Hop,
  socket: Duplex,
  algorithms: Algorithms,
  context: LoginContext,
  spentMs: number,
  resolve: (attempt: Attempt) => void,
): void {
  const { identities, vault, log, timeouts, disposed } = context;
  const silenceMs = hop.connectTimeoutMs ?? timeouts.silenceMs ?? 4_500;
  const client = new Client();
  keepKeyObjects(client);
  let settled = false;
  let greeting = '';
  let received = 0;
  let acceptedKey: Buffer | undefined;
  let remember: (() => Promise<void>) | undefined;

  const settle = (attempt: Attempt): void => {
    if (settled) return;
    settled = true;
    watchdog.stop();
    disposed.removeEventListener('abort', onDisposed);
    socket.off('data', onData);
    if (attempt.kind === 'hung-up' || !attempt.result.ok) {
      authentication.failed();
      socket.destroy();
    }
    resolve(attempt);
  };
  const fail = (reason: Problem): void => settle({ kind: 'done', result: err(reason) });
  const refused = (reason: Problem): void => {
    // A key that could not be opened may be opened the next time.
    if (authentication.unattended && reason.code === 'ssh-auth-failed') context.refusals.remember(hop.key, reason);
    fail(reason);
  };
  const onDisposed = (): void => fail(disposedProblem());
  const watchdog = createWatchdog(silenceMs, LOGIN_MS, () => fail(silent(hop, silenceMs, greeting)));
  const authentication = createAuthentication(hop, {
    identities,
    vault,
    log,
    waiting: watchdog.whilePaused,
    onPasswordSent: () => watchdog.touch(Math.max(silenceMs, VERDICT_MS)),
    giveUp: fail,
  });
  const onData = (chunk: Buffer): void => {
    received += chunk.length;
    if (received > LOGIN_BYTES) return fail(tooMuch(hop));
    if (greeting.length < 512) greeting += chunk.toString('latin1');
    watchdog.touch();
  };
  const hungUp = (why: string): void => {
    const heard = greeting.trim();
    if (heard === '' || /MaxStartups/.test(heard)) settle({ kind: 'hung-up', problem: closedEarly(hop, heard || why) });
    else if (PENALTY.test(heard)) fail(closedEarly(hop, heard));
    else fail(heard.includes('SSH-') ? closedEarly(hop, why) : notSsh(hop, heard));
  };

  disposed.addEventListener('abort', onDisposed, { once: true });
  client.on('error', (error: Error & { level?: string; code?: unknown }) => {
    if (settled || error.level === 'agent') return;
    if (/authentication (methods failed|failures)/i.test(error.message))
      refused(withReason(authentication, error.message));
    else if (!greeting.includes('SSH-') || error.level === 'client-socket') hungUp(error.message);
    else fail(handshakeFailed(hop, error.message));
  });
  client.on('close', () => hungUp('The connection was closed.'));
  client.on('handshake', () => {
    if (!settled) log.debug(`${hop.label}: the host key is trusted, logging in.`);
  });
  client.on('ready', () => {
    void Promise.all([remember?.(), authentication.succeeded()]).then(() => {
      log.info(`Connected to ${hop.label} (${vault.mask(authentication.method)}).`);
      settle({ kind: 'done', result: ok(createConnection(hop, client, socket, authentication.password)) });
    });
  });

  const verify = (blob: Buffer, verdict: (accepted: boolean) => void): void => {
    if (acceptedKey !== undefined) {
      verdict(acceptedKey.equals(blob)); // the keys are exchanged again after a gigabyte or an hour
      return;
    }
    void watchdog
      .whilePaused(() => verifyAndMeet(hop, blob, context))
      .then((result) => {
        if (result.ok) {
          acceptedKey = Buffer.from(blob);
          remember = result.value.remember;
        } else fail(result.error);
        verdict(result.ok);
      });
  };

  watchdog.touch(Math.max(silenceMs - spentMs, 1_000));
  client.connect({
    sock: socket,
    username: hop.user,
    algorithms,
    hostVerifier: verify,
    authHandler: (left, partialSuccess, next) => {
      void authentication.next(left, partialSuccess).then((method) => {
        if (!settled) proceed(next, method);
      });
    },
    readyTimeout: 0,
    keepaliveInterval: timeouts.keepaliveMs ?? 5_000,
    keepaliveCountMax: timeouts.keepaliveCount ?? 3,
  });
  socket.on('data', onData);
}

/** The server is who it claims to be, and may get what the person agreed to for the machine that had this key. */
async function verifyAndMeet(
  hop: Hop,
  blob: Buffer,
  { hostKeys, vault }: LoginContext,
): ReturnType<HostKeys['verify']> {
  const verified = await hostKeys.verify(hop, blob);
  if (!verified.ok || hop.machine === undefined) return verified;
  const met = await vault.meet(hop.machine, fingerprintOf(blob));
  return met.ok ? verified : met;
}

/** ssh2 takes `false` for "nothing left to try"; its type declarations do not know that. */
function proceed(next: NextAuthHandler, method: AnyAuthMethod | undefined): void {
  if (method === undefined) (next as unknown as (method: false) => void)(false);
  else next(method);
}

function withReason(authentication: Authentication, message: string): Problem {
  const failure = authentication.failure();
  return /too many/i.test(message)
    ? {
        ...failure,
        why: `The host says: ${message}. ${failure.why ?? ''}`,
        nextSteps: [
          'Offer fewer keys: set `IdentitiesOnly yes` and IdentityFile for this host in ~/.ssh/config.',
          ...failure.nextSteps,
        ],
      }
    : failure;
}

export function disposedProblem(): Problem {
  return problem('remote-cancelled', 'The SSH connections have been closed.', {
    nextSteps: ['Start the operation again.'],
  });
}

function tooMuch(hop: Hop): Problem {
  return problem(
    'ssh-not-ssh',
    `What listens on port ${hop.port} of ${hop.host} sends data without end instead of a login.`,
    {
      why: `It sent more than ${LOGIN_BYTES / 1024 / 1024} MiB before anybody was logged in.`,
      nextSteps: ['Correct the SSH port in the cluster file or in ~/.ssh/config, and check what runs on that port.'],
    },
  );
}
