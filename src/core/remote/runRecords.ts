import type { Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** Records that a server keeps: with 64 KiB each a few MB at most. */
const KEPT = 50;
/** Bytes of records that are read at once, the newest first. */
const READ_AT_ONCE = 1024 * 1024;

/** $1: id of the run, $2: records that are kept. The record comes on standard input and takes the place of an earlier one of that run. */
export const KEEP_RUN_RECORD_SCRIPT: RemoteScript = {
  id: 'keep-run-record',
  text: `export LC_ALL=C
umask 077
base=/var/lib/k3s-ha/runs
mkdir -p $base || exit 1
cat > "$base/.$1.new" && mv -f "$base/.$1.new" "$base/$1.json" || exit 1
ls -1 $base | sort -r | tail -n "+$(($2 + 1))" | while IFS= read -r old; do rm -f "$base/$old"; done`,
};

/** $1: bytes that are printed at most. Prints the records of this host, the newest first, one on a line. Changes nothing. */
export const READ_RUN_RECORDS_SCRIPT: RemoteScript = {
  id: 'read-run-records',
  text: `export LC_ALL=C
base=/var/lib/k3s-ha/runs
[ -d $base ] || exit 0
left=$1
ls -1 $base | sort -r | while IFS= read -r name; do
  [ -f "$base/$name" ] || continue
  left=$((left - $(wc -c < "$base/$name")))
  [ $left -ge 0 ] || break
  tr -d '\\n' < "$base/$name"
  echo
done`,
};

/** Keeps the record of a run, one line of text, on a host; the oldest ones make room. `id` sorts by time and names a file. */
export function keepRunRecord(id: string, record: string): RemoteCommand<void> {
  return {
    script: KEEP_RUN_RECORD_SCRIPT,
    args: [id, String(KEPT)],
    stdin: record,
    sudo: true,
    timeoutMs: 15_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('record-not-kept', 'The record of the run could not be written there', output)),
  };
}

/** The texts of the records that a host keeps, the newest first. */
export function readRunRecords(): RemoteCommand<readonly string[]> {
  return {
    script: READ_RUN_RECORDS_SCRIPT,
    args: [String(READ_AT_ONCE)],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output): Result<readonly string[], Problem> =>
      output.exitCode === 0
        ? ok(output.stdout.split('\n').filter((line) => line !== ''))
        : err(failed('records-unreadable', 'The records of earlier runs could not be read there', output)),
  };
}
