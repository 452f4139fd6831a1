/** The journal of one host. */
export interface HostJournal {
  /** Adds one line for a unit, with the current time. */
  add(unit: string, text: string): void;
  /** Lines of a unit since `sinceSeconds` (seconds since 1970), oldest first. */
  read(unit: string, sinceSeconds?: number): readonly string[];
}

/** More than any test or log view reads; keeps a crash loop that runs for days small. */
const LIMIT = 5000;

export function hostJournal(now: () => number): HostJournal {
  const lines: { readonly time: number; readonly unit: string; readonly text: string }[] = [];
  return {
    add: (unit, text) => {
      lines.push({ time: now() / 1000, unit, text });
      if (lines.length > LIMIT) lines.splice(0, lines.length - LIMIT);
    },
    read: (unit, sinceSeconds = 0) => lines.filter((line) => line.unit === unit && line.time >= sinceSeconds).map((line) => line.text),
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
