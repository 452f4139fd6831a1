import { shellWord } from '../core/remote/shell';
import { readClusterFile, type ClusterFile } from './context';
import { EXIT, type ExitCode } from './exitCodes';
import { fail, paint, tell } from './output';

/**
 * A file without errors, or the exit code that says what is wrong with it. What only takes away is not kept from it by what
 * rules find: two servers of which one is to go are an error, too.
 */
export async function applicableFile(
  path: string,
  signal: AbortSignal,
  use: 'build' | 'take away' = 'build',
): Promise<ClusterFile | ExitCode> {
  const read = await readClusterFile(path, signal);
  if (!read.ok) return fail(read.error, EXIT.usage);
  const errors = read.value.diagnostics.filter(
    ({ severity, source }) => severity === 'error' && (use === 'build' || source !== 'rule'),
  );
  if (errors.length === 0) return read.value;
  tell(
    paint(
      'red',
      `${path} has ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}; the first: ${errors[0]?.message}`,
    ),
  );
  tell(`  Next: k3s-ha lint ${shellWord(path)}`);
  return EXIT.findings;
}
