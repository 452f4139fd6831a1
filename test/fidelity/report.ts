/** What one comparison of a simulation with a recording found. */
export interface Finding {
  readonly id: string;
  readonly verdict: 'same' | 'differs' | 'not simulated' | 'not recorded' | 'unexplained' | 'explained in vain';
  readonly recorded: string;
  readonly simulated: string;
  readonly why: string;
}

/** Differences that are known and meant, a sentence each, by the id of the comparison. */
export interface Explained {
  readonly differs: Readonly<Record<string, string>>;
  readonly notSimulated: Readonly<Record<string, string>>;
  readonly notRecorded: Readonly<Record<string, string>>;
}

export interface Report {
  /** Holds what a simulation shows against what was recorded. */
  compare(id: string, recorded: unknown, simulated: unknown): void;
  /**
   * The same for a length in seconds: three times as long or as short is the same, and what is within `slack` seconds, which
   * is what this computer may add when it is busy.
   */
  compareSeconds(id: string, recorded: number, simulated: number, slack: number): void;
  /** Something recorded that no simulation was asked for. */
  absent(id: string, recorded: string): void;
  /** Something simulated that no recording shows. */
  unrecorded(id: string, simulated: unknown): void;
  /** All findings; explanations that no comparison needed are findings, too. */
  findings(): readonly Finding[];
}

export function createReport(explained: Explained): Report {
  const findings: Finding[] = [];
  const used = new Set<string>();
  const add = (id: string, recorded: string, simulated: string, same: boolean, reasons: Explained['differs']): void => {
    const why = reasons[id];
    if (why !== undefined) used.add(id);
    const explainedVerdict =
      reasons === explained.notSimulated
        ? 'not simulated'
        : reasons === explained.notRecorded
          ? 'not recorded'
          : 'differs';
    const verdict = same
      ? why === undefined
        ? 'same'
        : 'explained in vain'
      : why === undefined
        ? 'unexplained'
        : explainedVerdict;
    findings.push({ id, verdict, recorded, simulated, why: why ?? '' });
  };
  return {
    compare: (id, recorded, simulated) => {
      const [one, other] = [recorded, simulated].map((value) => JSON.stringify(value)) as [string, string];
      add(id, one, other, one === other, explained.differs);
    },
    compareSeconds: (id, recorded, simulated, slack) => {
      const longer = Math.max(recorded, simulated);
      const shorter = Math.max(Math.min(recorded, simulated), 0.001);
      const same = longer - shorter <= slack || longer / shorter <= 3;
      add(id, `${recorded.toFixed(1)} s`, `${simulated.toFixed(1)} s`, same, explained.differs);
    },
    absent: (id, recorded) => add(id, recorded, '', false, explained.notSimulated),
    unrecorded: (id, simulated) => add(id, '', JSON.stringify(simulated), false, explained.notRecorded),
    findings: () => [
      ...findings,
      ...[explained.differs, explained.notSimulated, explained.notRecorded]
        .flatMap((reasons) => Object.entries(reasons))
        .filter(([id]) => !used.has(id))
        .map(([id, why]) => ({ id, verdict: 'explained in vain' as const, recorded: '', simulated: '', why })),
    ],
  };
}

/** Whether a finding makes the comparison fail. */
export function isFailure({ verdict }: Finding): boolean {
  return verdict === 'unexplained' || verdict === 'explained in vain';
}
