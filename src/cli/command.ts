import type { ExitCode } from './exitCodes';
import type { Options, ValuesOf } from './option';

/** One command of `k3s-ha`: all that the parser, the help and docs/cli.md know of it. */
export interface Command<O extends Options = Options> {
  /** One word, or two: `certificates renew`. */
  readonly name: string;
  /** What follows the name: one cluster file, one and some of its nodes or runs, a verb before it, any number of paths, or a host instead of them. */
  readonly argument:
    'FILE' | 'FILE [NODE…]' | 'FILE NODE…' | 'FILE [RUN [RUN]]' | 'VERB FILE [NAME…]' | 'PATH…' | 'PATH… | --host HOST';
  /** For the help, in the imperative: no period. */
  readonly summary: string;
  readonly options: O;
  readonly examples: readonly Example[];
  /** A method and no property, so that commands with options of their own fit into one list. */
  run(paths: Paths, options: ValuesOf<O>, signal: AbortSignal): Promise<ExitCode>;
}

/** At least one; exactly one for `FILE` and for a host; nodes or runs after the first where they may follow. */
export type Paths = readonly [string, ...string[]];

export interface Example {
  /** As typed: `k3s-ha plan cluster.k3s.yaml`. */
  readonly line: string;
  readonly does: string;
}
