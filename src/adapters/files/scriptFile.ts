import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { locateNamed, type NamedFolders } from './namedFile';
import { readPlainFile, type Refusal } from './plainFile';

/** No install script is longer, and a repository must not fill the memory. */
const LARGEST = 2 ** 20;
const OTHERS_MAY_WRITE = 0o002;

/**
 * Reads an install script of this machine by its path in the cluster file. A path that does not show that it leads out of
 * the folder of the cluster file stays in it, links included: only what shows it was agreed to.
 */
export async function readScriptFile(path: string, folders: NamedFolders): Promise<Result<string, Problem>> {
  const refused = (why: string, ...nextSteps: readonly string[]): Result<never, Problem> =>
    err(problem('install-script-unreadable', `The install script ${path} is not used.`, { why, nextSteps }));
  const named = await locateNamed(path, folders);
  if (!named.ok) return refused(named.error.why, named.error.nextStep);
  const { place, links } = named.value;
  const read = await readPlainFile(place, { links, own: true, closedTo: OTHERS_MAY_WRITE }, LARGEST);
  if (!read.ok)
    return refused(whyOf(read.error), 'It would run as root on the hosts: check the path and who may change it.');
  if (read.value === undefined) return refused(`There is no file ${place}.`, 'Check k3s.install.scriptUrl.');
  if (read.value.includes('\uFFFD')) return refused('It is no text in UTF-8.', 'Check k3s.install.scriptUrl.');
  return read.value.trim() === '' ? refused('It is empty.', 'Check k3s.install.scriptUrl.') : ok(read.value);
}

function whyOf({ reason, why }: Refusal): string {
  return reason === 'permissions' ? 'Every user of this machine may change it.' : why;
}
