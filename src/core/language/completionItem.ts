import type { TextRange } from '../base/text';

/** What can be written at a place of a cluster file. */
export interface CompletionItem {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'snippet' | 'reference';
  /** Text to replace by `insertText`. */
  readonly range: TextRange;
  /** Further lines are indented relative to the white space that starts the line of `range`. */
  readonly insertText: string;
  /** `insertText` has tab stops (`$1`, `${1:default}`) and escapes. */
  readonly isSnippet: boolean;
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  readonly sortText: string;
}
