import type { ExitCode } from './exitCodes';
import type { Options, ValuesOf } from './option';

/** One command of `k3s-ha`: all that the parser, the help and docs/cli.md know of it. */
export interface Command<O extends Options = Options> {
  /** One word, or two: `certificates renew`. */
  readonly name: string;
  /** What follows the name: one cluster file, perhaps the usual one, one and one or some of its nodes or runs, a command line for its machines, a verb before it, any number of paths, or something else than a file. */
  readonly argument:
    | 'FILE'
    | '[FILE]'
    | 'FILE NODE'
    | 'FILE NODE HOST'
    | 'FILE [NODE…]'
    | 'FILE NODE…'
    | 'FILE -- COMMAND'
    | 'FILE [RUN [RUN]]'
    | 'VERB FILE [NAME…]'
    | 'PATH…'
    | 'PATH… | --host HOST'
    | 'SHELL';
  /** What its first word may be where that is no file: verbs, shells. */
  readonly words?: readonly string[];
  /** For the help, in the imperative: no period. */
  readonly summary: string;
  readonly options: O;
  readonly examples: readonly Example[];
  /** A method and no property, so that commands with options of their own fit into one list. `all` is for those that tell about the others. */
  run(paths: Paths, options: ValuesOf<O>, signal: AbortSignal, all: readonly Command[]): Promise<ExitCode>;
}

/** The file of a command that may go without one. */
export const USUAL_FILE = 'cluster.k3s.yaml';

/** At least one; exactly one for `FILE` and for a host; nodes or runs after the first where they may follow. */
export type Paths = readonly [string, ...string[]];

export interface Example {
  /** As typed: `k3s-ha plan cluster.k3s.yaml`. */
  readonly line: string;
  readonly does: string;
}
