import { applicableFile } from './applicableFile';
import { cliLog, type ClusterFile } from './context';
import type { ExitCode } from './exitCodes';
import type { ValuesOf } from './option';
import { fail } from './output';
import { openSession, type Session } from './session';
import { ALLOW_SECRETS, VERBOSE } from './sharedOptions';

/** The options of every command that works with machines and makes no plan. */
export const SESSION_OPTIONS = { 'allow-secrets': ALLOW_SECRETS, verbose: VERBOSE };

/**
 * Work with the machines of a file, when the person has agreed to what goes to them. Errors that rules find are no reason not to look:
 * who looks may be about to mend them.
 */
export async function withMachines(
  path: string,
  options: ValuesOf<typeof SESSION_OPTIONS>,
  signal: AbortSignal,
  work: (file: ClusterFile, session: Session) => Promise<ExitCode>,
): Promise<ExitCode> {
  const file = await applicableFile(path, signal, 'take away');
  if (typeof file === 'number') return file;
  const session = openSession(file, cliLog(options.verbose), options['allow-secrets'], signal);
  try {
    const admitted = await session.secrets.admit();
    return admitted.ok ? await work(file, session) : fail(admitted.error);
  } finally {
    await session.dispose();
  }
}
