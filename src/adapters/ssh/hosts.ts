import type { Problem } from '../../core/base/problem';
import { secretMasker } from '../../core/base/mask';
import { err, ok, type Result } from '../../core/base/result';
import type { Input, RemoteCommand } from '../../core/remote/remoteCommand';
import { unsendableCommand } from '../../core/remote/sendable';
import { commandLine, inputHead, STDIN_MARK_MISSING } from '../../core/remote/shell';
import {
  NOT_AGREED,
  type ByteStream,
  type HostTarget,
  type Log,
  type MachineAddress,
  type Prompter,
  type RemoteHosts,
  type RemoteOutcome,
  type RemoteShells,
  type RunOptions,
  type SecretDoor,
  type VouchedKey,
} from '../../engine/ports';
import { createConnectionPool } from './pool';
import type { Connection } from './connection';
import { dialThrough } from './dial';
import { createElevator, sudoRefusal, type Elevated } from './elevation';
import { exec } from './exec';
import { resolveHop, type Hop } from './hops';
import { createHostKeys } from './hostKeys';
import { createIdentities } from './identities';
import { createKnownHostsFiles } from './knownHostsFiles';
import type { SshTimeouts } from './login';
import { createOpenSsh } from './openSsh';
import { cancelled, failed, markMissing, noSession, outcomeOf } from './outcome';
import { createSshConfigSource } from './sshConfig';
import { openShell } from './shell';
import { createSystemSsh } from './system/systemLogin';
import { createVault } from './vault';
import { createAdaptivePace } from './adaptivePace';
import { systemClock } from '../system/clock';

export interface SshHostsDependencies {
  readonly secrets: SecretDoor;
  readonly prompter: Prompter;
  readonly log: Log;
  /** Folder of the cluster file: relative paths in it start here. */
  readonly baseDir: string;
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeouts?: SshTimeouts;
  /** Bytes a second that are sent to all hosts together at most; less while they answer late. */
  readonly uploadLimit?: number | undefined;
}

/** {@link RemoteHosts} over SSH. */
export interface SshHosts extends RemoteHosts, RemoteShells {
  /** Host keys of these machines that only a known_hosts of the cluster file lists. Contacts nobody. */
  vouchedKeys(targets: readonly HostTarget[]): Promise<readonly VouchedKey[]>;
}

const TUNNEL_MS = 4_000;

/** What is smaller has left before anybody would notice. */
const LARGE = 4 * 1024 * 1024;

/** The least that a host can be asked for. */
const A_WORD = { line: ':', input: '', timeoutMs: 30_000 };

/**
 * Hosts over SSH, reached as the user's own `ssh` reaches them: ssh_config, agent, keys, passwords, jump hosts and
 * known_hosts. Nothing connects before the first command.
 *
 * A command ends as `unknown` whenever it was sent and its exit status did not come back: connection lost, time limit,
 * cancelled. The channel is closed then, but the program may go on on the host until it next writes.
 */
