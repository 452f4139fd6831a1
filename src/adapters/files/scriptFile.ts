import { isAbsolute, join, resolve } from 'node:path';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { leadsOutside } from '../../core/cluster/installScript';
import { readPlainFile, type Refusal } from './plainFile';
import { contains, realPath } from './realPath';

/** No install script is longer, and a repository must not fill the memory. */
const LARGEST = 2 ** 20;
const OTHERS_MAY_WRITE = 0o002;

export interface ScriptFolders {
  /** The one of the cluster file. */
  readonly baseDir: string;
  readonly homeDir: string;
}

/**
 * Reads an install script of this machine by its path in the cluster file. A path that does not show that it leads out of
 * the folder of the cluster file stays in it, links included: only what shows it was agreed to.
 */
export async function readScriptFile(
  path: string,
  { baseDir, homeDir }: ScriptFolders,
): Promise<Result<string, Problem>> {
  const refused = (why: string, ...nextSteps: readonly string[]): Result<never, Problem> =>
    err(problem('install-script-unreadable', `The install script ${path} is not used.`, { why, nextSteps }));
  const whole = locate(path, baseDir, homeDir);
  const outside = leadsOutside(path);
  const place = outside ? whole : await realPath(whole).catch(() => undefined);
  const folder = await realPath(baseDir).catch(() => baseDir);
  if (place === undefined || (!outside && !contains(folder, place)))
    return refused(
      'It leads out of the folder of the cluster file. A relative path stays inside, links included, so that a repository cannot choose another file.',
      'If you mean that file, write its absolute path, or one that begins with ~/.',
    );
  const read = await readPlainFile(
    place,
    { links: outside ? 'follow' : 'refuse', own: true, closedTo: OTHERS_MAY_WRITE },
    LARGEST,
  );
  if (!read.ok)
    return refused(whyOf(read.error), 'It would run as root on the hosts: check the path and who may change it.');
  if (read.value === undefined) return refused(`There is no file ${whole}.`, 'Check k3s.install.scriptUrl.');
  if (read.value.includes('\uFFFD')) return refused('It is no text in UTF-8.', 'Check k3s.install.scriptUrl.');
  return read.value.trim() === '' ? refused('It is empty.', 'Check k3s.install.scriptUrl.') : ok(read.value);
}

function locate(path: string, baseDir: string, homeDir: string): string {
  if (/^~[/\\]/.test(path)) return join(homeDir, path.slice(1));
  return isAbsolute(path) ? path : resolve(baseDir, path);
}

function whyOf({ reason, why }: Refusal): string {
  return reason === 'permissions' ? 'Every user of this machine may change it.' : why;
}
