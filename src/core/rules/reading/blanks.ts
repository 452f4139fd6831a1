import type { Path } from '../../base/path';
import type { TextEdit } from '../../base/text';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import { inSequence } from '../../document/inSequence';
import { misspeltReferences } from './misspeltReferences';
import { placeholdersIn, type Placeholder } from './placeholders';

/** A value that is not filled in, or that nobody will fill in as it is written. */
export interface Blank {
  readonly path: Path;
  readonly text: string;
  readonly placeholders: readonly Placeholder[];
  readonly misspelt: ReturnType<typeof misspeltReferences>;
}

// What has not changed stays the same object from keystroke to keystroke, and so does what is found in it.
const known = new WeakMap<object, readonly Blank[]>();

/** All blanks of a file, in its order. */
export function blanksOf({ data }: ClusterDocument): readonly Blank[] {
  return blanksIn(data, '');
}

/** The blanks below a value, with their paths from there. */
function blanksIn(value: unknown, key: string): readonly Blank[] {
  if (typeof value === 'string') return blankOf(value, key);
  if (typeof value !== 'object' || value === null) return NONE;
  const before = known.get(value);
  if (before !== undefined) return before;
  const found: Blank[] = [];
  for (const [name, child] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(name) : name;
    const inside = blanksIn(child, typeof step === 'number' ? key : name);
    for (const blank of inside) found.push({ ...blank, path: [step, ...blank.path] });
  }
  const blanks = found.length === 0 ? NONE : found;
  known.set(value, blanks);
  return blanks;
}

const NONE: readonly Blank[] = [];

function blankOf(text: string, key: string): readonly Blank[] {
  const placeholders = placeholdersIn(text, key);
  const misspelt = misspeltReferences(text, key);
  return placeholders.length + misspelt.length === 0 ? NONE : [{ path: [], text, placeholders, misspelt }];
}

/** Whether a value is written there, and not what stands for one; that it is of examples does not matter. */
export function isFilledIn(text: string, key: string): boolean {
  return blankOf(text, key).every(
    ({ misspelt, placeholders }) => misspelt.length === 0 && placeholders.every(({ kind }) => kind === 'reserved'),
  );
}

/** Writes `answer` wherever the file has this placeholder. */
export function fillIn(document: ClusterDocument, placeholder: string, answer: string): readonly TextEdit[] {
  const steps = blanksOf(document).flatMap(({ path, text, placeholders }) => {
    const here = placeholders.filter((each) => each.text === placeholder);
    const filled = here.reduceRight(
      (rest, { range }) => rest.slice(0, range.start) + answer + rest.slice(range.end),
      text,
    );
    return here.length === 0 ? [] : [(current: ClusterDocument) => setValue(current, path, filled)];
  });
  return inSequence(document, ...steps);
}
