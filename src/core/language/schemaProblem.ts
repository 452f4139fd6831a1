import type { Path } from '../base/path';
import type { TextRange } from '../base/text';
import type { PathPart } from '../document/clusterDocument';

export type SchemaProblemCode =
  | 'unknown-key'
  | 'misplaced-option'
  | 'missing-key'
  | 'wrong-type'
  | 'value-not-allowed'
  | 'wrong-format'
  | 'out-of-range'
  | 'wrong-count'
  | 'too-many-hosts'
  | 'too-many-values';

/** Something that the schema does not allow, in words, with what a fix needs to know. */
export interface SchemaProblem {
  readonly code: SchemaProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Place of the value or key; for a missing key the block that lacks it. */
  readonly path: Path;
  readonly part: PathPart;
  readonly range: TextRange;
  /** Name that should stand there: the key that is missing or meant. */
  readonly key?: string;
  /** Source text that would be right in place of the value. */
  readonly replacement?: string;
}

/** Severity and text without place; {@link SchemaProblem} adds that. */
export type ProblemText = Pick<SchemaProblem, 'code' | 'message'> &
  Partial<Pick<SchemaProblem, 'severity' | 'part' | 'key' | 'replacement'>>;
