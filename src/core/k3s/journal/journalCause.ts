import type { NodeRole } from '../nodeRole';
import { JOURNAL_CAUSES } from './journalCauses';
import { journalLine, type JournalLine } from './journalLine';
import type { KnownCause } from './knownCause';

/** Why K3s does not come up. */
export interface JournalCause {
  /** Of a {@link KnownCause}; `unknown` for a last line that nobody explained. */
  readonly id: string;
  /** The message as K3s wrote it. */
  readonly text: string;
  /** Follows "… does not come up: "; undefined when unknown. */
  readonly means?: string;
  readonly nextSteps: readonly string[];
  readonly cures: KnownCause['cures'];
  /** The process ended with it. */
  readonly last: boolean;
}

/** Last words that are none: a process that was stopped, and a reset of etcd that succeeded. */
const NO_CAUSE = /failed to retrieve agent configuration: context canceled|etcd cluster membership has been reset/;

/**
 * The newest decisive line of a journal (oldest line first) of one process, or of one after the other: a known cause, or
 * last words that nobody explained. What only follows from other faults gives way to them. Undefined when none is there.
 */
export function journalCause(lines: readonly string[], role: NodeRole): JournalCause | undefined {
  const read = lines.map(journalLine).filter(({ text, client }) => !client && !NO_CAUSE.test(text));
  let symptom: JournalCause | undefined;
  for (const line of [...read].reverse()) {
    if (symptom !== undefined && /^Starting k3s /.test(line.text)) break;
    const known = JOURNAL_CAUSES.find((cause) => holds(cause, line));
    if (known === undefined) {
      if (line.last && symptom === undefined)
        return { id: 'unknown', text: line.text, nextSteps: [], cures: 'perhaps', last: true };
    } else if (isMeant(known, read)) {
      const cause = told(known, line, read, role);
      if (known.symptom !== true) return cause;
      symptom ??= cause;
    }
  }
  return symptom;
}

function holds({ pattern, says }: KnownCause, { text }: JournalLine): boolean {
  return pattern === undefined ? text.includes(says) : pattern.test(text);
}

/** Whether the rest of the journal bears a cause out that one of its lines names. */
function isMeant(known: KnownCause, all: readonly JournalLine[]): boolean {
  if (known.beside !== undefined && !all.some(({ text }) => known.beside?.test(text) === true)) return false;
  return (known.times ?? 1) <= all.filter((line) => holds(known, line)).length;
}

function told(known: KnownCause, line: JournalLine, all: readonly JournalLine[], role: NodeRole): JournalCause {
  const { id, means, advice, cures, detail } = known;
  const named =
    detail === undefined
      ? undefined
      : all.map(({ text }) => detail.exec(text)?.[1]).findLast((name) => name !== undefined);
  const text = named === undefined || line.text.includes(named) ? line.text : `${line.text} (${named})`;
  return { id, text, means, nextSteps: 'server' in advice ? advice[role] : advice, cures, last: line.last };
}
