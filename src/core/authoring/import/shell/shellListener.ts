import type { Stream } from './builtins';

/** A command as it would be run, without `sudo` and the like. */
export interface RanCommand {
  readonly words: readonly string[];
  /** Assigned ones and those before the command. */
  readonly variables: Readonly<Record<string, string>>;
  /** Those before the command alone. */
  readonly own: Readonly<Record<string, string>>;
  readonly input: Stream | undefined;
}

/** Who follows a text that is read as if a shell ran it; nothing is ever run. */
export interface ShellListener<R> {
  /** A command that is none of the shell's own: whether it was used, and what it prints. */
  command(command: RanCommand, run: R): { readonly used: boolean; readonly output?: Stream };
  /** A part that says nothing about the cluster, or that was not understood. */
  unused(source: string): void;
  /** Blanks and comments in front of a statement. */
  between(text: string): void;
  /** Right before a file gets another content. */
  replaced(path: string): void;
  note(text: string): void;
}
