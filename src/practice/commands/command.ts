import type { PracticeHost } from '../machine/host';
import type { PracticeUser } from '../options';
import type { HostInput } from '../ssh/hostInput';
import type { World } from '../world';

/** One script as a host runs it. */
export interface CommandRun {
  readonly world: World;
  readonly host: PracticeHost;
  readonly login: PracticeUser;
  /** Effective user: `root` or the login's name. */
  readonly user: string;
  readonly args: readonly string[];
  readonly stdin: HostInput;
  /** Aborted when nobody waits for the command any more. */
  readonly gone: AbortSignal;
  out(text: string | Buffer): void;
  err(text: string): void;
}

/** Answers a script; gives its exit status. */
export type Command = (run: CommandRun) => number | Promise<number>;

/** Prints a line on standard error and gives exit status 1. */
export function fail(run: CommandRun, message: string, exitCode = 1): number {
  run.err(`${message}\n`);
  return exitCode;
}

/** Waits in simulated time; false when the host was switched off meanwhile, which ends the process without a word. */
export async function pause(run: CommandRun, ms: number): Promise<boolean> {
  const { bootId } = run.host;
  await run.world.clock.sleep(ms, run.world.signal);
  return run.host.powered && run.host.bootId === bootId;
}
