import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../../../core/base/problem';
import { err, ok, type Result } from '../../../core/base/result';
import { isInside } from '../../files/realPath';
import { createConnection, type Connection } from '../connection';
import { dialThrough } from '../dial';
import type { Hop } from '../hops';
import { fingerprintOf } from '../hostKeys';
import { silent } from '../loginProblems';
import { disposedProblem, LOGIN_MS, type LoginContext } from '../login';
import { withPauses, type Attempt } from '../loginAttempts';
import type { OpenSsh } from '../openSsh';
import { runSsh, type SshEnd } from './master';
import { masterArguments, PINNED, type Trust, type Way } from './masterOptions';
import { cannotShare, clientMissing, failureOf, noAnswerInTime, unusableKey } from './masterProblems';
import { openMux, terminateMux } from './muxClient';
import { readSaid } from './sshSaid';

interface Environment {
  readonly openSsh: OpenSsh;
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Connections that the system's ssh opens and this program speaks through. */
export interface SystemSsh {
  /** Logs in to a server; `parent` is the connection to its jump host. Host keys are judged by ssh, and asked about by us. */
  logIn(hop: Hop, parent: Connection | undefined, context: LoginContext): Promise<Result<Connection, Problem>>;
  /** Ends what still runs, and removes the private folder. */
  dispose(): Promise<void>;
}

/** Longer than with the built-in client: each ssh is a process of its own, and many may start at once. */
const SILENCE_MS = 9_000;

/** Bytes that the path of a Unix socket may have on every system (104 on macOS), less what ssh appends while it makes one. */
const LONGEST_SOCKET = 104 - 18;

export function createSystemSsh({ openSsh, homeDir, env }: Environment): SystemSsh {
  let folder: string | undefined;
  let last = 0;
  const controlPaths = new WeakMap<Connection, string>();
  const open = new Set<string>();

  /** A folder that only this user can enter: whoever can write to a control socket is logged in. */
  const place = (name: string): string => {
    folder ??= privateFolder();
    last += 1;
    return join(folder, `${name}${last}`);
  };

  /** Nobody logs in where the person's own ssh has, and goes on when we are done. */
  const shareOfPerson = async (hop: Hop, { log }: LoginContext): Promise<Connection | undefined> => {
    if (hop.controlPath === undefined || hop.via !== undefined) return undefined;
    try {
      const client = await openMux(hop.controlPath, () => undefined, 'of a person');
      const connection = createConnection(hop, client, client.socket, undefined);
      controlPaths.set(connection, hop.controlPath);
      log.info(`Connected to ${hop.label} by the connection that your own ssh shares.`);
      return connection;
    } catch (error) {
      log.info(`${hop.controlPath} is not shared: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };

  const logInOnce = async (hop: Hop, parent: Connection | undefined, context: LoginContext): Promise<Attempt> => {
    const program = process.platform === 'win32' ? undefined : await openSsh.path();
    if (program === undefined) return done(err(clientMissing(hop, process.platform === 'win32')));
    const shared = await shareOfPerson(hop, context);
    if (shared !== undefined) return done(ok(shared));
    const { timeouts, hostKeys, vault, disposed } = context;
    const chosen = await hostKeys.algorithms(hop);
    if (!chosen.ok) return done(chosen);
    const keys = await keysOf(hop);
    const controlPath = place('c');
    const way: Way = {
      program,
      homeDir,
      controlPath,
      through: parent === undefined ? undefined : controlPaths.get(parent),
      keys: keys.paths,
      connectMs: timeouts.connectMs ?? 4_000,
      keepaliveMs: timeouts.keepaliveMs ?? 5_000,
      keepaliveCount: timeouts.keepaliveCount ?? 3,
    };
    const start = async (trust: Trust, enough?: (line: string) => boolean): Promise<SshEnd> =>
      runSsh(program, await masterArguments(hop, way, trust), {
        homeDir,
        env,
        totalMs: LOGIN_MS,
        silenceMs,
        signal: disposed,
        ...(enough === undefined ? {} : { enough }),
      });
    const silenceMs = hop.connectTimeoutMs ?? timeouts.silenceMs ?? SILENCE_MS;
    const limits = { keyProblems: keys.problems, connectMs: way.connectMs };
    const algorithms = chosen.value.serverHostKey.join(',');
    const whyNot = async (ended: SshEnd): Promise<Attempt> => {
      if (ended.silent) return done(err(silent(hop, silenceMs, 'SSH-')));
      const said = readSaid(ended.lines);
      if (ended.exitCode === undefined && said.banner === '') return done(err(noAnswerInTime(hop, LOGIN_MS)));
      const failure = failureOf(hop, said, limits);
      if (failure.kind === 'key') return done(err(cannotShare(hop, ended.lastWords() ?? '')));
      if (failure.kind === 'final') return done(err(failure.problem));
      // An ssh behind a jump host is not told why nothing comes; the jump host is asked once more, and says it.
      const { client } = parent ?? {};
      const { host, port, via } = hop;
      if (client === undefined || via === undefined) return failure;
      const dialed = await dialThrough(client, host, port, way.connectMs, via.label);
      if (!dialed.ok) return done(dialed);
      dialed.value.destroy();
      return failure;
    };

    let end = await start({ kind: 'own' });
    let said = readSaid(end.lines);
    let remember: (() => Promise<void>) | undefined;
    if (end.exitCode !== 0 && failureOf(hop, said, limits).kind === 'key') {
      // Not in the person's lists. Which key it is, is seen without a login; then exactly that one is believed, or none.
      const file = place('k');
      const look = await start({ kind: 'look', file, algorithms }, (line) =>
        /^Warning: Permanently added|Authentications that can continue|^Authenticated to/.test(line),
      );
      const blob = pinnedKey(file);
      if (blob === undefined) {
        rmSync(file, { force: true });
        return whyNot(look);
      }
      const verified = await hostKeys.verify(hop, blob);
      const met =
        verified.ok && hop.machine !== undefined ? await vault.meet(hop.machine, fingerprintOf(blob)) : ok(undefined);
      if (!verified.ok) return done(verified);
      if (!met.ok) return done(met);
      remember = verified.value.remember;
      end = await start({ kind: 'pinned', file, algorithms });
      said = readSaid(end.lines);
      rmSync(file, { force: true });
    }
    if (disposed.aborted) return done(err(disposedProblem()));
    if (end.exitCode !== 0) return whyNot(end);
    open.add(controlPath);
    const trusted = await trustedHere(hop, said.hostKey?.fingerprint, context);
    if (!trusted.ok) {
      await terminateMux(controlPath);
      return done(trusted);
    }
    await remember?.();
    return share(hop, controlPath, end, said.tried.at(-1), context);
  };

  /** Beyond what ssh has checked: keys that the cluster file revokes, and what was agreed to for another key. */
  const trustedHere = async (
    hop: Hop,
    fingerprint: string | undefined,
    { hostKeys, vault }: LoginContext,
  ): Promise<Result<void, Problem>> => {
    if (fingerprint === undefined) return ok(undefined);
    const revoked = await hostKeys.revokedIn(hop, fingerprint);
    if (!revoked.ok || hop.machine === undefined) return revoked;
    return vault.meet(hop.machine, fingerprint);
  };

  const share = async (
    hop: Hop,
    controlPath: string,
    end: SshEnd,
    method: string | undefined,
    { log, vault }: LoginContext,
  ): Promise<Attempt> => {
    try {
      const client = await openMux(controlPath, end.lastWords);
      const connection = createConnection(hop, client, client.socket, undefined);
      controlPaths.set(connection, controlPath);
      connection.onLost(() => open.delete(controlPath));
      log.info(`Connected to ${hop.label} by the system's ssh (${vault.mask(method ?? 'no key')}).`);
      return done(ok(connection));
    } catch (error) {
      await terminateMux(controlPath);
      return done(err(cannotShare(hop, error instanceof Error ? error.message : String(error))));
    }
  };

  return {
    logIn: (hop, parent, context) => withPauses(hop, context, () => logInOnce(hop, parent, context)),
    async dispose() {
      await Promise.all([...open].map(terminateMux));
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}

function done(result: Result<Connection, Problem>): Attempt {
  return { kind: 'done', result };
}

function privateFolder(): string {
  const preferred = mkdtempSync(join(tmpdir(), 'k3s-ha-'));
  if (preferred.length + 10 <= LONGEST_SOCKET) return preferred;
  rmSync(preferred, { recursive: true });
  return mkdtempSync('/tmp/k3s-ha-');
}

/** Key files of the cluster file that ssh may be given: it would follow links and fill in variables. */
async function keysOf(hop: Hop): Promise<{ readonly paths: readonly string[]; readonly problems: readonly Problem[] }> {
  const paths: string[] = [];
  const problems: Problem[] = [];
  for (const { path, explicit, inside } of hop.identityFiles) {
    if (!explicit) continue;
    const refuse = (why: string): void => void problems.push(unusableKey(path, why));
    if (/\$\{|["\\]/.test(path)) refuse('Its path has characters that ssh would not take as they are.');
    else if (inside !== undefined && !(await isInside(inside, path)))
      refuse(`It leads out of ${inside}; a link there must not choose another key.`);
    else if (!(await Promise.all([path, `${path}.pub`].map(isThere))).some(Boolean)) refuse('The file does not exist.');
    else paths.push(path);
  }
  return { paths, problems };
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The key that ssh has written down; left there alone, under the name that is believed. */
function pinnedKey(file: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const [, keyType, key] =
    text
      .split('\n')
      .find((line) => line.startsWith(PINNED))
      ?.split(' ') ?? [];
  if (keyType === undefined || key === undefined) return undefined;
  writeFileSync(file, `${PINNED} ${keyType} ${key}\n`, { mode: 0o600 });
  return Buffer.from(key, 'base64');
}
