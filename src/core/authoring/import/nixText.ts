import { markValue, placeholder } from './placeholder';

/** A value of the Nix language as far as it is written out. */
export type NixValue =
  | { readonly kind: 'one'; readonly text: string; readonly value: string | boolean }
  | { readonly kind: 'list'; readonly text: string; readonly value: readonly string[] }
  | { readonly kind: 'other'; readonly text: string };

const STRING = /"(?:[^"\\]|\\[\s\S])*"|''[\s\S]*?''(?!['$\\])/y;

/** The attributes below a path, written as `a.b = { c = 1; };` or as `a.b.c = 1;`. */
export function attributesIn(text: string, path: readonly string[]): ReadonlyMap<string, NixValue> {
  const found = new Map<string, NixValue>();
  collect(withoutComments(text), path, found, 0);
  return found;
}

/** Sets nest this deep at most. */
const MOST_DEPTH = 12;

function collect(text: string, path: readonly string[], found: Map<string, NixValue>, depth: number): void {
  if (depth > MOST_DEPTH) return;
  for (const { name, value } of bindings(text)) {
    const keys = name.split('.');
    const common = keys.findIndex((key, index) => key !== path[index]);
    const isSet = /^(?:lib\.\w+\s+[^{]*)?\{/.test(value);
    if (common < 0 && isSet) collect(inside(value), path.slice(keys.length), found, depth + 1);
    else if (common === path.length && keys.length === path.length + 1) found.set(keys.at(-1) ?? '', valueOf(value));
  }
}

function inside(value: string): string {
  return value.slice(value.indexOf('{') + 1, value.lastIndexOf('}'));
}

/** `name = value;` wherever it stands, the outermost ones first; what is in them is not looked into. */
function bindings(text: string): readonly { readonly name: string; readonly value: string }[] {
  const all: { name: string; value: string }[] = [];
  const start = /(?<![\w.'"-])([A-Za-z_][\w'-]*(?:\.(?:[A-Za-z_][\w'-]*|"[^"]*"))*)[ \t\n]*=(?!=)[ \t\n]*/g;
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    const from = match.index + match[0].length;
    const end = endOf(text, from);
    all.push({ name: match[1] ?? '', value: text.slice(from, end).trim() });
    start.lastIndex = end;
  }
  return all;
}

/** Where the value ends that begins at an offset: at a semicolon outside of brackets and strings. */
function endOf(text: string, from: number): number {
  let open = 0;
  for (let at = from; at < text.length; at += 1) {
    STRING.lastIndex = at;
    const string = STRING.exec(text);
    const c = text.charAt(at);
    if (string !== null) at += string[0].length - 1;
    else if ('{[('.includes(c)) open += 1;
    else if ('}])'.includes(c)) {
      open -= 1;
      if (open < 0) return at;
    } else if (c === ';' && open === 0) return at;
  }
  return text.length;
}

function withoutComments(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    STRING.lastIndex = at;
    const string = STRING.exec(text);
    if (string !== null) {
      out += string[0];
      at += string[0].length - 1;
    } else if (text.charAt(at) === '#') at = (text.indexOf('\n', at) + 1 || text.length + 1) - 2;
    else if (text.startsWith('/*', at)) at = (text.indexOf('*/', at) + 2 || text.length + 1) - 1;
    else out += text.charAt(at);
  }
  return out;
}

function valueOf(text: string): NixValue {
  if (/^(?:true|false)$/.test(text)) return { kind: 'one', text, value: text === 'true' };
  if (/^\d+$/.test(text)) return { kind: 'one', text, value: text };
  const list =
    /^(?:(?:builtins\.|lib\.)?(?:toString|concatStringsSep\s+"[^"]*"|concatLists|mkForce|mkDefault|mkIf\s+\S+)\s*)?\(?\[([\s\S]*)\]\)?$/.exec(
      text,
    );
  if (list !== null) return { kind: 'list', text, value: strings(list[1] ?? '') };
  const texts = strings(text);
  const [only] = texts;
  if (texts.length === 1 && only !== undefined && /^(?:lib\.\w+\s+)?["']/.test(text))
    return { kind: 'one', text, value: only };
  return /^[\w.]+$/.test(text) ? { kind: 'one', text, value: placeholder(text) } : { kind: 'other', text };
}

function strings(text: string): readonly string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|''([\s\S]*?)''(?!['$\\])/g)].map((match) => {
    const written = (match[1]?.replace(/\\([\s\S])/g, '$1') ?? match[2] ?? '').trim();
    return markValue(written.replace(/\$\{([^{}]*)\}/g, (_all, inner: string) => placeholder(inner)));
  });
}
