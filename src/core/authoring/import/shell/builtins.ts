/** What goes from one command to the next: text, or what an address answers. */
export type Stream = { readonly text: string } | { readonly url: string };

/** Stands before an address where a text is what that address answers. */
export const SCRIPT_OF = '\u0001';

const WRAPPERS = /^(?:sudo|doas|env|nohup|time|exec|command|builtin|nice)$/;

/** Without `sudo -E`, `env A=b` and the like. */
export function unwrapped(words: readonly string[]): {
  readonly words: readonly string[];
  readonly variables: Record<string, string>;
} {
  const variables: Record<string, string> = {};
  let index = 0;
  let wrapped = false;
  for (; index < words.length; index += 1) {
    const word = (words[index] ?? '').replace(/^\\/, '');
    const assigned = wrapped ? /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word) : null;
    if (assigned !== null) variables[assigned[1] ?? ''] = assigned[2] ?? '';
    else if (WRAPPERS.test(word)) wrapped = true;
    else if (wrapped && /^-[ughpCn]$/.test(word)) index += 1;
    else if (!(wrapped && word.startsWith('-'))) break;
  }
  return { words: words.slice(index), variables };
}

/** What commands print that only hand text on; undefined for others, and where nobody knows. */
export function printed(
  [name = '', ...args]: readonly string[],
  input: Stream | undefined,
  files: ReadonlyMap<string, string>,
): Stream | undefined {
  if (name === 'echo') {
    const options = /^-[neE]+$/.exec(args[0] ?? '')?.[0] ?? '';
    const words = args.slice(options === '' ? 0 : 1).join(' ');
    return { text: `${options.includes('e') ? unescaped(words) : words}\n` };
  }
  if (name === 'printf') {
    const [format = '', ...values] = args;
    return { text: unescaped(format).replace(/%[sd]/g, () => values.shift() ?? '') };
  }
  if (name !== 'cat') return undefined;
  const paths = args.filter((arg) => !arg.startsWith('-'));
  if (paths.length === 0) return input;
  const texts = paths.map((path) => files.get(path));
  return texts.every((text) => text !== undefined) ? streamOf(texts.join('')) : undefined;
}

/** The stream that a file gives. */
export function streamOf(content: string): Stream {
  return content.startsWith(SCRIPT_OF) ? { url: content.slice(SCRIPT_OF.length) } : { text: content };
}

/** Words of `seq 1 3`, up to 600; undefined when it is not that. */
export function sequence(args: readonly string[]): string | undefined {
  if (args.length === 0 || args.length > 2 || !args.every((arg) => /^\d+$/.test(arg))) return undefined;
  const [from, to] = args.length === 1 ? [1, Number(args[0])] : [Number(args[0]), Number(args[1])];
  return Array.from({ length: Math.max(0, Math.min(to - from + 1, 600)) }, (_none, i) => from + i).join(' ');
}

function unescaped(text: string): string {
  return text.replace(/\\([nt\\"])/g, (_all, code: string) => (code === 'n' ? '\n' : code === 't' ? '\t' : code));
}
