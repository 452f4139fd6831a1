import type { TextRange } from '../../base/text';
import { listReferences, type ReferenceKind } from '../../cluster/references';

/** Text that was meant as a `${kind:name}` and is none. */
interface MisspeltReference {
  readonly text: string;
  readonly range: TextRange;
  /** How it is written; a variable of a shell may be kept in either place. */
  readonly meant: readonly string[];
}

const KINDS: Readonly<Record<string, ReferenceKind>> = {
  secret: 'secret',
  secrets: 'secret',
  vault: 'secret',
  env: 'env',
  envs: 'env',
  environment: 'env',
  file: 'file',
  files: 'file',
};
const LIKE_A_REFERENCE =
  /\$?(?:\{\{?|\()\s*(secrets?|vault|envs?|environment|files?)\s*[:.]\s*([^\s{}()]+)\s*(?:\}\}?|\))|\$(secrets?|envs?|files?):([\w./-]+)/gi;
const VARIABLE = /\$\{([A-Za-z_]\w*)\}|(?<![\w$\\])\$([A-Z][A-Z0-9_]+)\b/g;

/** Keys whose values are secrets or hold one, so that a variable there stands for what a reference is for. */
const SECRET_KEY = /token|passw|passphrase|secret|endpoint|auth|access-key|_proxy$/i;

/** The references in a value that are written so that nobody resolves them. */
export function misspeltReferences(text: string, key: string): readonly MisspeltReference[] {
  // Nearly all values of a file have none of these characters, and all values are asked at every keystroke.
  if (!/[${]/.test(text)) return [];
  const right = listReferences(text).map(({ range }) => range);
  const isRight = ({ start, end }: TextRange) => right.some((range) => range.start <= start && end <= range.end);
  const found = [...text.matchAll(LIKE_A_REFERENCE)].flatMap((match) => {
    const kind = KINDS[(match[1] ?? match[3] ?? '').toLowerCase()];
    const name = match[2] ?? match[4] ?? '';
    return kind === undefined ? [] : [at(match, [`\${${kind}:${name}}`])];
  });
  const variables = SECRET_KEY.test(key) ? [...text.matchAll(VARIABLE)] : [];
  const shell = variables.map((match) => {
    const name = match[1] ?? match[2] ?? '';
    return at(match, [`\${env:${name}}`, `\${secret:${name.toLowerCase().replace(/_/g, '-')}}`]);
  });
  return [...found, ...shell].filter(({ range }) => !isRight(range));
}

function at(match: RegExpExecArray, meant: readonly string[]): MisspeltReference {
  const [text] = match;
  return { text, range: { start: match.index, end: match.index + text.length }, meant };
}
