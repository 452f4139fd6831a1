import { problem, type Problem } from '../base/problem';
import type { RemoteOutput } from './remoteCommand';

/** A problem whose cause is the last thing that the script printed on standard error (or standard output). */
export function failed(
  code: string,
  message: string,
  output: RemoteOutput,
  nextSteps: readonly string[] = [],
): Problem {
  const last = lastLine(output.stderr) ?? lastLine(output.stdout);
  return problem(code, message, {
    why: last ?? `exit status ${output.exitCode}`,
    nextSteps: [...nextSteps, ...hints(output.stderr)],
  });
}

function lastLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .at(-1);
}

/** Advice for causes that the system reports in fixed words. */
function hints(stderr: string): string[] {
  if (stderr.includes('No space left on device'))
    return ['Free disk space on the host (df -h), then run again; the old file is still in place.'];
  if (stderr.includes('Read-only file system')) return ['Remount the file system writable, then run again.'];
  if (stderr.includes('Permission denied')) return ['Check that sudo on the host really gives root.'];
  if (stderr.includes(' is a folder'))
    return ['Look at what is in that folder, move it away, then run again; nothing has been changed.'];
  if (stderr.includes(' have the sha256 '))
    return ['Run again: the file was changed while it was read, or bytes were damaged on the way or on the host.'];
  return [];
}
