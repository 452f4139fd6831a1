/** What vitest's JSON reporter writes, as far as it is read here. */
export interface VitestReport {
  readonly testResults: readonly {
    /** The path of the test file. */
    readonly name: string;
    readonly status: 'passed' | 'failed';
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Files that are worth a second try, and none when so many failed that it is not by chance. */
export function filesToTryAgain(report: VitestReport): readonly string[];

/** Counts of a suite whose failed files ran a second time; whatever passed only then is told by name in `why`. */
export function countsOfBoth(
  first: VitestReport,
  second: VitestReport,
): { readonly passed: number; readonly failed: number; readonly skipped: number; readonly why?: string };
