import type { SourceText } from '../installCommand';
import { readingsTogether, readShell } from '../shell/readShell';
import type { Reader } from './reader';

const TARGET = /^[\w./%$(){}-]+(?:[ \t]+[\w./%$(){}=:'"-]+)*[ \t]*:(?!=)[^=\n]*$/;
const RECIPE = /^(?:\t| {2,})[@+-]*(?=\S)/;
const ASSIGNED = /^(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*(?:[:?+]?=|::=)[ \t]*(.*)$/;

/** Recipes of a Makefile or a justfile, which are shell text with another way of writing variables. */
export const makefile: Reader = {
  name: 'a Makefile',
  claims: ({ name = '', text }) =>
    /(?:^|\/)(?:GNU)?[Mm]akefile$|\.mk$|(?:^|\/)\.?[Jj]ustfile$/.test(name) ||
    /^\.PHONY[ \t]*:/m.test(text) ||
    (/^[\w-]+[ \t]*:(?:[ \t][\w \t-]*)?\n\t[@-]?\S/m.test(text) && /\$\(\w+\)/.test(text)),
  read: (sources) => readingsTogether(sources.flatMap((source) => readShell(asShell(source)) ?? [])),
};

function asShell({ text, ...source }: SourceText): SourceText {
  const isJust = !/\$\(\w+\)/.test(text) && /\{\{.*\}\}/.test(text);
  const known = new Map<string, string>();
  const lines = text.split('\n').map((line) => {
    const [, name, value = ''] = ASSIGNED.exec(line) ?? [];
    if (name !== undefined) {
      known.set(name, unquoted(value.replace(/[ \t]+#.*$/, '')));
      return `# ${line}`;
    }
    return RECIPE.test(line) ? line.replace(RECIPE, '') : TARGET.test(line) ? `# ${line}` : line;
  });
  const shell = lines.map((line) => (line.startsWith('#') ? line : expanded(line, known, isJust ? JUST : MAKE, 0)));
  return { ...source, text: shell.join('\n') };
}

/** `$(NAME)` and `$$`: make puts the value in before a shell sees the line. https://www.gnu.org/software/make/manual/html_node/Reference.html */
const MAKE = /\$\$|\$[({](\w+)[)}]/g;
const JUST = /\{\{\s*(\w+)\s*\}\}/g;
/** Variables that stand in variables. */
const MOST_DEPTH = 8;

function expanded(text: string, known: ReadonlyMap<string, string>, form: RegExp, depth: number): string {
  return text.replace(form, (_all, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = known.get(name);
    return value === undefined || depth > MOST_DEPTH ? `<${name}>` : expanded(value, known, form, depth + 1);
  });
}

function unquoted(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1$/, '$2');
}
