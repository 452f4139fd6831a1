import { count, listed } from '../../core/base/words';
import { kindWords, placeWords, sizeWords } from '../../core/health/snapshots';
import { listSnapshots } from '../../engine/snapshots/listSnapshots';
import { applicableFile } from '../applicableFile';
import { cliLog } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { fail, paint, printJson, printLines, table, tell } from '../output';
import { openSession } from '../session';
import type { LookOptions } from '../sharedOptions';

/** Shows all snapshots of a cluster, the newest first. */
export async function listSnapshotsOf(path: string, options: LookOptions, signal: AbortSignal): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const session = openSession(file, cliLog(options.verbose), options['allow-secrets'], signal);
  try {
    const list = await listSnapshots(file.cluster, { ...session, parallel: options.parallel }, signal);
    if (signal.aborted) return EXIT.cancelled;
    if (!list.ok) return fail(list.error, EXIT.notReady);
    const { snapshots, unseen, silent } = list.value;
    if (options.json) printJson({ cluster: file.cluster.name, snapshots, unseen: [...unseen.keys()] });
    else if (snapshots.length > 0)
      printLines(
        table([
          ['NAME', 'SAVED', 'SIZE', 'WHERE', 'KIND'],
          ...snapshots.map((one) => [
            one.name,
            new Date(one.created).toISOString().replace('T', ' ').slice(0, 19),
            sizeWords(one),
            placeWords(one),
            kindWords(one),
          ]),
        ]),
      );
    if (unseen.size > 0)
      tell(paint('yellow', `${listed([...unseen.keys()])} could not be reached: what is only there is missing.`));
    if (silent !== undefined)
      tell(paint('yellow', `K3s does not tell what it knows, so S3 is missing: ${silent.why ?? silent.message}`));
    tell(
      paint(
        snapshots.length === 0 ? 'yellow' : 'green',
        `${count(snapshots.length, 'snapshot')} of ${file.cluster.name}; times are UTC.`,
      ),
    );
    return EXIT.fine;
  } finally {
    await session.dispose();
  }
}
