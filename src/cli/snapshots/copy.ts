import { join } from 'node:path';
import { megabytes } from '../../core/base/words';
import { copySnapshot } from '../../engine/snapshots/copySnapshot';
import { applicableFile } from '../applicableFile';
import { cliLog } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { fail, paint, printJson, tell } from '../output';
import { openSession } from '../session';
import type { LookOptions } from '../sharedOptions';

/** Copies snapshots to this computer. */
export async function copySnapshotHere(
  path: string,
  names: readonly string[],
  { to = '.', on, ...options }: LookOptions & { readonly to: string | undefined; readonly on: string | undefined },
  signal: AbortSignal,
): Promise<ExitCode> {
  if (names.length === 0) {
    tell(paint('red', 'snapshot copy needs the name of a snapshot.'));
    tell('  Next: k3s-ha snapshot list FILE');
    return EXIT.usage;
  }
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const session = openSession(file, cliLog(options.verbose), options['allow-secrets'], signal);
  try {
    for (const name of names) {
      const copied = await copySnapshot(
        file.cluster,
        { snapshot: { name }, ...(on === undefined ? {} : { from: on }), place: (each) => join(to, each), signal },
        { ...session, parallel: options.parallel },
      );
      if (signal.aborted) return EXIT.cancelled;
      if (!copied.ok) return fail(copied.error, EXIT.failed);
      const { sheet, path: place } = copied.value;
      if (options.json) printJson({ path: place, ...sheet });
      tell(paint('green', `${place}: ${megabytes(sheet.size)}, sha256 ${sheet.sha256}`));
      tell(
        paint(
          'dim',
          `Beside it ${place}.json tells what has to be known to restore it. It is encrypted with the token of the cluster${sheet.token === undefined ? '' : ` (${sheet.token})`}: keep that, too.`,
        ),
      );
    }
    return EXIT.fine;
  } finally {
    await session.dispose();
  }
}
