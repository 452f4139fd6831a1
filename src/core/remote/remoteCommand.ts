import type { Problem } from '../base/problem';
import type { Result } from '../base/result';

/**
 * A fixed POSIX shell script. Its text is a constant: parameters arrive as $1, $2 … and bulk or secret data on
 * standard input, so nothing is ever interpolated into shell code.
 */
export interface RemoteScript {
  readonly id: string;
  readonly text: string;
}

export interface RemoteOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Bytes that are too many to be held: read while they are sent. */
export interface ByteInput {
  /** Number of bytes. */
  readonly size: number;
  /** Hex sha256 of all of them. */
  readonly sha256: string;
  /** Every call reads from the beginning. What fails on the way is thrown. */
  open(): AsyncIterable<Uint8Array>;
}

/** What a script reads from its standard input. */
export type Input = string | ByteInput;

/** Work for one host as data: built purely, executed by one runner, answered by `parse`. */
export interface RemoteCommand<T> {
  readonly script: RemoteScript;
  /** Visible in the host's process list: never secret. */
  readonly args: readonly string[];
  /** May hold secrets; reaches the script's standard input unchanged. */
  readonly stdin?: Input;
  readonly sudo: boolean;
  /** Counts from the moment that the command is sent, and anew whenever the host has taken more of a {@link ByteInput}. */
  readonly timeoutMs: number;
  /** Strings to mask wherever output of this command is shown. */
  readonly secrets: readonly string[];
  /** What it prints is for `parse` alone, and long: nobody is shown it line by line. */
  readonly unshown?: true;
  readonly parse: (output: RemoteOutput) => Result<T, Problem>;
}

/** How root is reached on a host; found out by {@link PRIVILEGE_SCRIPT} once per connection. */
export type Privilege = 'root' | 'sudo' | 'sudo-password' | 'none';

/** Prints root, sudo, sudo-password or none. `-k` keeps a cached ticket from hiding that a password is needed. */
export const PRIVILEGE_SCRIPT: RemoteScript = {
  id: 'privilege',
  text: `if [ "$(id -u)" = 0 ]; then echo root
elif ! command -v sudo >/dev/null 2>&1; then echo none
elif sudo -k -n true 2>/dev/null; then echo sudo
else echo sudo-password
fi`,
};
