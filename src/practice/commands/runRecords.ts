import { fail, type Command } from './command';

const FOLDER = '/var/lib/k3s-ha/runs';

/** keep-run-record: id, records that are kept; the record on standard input. */
export const keepRunRecordCommand: Command = async (run) => {
  const [id = '', kept = '0'] = run.args;
  const { files } = run.host;
  if (run.user !== 'root') return fail(run, `mkdir: cannot create directory '${FOLDER}': Permission denied`);
  files.write(`${FOLDER}/${id}.json`, await run.stdin.text(), { mode: 0o600 });
  for (const old of [...files.below(FOLDER)].reverse().slice(Number(kept))) files.remove(old);
  return 0;
};

/** read-run-records: bytes that are printed at most. */
export const readRunRecordsCommand: Command = (run) => {
  const { files } = run.host;
  let left = Number(run.args[0]);
  for (const path of [...files.below(FOLDER)].reverse()) {
    const text = files.get(path)?.content ?? '';
    left -= text.length;
    if (left < 0) break;
    run.out(`${text.replaceAll('\n', '')}\n`);
  }
  return 0;
};
