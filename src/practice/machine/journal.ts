/** The journal of one host. */
export interface HostJournal {
  /** Adds one line for a unit, with the current time. */
  add(unit: string, text: string): void;
  /** What is added for the unit from now on belongs to this invocation. */
  begin(unit: string, invocation: string): void;
  /** Lines of a unit, oldest first: all, or those of one invocation. */
  read(unit: string, invocation?: string): readonly string[];
}

/** More than any test or log view reads; keeps a crash loop that runs for days small. */
const LIMIT = 5000;

export function hostJournal(): HostJournal {
  const lines: { readonly unit: string; readonly invocation: string; readonly text: string }[] = [];
  const invocations = new Map<string, string>();
  return {
    add: (unit, text) => {
      lines.push({ unit, invocation: invocations.get(unit) ?? '', text });
      if (lines.length > LIMIT) lines.splice(0, lines.length - LIMIT);
    },
    begin: (unit, invocation) => void invocations.set(unit, invocation),
    read: (unit, invocation) =>
      lines
        .filter((line) => line.unit === unit && (invocation === undefined || line.invocation === invocation))
        .map((line) => line.text),
  };
}

export type LogLevel = 'info' | 'warning' | 'error' | 'fatal';

/** Writes lines in the shape of K3s's own logger. */
export type K3sLog = (level: LogLevel, message: string) => void;

export function k3sLog(journal: HostJournal, unit: string, now: () => number): K3sLog {
  return (level, message) => {
    const time = `${new Date(now()).toISOString().slice(0, 19)}Z`;
    journal.add(unit, `time="${time}" level=${level} msg=${JSON.stringify(message)}`);
  };
}
