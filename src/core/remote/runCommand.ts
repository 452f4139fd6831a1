import { ok } from '../base/result';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * Standard input: a command line that a person has typed. The shell runs it as it stands, with nothing to read, and without it
 * becoming an argument that others on the machine could see; what it prints on either stream comes as one.
 */
export const RUN_COMMAND_SCRIPT: RemoteScript = {
  id: 'run-command',
  text: `command=$(cat)
eval "$command" </dev/null 2>&1`,
};

export interface CommandOptions {
  /** As root. */
  readonly sudo: boolean;
  /** Given up when it prints nothing for so long. */
  readonly timeoutMs: number;
}

/** Runs a command line of a person; gives its exit status. To be run with a sink, which takes what it prints. */
export function runCommand(line: string, { sudo, timeoutMs }: CommandOptions): RemoteCommand<number> {
  return {
    script: RUN_COMMAND_SCRIPT,
    args: [],
    stdin: line,
    sudo,
    timeoutMs,
    secrets: [],
    parse: ({ exitCode }) => ok(exitCode),
  };
}
