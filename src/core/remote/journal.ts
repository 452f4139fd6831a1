import { err, ok } from '../base/result';
import type { K3sUnit } from '../k3s/paths';
import { failed } from './failure';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { RUNS_OPENRC, SERVICES } from './serviceManager';

/**
 * $1: unit; $2: how many of its last lines; $3: `follow`, or nothing. Prints what the unit has written, of every run of it; with
 * `follow` it goes on with what it writes from then on. OpenRC has no journal but the file that install.sh has K3s write to.
 */
export const JOURNAL_SCRIPT: RemoteScript = {
  id: 'journal',
  text: `export LC_ALL=C
${SERVICES}
if ${RUNS_OPENRC}; then exec tail -n "$2" \${3:+-F} "$(rc_log_file "$1")" 2>/dev/null; fi
exec journalctl --unit "$1" --lines "$2" --output short-iso --no-pager --quiet \${3:+--follow}`,
};

/** Nobody reads a journal for longer without asking again. */
const DAY_MS = 24 * 60 * 60_000;

export interface JournalOptions {
  /** Last lines to begin with. */
  readonly lines: number;
  /** Go on with what is written from then on, until the command is cancelled. */
  readonly follow: boolean;
}

/** What a unit of K3s writes. To be run with a sink: there is no end to it, or it is long. */
export function readJournal(unit: K3sUnit, { lines, follow }: JournalOptions): RemoteCommand<void> {
  return {
    script: JOURNAL_SCRIPT,
    args: [unit, String(lines), follow ? 'follow' : ''],
    sudo: true,
    timeoutMs: follow ? DAY_MS : 60_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('journal-unreadable', `The journal of ${unit} could not be read`, output)),
  };
}