export function createSshHosts(deps: SshHostsDependencies): SshHosts {
  const { homeDir, env, baseDir, timeouts = {} } = deps;
  const vault = createVault(deps.secrets, deps.prompter, deps.log);
  const log = maskedLog(deps.log, vault.mask);
  const disposal = new AbortController();
  const openSsh = createOpenSsh({ homeDir, env, disposed: disposal.signal });
  const isAgreed = ({ machine }: Hop, fingerprint: string): boolean =>
    machine !== undefined && deps.secrets.isAgreedKey(machine, fingerprint);
  const hostKeys = createHostKeys({ vault, log, openSsh, isAgreed });
  const pool = createConnectionPool(
    { hostKeys, identities: createIdentities(vault), vault, log, timeouts },
    createSystemSsh({ openSsh, homeDir, env }),
  );
  const elevator = createElevator(vault);
  const pace = createAdaptivePace(systemClock, deps.uploadLimit);
  const config = createSshConfigSource({ homeDir, env, openSsh, onWarning: log.warn });
  const knownHosts = createKnownHostsFiles();
  const hops = new Map<string, Promise<Result<Hop, Problem>>>();
  const hasSystemSsh = async (): Promise<boolean> =>
    process.platform !== 'win32' && (await openSsh.path()) !== undefined;

  const hopOf = (target: HostTarget): Promise<Result<Hop, Problem>> => {
    const key = JSON.stringify([target.host, target.ssh]);
    const hop =
      hops.get(key) ??
      resolveHop(target.host, target.ssh, {
        config,
        baseDir,
        homeDir,
        env,
        hasSystemSsh,
        knownHosts,
        onChoice: log.info,
      }).then((found) => (found.ok ? ok({ ...found.value, machine: addressOf(target) }) : found));
    hops.set(key, hop);
    return hop;
  };

  const connect = async (target: HostTarget): Promise<Result<Connection, Problem>> => {
    const admitted = await vault.admit();
    if (!admitted.ok) return admitted;
    const hop = await hopOf(target);
    if (!hop.ok) {
      hops.delete(JSON.stringify([target.host, target.ssh])); // ssh_config may be corrected meanwhile
      return hop;
    }
    return pool.connect(hop.value);
  };

  const runOnce = async <T>(
    target: HostTarget,
    command: RemoteCommand<T>,
    options: RunOptions,
  ): Promise<RemoteOutcome<T> | 'try-again'> => {
    const { signal, onLine, onSent, sink } = options;
    const connected = await unlessAborted(connect(target), signal);
    if (connected === 'aborted') return failed(cancelled(target, false));
    if (!connected.ok) return failed(connected.error);
    const connection = connected.value;
    const elevated = command.sudo
      ? await unlessAborted(elevator.elevate(connection), signal)
      : ok<Elevated>({ elevation: 'none' });
    if (elevated === 'aborted') return failed(cancelled(target, false));
    if (!elevated.ok) return elevated.error.code === 'connection-lost' ? 'try-again' : failed(elevated.error);
    const { elevation, password } = elevated.value;
    const mask = secretMasker([...command.secrets, ...(password === undefined ? [] : [password])]);
    const over = new AbortController();
    if (isLarge(command.stdin)) void pace.watch(() => exec(connection, A_WORD), over.signal);
    const end = await exec(connection, {
      line: commandLine(command.script, command.args, elevation),
      head: inputHead(elevation, password),
      input: command.stdin ?? '',
      timeoutMs: command.timeoutMs,
      signal,
      onSent,
      sink,
      pace,
      onLine: onLine === undefined ? undefined : (line, stream) => onLine(vault.mask(mask(line)), stream),
    });
    over.abort();
    if (end.kind === 'not-started' || end.kind === 'refused') {
      pool.retire(connection);
      return 'try-again';
    }
    if (end.kind === 'exited' && elevation !== 'none') {
      const refusal =
        end.output.exitCode === STDIN_MARK_MISSING && elevation === 'sudo-password'
          ? markMissing(target)
          : sudoRefusal(target.id, end.output);
      if (refusal !== undefined) {
        elevator.forget(connection);
        return failed(refusal);
      }
    }
    return outcomeOf(target, command, end);
  };

  return {
    async run(target, command, options = {}) {
      log.trace(vault.mask(`${target.id}: ${command.script.id} ${command.args.join(' ')}`, command.secrets));
      const unsendable = unsendableCommand(command);
      // The second time is safe: 'try-again' means that nothing was sent.
      let outcome = unsendable === undefined ? await runOnce(target, command, options) : failed(unsendable);
      if (outcome === 'try-again') outcome = await runOnce(target, command, options);
      if (outcome === 'try-again') outcome = failed(noSession(target));
      if (outcome.kind === 'done') return outcome;
      const masked = ofHost(target, vault.maskProblem(outcome.problem, command.secrets));
      log.debug(`${target.id}: ${command.script.id} ${outcome.kind}: ${masked.message}`);
      return { kind: outcome.kind, problem: masked };
    },

    async openTunnel(target, host, port, signal) {
      const open = async (): Promise<Result<ByteStream, Problem>> => {
        const connected = await connect(target);
        return connected.ok
          ? dialThrough(connected.value.client, host, port, TUNNEL_MS, connected.value.hop.label)
          : connected;
      };
      const opening = open();
      const stream = await unlessAborted(opening, signal);
      if (stream === 'aborted') {
        void opening.then((late) => (late.ok ? late.value.destroy() : undefined));
        return err(cancelled(target, false));
      }
      return stream.ok ? stream : err(ofHost(target, vault.maskProblem(stream.error)));
    },

    async openShell(target, { signal, ...options }) {
      const connected = await unlessAborted(connect(target), signal);
      if (connected === 'aborted') return err(cancelled(target, false));
      const opened = connected.ok ? await openShell(connected.value, target.id, options, signal) : connected;
      return opened.ok ? opened : err(ofHost(target, vault.maskProblem(opened.error)));
    },

    mask: (text) => vault.mask(text),
    async vouchedKeys(targets) {
      const found = targets
        .filter(({ ssh }) => ssh.knownHostsFile !== undefined)
        .map(async (target): Promise<readonly VouchedKey[]> => {
          const hop = await hopOf(target);
          // A machine that cannot be found, or a file that cannot be read, is told when it is connected to.
          const keys = hop.ok ? await hostKeys.vouched(hop.value) : [];
          return keys.map(({ keyType, fingerprint, file }) => ({
            machine: addressOf(target),
            keyType,
            fingerprint,
            file: target.ssh.knownHostsFile ?? file,
          }));
        });
      return (await Promise.all(found)).flat();
    },

    dispose() {
      disposal.abort();
      return pool.dispose();
    },
  };
}

function isLarge(input: Input | undefined): boolean {
  return typeof input === 'object' && input.size > LARGE;
}

function ofHost(target: HostTarget, found: Problem): Problem {
  return found.code === NOT_AGREED ? found : { ...found, host: target.id };
}

function addressOf({ host, ssh: { port } }: HostTarget): MachineAddress {
  return { host, ...(port === undefined ? {} : { port }) };
}

/** The result of shared work, which goes on for others, or 'aborted' as soon as the signal says so. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | 'aborted'> {
  if (signal === undefined) return work;
  if (signal.aborted) return 'aborted';
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    onAbort = () => resolve('aborted');
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}

function maskedLog(log: Log, mask: (text: string) => string): Log {
  return {
    trace: (message) => log.trace(mask(message)),
    debug: (message) => log.debug(mask(message)),
    info: (message) => log.info(mask(message)),
    warn: (message) => log.warn(mask(message)),
    error: (message) => log.error(mask(message)),
  };
}
