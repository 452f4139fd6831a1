/** The journal of one host. */
export interface HostJournal {
  /** Adds one line for a unit, with the current time. */
  add(unit: string, text: string): void;
  /** What is added for the unit from now on belongs to this invocation. */
  begin(unit: string, invocation: string): void;
  /** Lines of a unit, oldest first: all, or those of one invocation. */
  read(unit: string, invocation?: string): readonly string[];
  /** The last lines of a unit with the times at which they came. */
  last(unit: string, count: number): readonly JournalLine[];
  /** Hands over every line of a unit that comes from now on, until that is given up. */
  follow(unit: string, onLine: (line: JournalLine) => void): () => void;
}

export interface JournalLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

/** More than any test or log view reads; keeps a crash loop that runs for days small. */
const LIMIT = 5000;

export function hostJournal(now: () => number): HostJournal {
  const lines: (JournalLine & { readonly unit: string; readonly invocation: string })[] = [];
  const followers = new Set<(line: (typeof lines)[number]) => void>();
  const invocations = new Map<string, string>();
  return {
    add: (unit, text) => {
      const line = { unit, invocation: invocations.get(unit) ?? '', text, at: now() };
      lines.push(line);
      for (const follower of followers) follower(line);
      if (lines.length > LIMIT) lines.splice(0, lines.length - LIMIT);
    },
    begin: (unit, invocation) => void invocations.set(unit, invocation),
    read: (unit, invocation) =>
      lines
        .filter((line) => line.unit === unit && (invocation === undefined || line.invocation === invocation))
        .map((line) => line.text),
    last: (unit, count) => lines.filter((line) => line.unit === unit).slice(-count),
    follow(unit, onLine) {
      const follower = (line: (typeof lines)[number]): void => (line.unit === unit ? onLine(line) : undefined);
      followers.add(follower);
      return () => void followers.delete(follower);
    },
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
