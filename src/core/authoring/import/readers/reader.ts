import type { Reading, SourceText } from '../installCommand';

/** One kind of text that clusters are set up with. */
export interface Reader {
  /** For people: what such a text is. */
  readonly name: string;
  /** Whether a text is of this kind. */
  claims(source: SourceText): boolean;
  /** What all texts of this kind say together; undefined when that is nothing. */
  read(sources: readonly SourceText[]): Reading | undefined;
}
