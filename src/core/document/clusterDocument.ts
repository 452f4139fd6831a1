import type { Path } from '../base/path';
import type { TextRange } from '../base/text';

/** `key`: the key of a map entry; `value`: the value (for a list element: the element). */
export type PathPart = 'key' | 'value';

/** A cluster file as text and as data, with a range for everything that stands in it. Never throws, whatever the text. */
export interface ClusterDocument {
  readonly text: string;
  /** Plain data with anchors and merge keys resolved; `undefined` when nothing could be read. */
  readonly data: unknown;
  readonly syntaxProblems: readonly SyntaxProblem[];
  /** Where `path` is written; a value that comes from a merge key or an alias gives the place where it is used. */
  rangeOf(path: Path, part: PathPart): TextRange | undefined;
  /** The deepest path that contains `offset`. */
  pathAt(offset: number): { readonly path: Path; readonly part: PathPart } | undefined;
}

export interface SyntaxProblem {
  /** In words a person understands, e.g. "This line is indented with a tab; YAML allows only spaces". */
  readonly message: string;
  readonly range: TextRange;
}
