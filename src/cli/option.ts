import { err, ok, type Result } from '../core/base/result';

/** One option of a command; its name is its key in the command's table of options. */
export interface Option<T = unknown> {
  /** For the help: no sentence, no period. */
  readonly help: string;
  /** One letter that means the same. */
  readonly short?: string;
  /** What the help calls its value. An option without one is a flag. */
  readonly value?: string;
  /** What its value may be, for completion, where that is one of a few words. */
  readonly words?: readonly string[];
  readonly repeats?: true;
  /** As a person would write it. */
  readonly preset?: string;
  /** Its value from what was written, none to all of it; the error is a sentence about `option`, which is `--name`. */
  read(written: readonly string[], option: string): Result<T, string>;
}

export type Options = Readonly<Record<string, Option>>;

/** What a command gets of its options. */
export type ValuesOf<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends Option<infer T> ? T : never;
};

type About = Pick<Option, 'help' | 'short'>;

/** An option that is there or not. */
export function flag(about: About): Option<boolean> {
  return { ...about, read: (written) => ok(written.length > 0) };
}

/** An option with any text; of several the last one counts. */
export function text(about: About & { readonly value: string }): Option<string | undefined> {
  return { ...about, read: (written) => ok(written.at(-1)) };
}

/** An option with one of a few words; the first one is taken when nothing is written. */
export function oneOf<T extends string>(words: readonly [T, ...T[]], about: About & { value: string }): Option<T> {
  const [preset] = words;
  return {
    ...about,
    preset,
    words,
    read(written, option) {
      const word = written.at(-1) ?? preset;
      const found = words.find((each) => each === word);
      return found === undefined
        ? err(`${option} is ${words.slice(0, -1).join(', ')} or ${words.at(-1)}; "${word}" is not that.`)
        : ok(found);
    },
  };
}

/** An option with a number above 0. `of` says in its error what kind of number: `a number of seconds`. */
export function positive(
  about: About & { readonly value: string; readonly preset: string; readonly of: string; readonly whole?: true },
): Option<number> {
  const { of, whole, ...rest } = about;
  return {
    ...rest,
    read(written, option) {
      const word = written.at(-1) ?? about.preset;
      const number = Number(word);
      return number > 0 && (whole === true ? Number.isSafeInteger(number) : Number.isFinite(number))
        ? ok(number)
        : err(`${option} needs ${of}; "${word}" is not that.`);
    },
  };
}
