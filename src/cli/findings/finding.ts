import type { Diagnostic } from '../../core/language/validate';

/** Something that `lint` found, with its place in one of the files. */
export interface FileFinding {
  /** As it was named or found. */
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly column: number;
  /** Just behind what is meant. */
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: Diagnostic['severity'];
  readonly id: string;
  readonly message: string;
}

/** All that a format may tell. */
export interface Findings {
  /** Every file that was checked, also those without a finding. */
  readonly files: readonly string[];
  readonly findings: readonly FileFinding[];
  /** Those of a severity that fails this run. */
  readonly failing: readonly FileFinding[];
}

/** Paths of reports have slashes wherever they were made, and name files of the repository. */
export function reportPath(file: string): string {
  return file.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
}
