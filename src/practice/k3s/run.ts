import { randomBytes } from 'node:crypto';
import type { PracticeHost } from '../machine/host';
import type { K3sLog } from '../machine/journal';
import type { World } from '../world';
import type { K3sConfig } from './config';
import { TIMINGS } from './timings';

/** One running K3s process and what it needs. */
export interface K3sRun {
  readonly world: World;
  readonly host: PracticeHost;
  readonly config: K3sConfig;
  /** Installed release, e.g. `v1.36.3+k3s1`. */
  readonly version: string;
  readonly log: K3sLog;
  /** Aborted when the process has to end. */
  readonly signal: AbortSignal;
  /** sd_notify READY=1 */
  readonly ready: () => void;
}

/** Node name of the process: configured or host name, with the host's id where `with-node-id` asks for it. */
export function nodeNameOf({ host, config }: K3sRun): string {
  const name = (config.text('node-name') ?? host.hostname).toLowerCase();
  return config.flag('with-node-id') ? `${name}-${hostSecret(host, '/etc/rancher/node/id', 4)}` : name;
}

/** Random hex that a host makes once and keeps in a file. */
export function hostSecret(host: PracticeHost, path: string, bytes: number): string {
  const known = host.files.get(path)?.content.trim();
  if (known !== undefined) return known;
  const value = randomBytes(bytes).toString('hex');
  host.files.write(path, `${value}\n`, { mode: 0o600 });
  return value;
}

export function dataDirOf(config: K3sConfig): string {
  return config.text('data-dir') ?? '/var/lib/rancher/k3s';
}

/** The token as given: `token-file` wins over `token`. A file that is not there gives an empty token. */
export function tokenText({ config, host }: K3sRun): string | undefined {
  const file = config.text('token-file');
  return file === undefined ? config.text('token') : (host.files.get(file)?.content.trim() ?? '');
}

/** Waits until `condition` holds, looking every half second. */
export async function until(run: K3sRun, condition: () => boolean): Promise<void> {
  while (!condition()) await run.world.clock.sleep(500, run.signal);
}

/** The time a failed connection takes: refusals are quick, silence is not. */
export async function connectDelay(run: K3sRun, error: string): Promise<void> {
  await run.world.clock.sleep(/timeout|exceeded/.test(error) ? TIMINGS.connectTimeout : 100, run.signal);
}

/** Host and port of `https://host[:port]`; the error is K3s's text. */
export function serverAddress(url: string): { readonly address: string; readonly port: number } | string {
  const match = /^([a-z]*):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?/i.exec(url);
  if (match?.[1]?.toLowerCase() !== 'https') return `only https:// URLs are supported, invalid scheme: ${url}`;
  return { address: (match[2] ?? '').replace(/^\[(.*)\]$/, '$1'), port: Number(match[3] ?? 443) };
}

/** Begins the text of a failure that ends K3s with status 0 and `level=error`. */
export const SHUTDOWN = 'Shutdown request received: ';

/** Ends K3s with status 1 in the words of klog, not of K3s's own logger. */
export const LEADER_LOST = 'leaderelection lost';

/** Never resolves: rejects when the process has to end. */
export function untilStopped(run: K3sRun): Promise<never> {
  return new Promise((_, reject) => {
    if (run.signal.aborted) reject(run.signal.reason as Error);
    run.signal.addEventListener('abort', () => reject(run.signal.reason as Error));
  });
}
