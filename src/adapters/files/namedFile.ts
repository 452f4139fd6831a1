import { isAbsolute, join, resolve } from 'node:path';
import { err, ok, type Result } from '../../core/base/result';
import { leadsOutside } from '../../core/cluster/installScript';
import type { Demands } from './plainFile';
import { contains, realPath } from './realPath';

export interface NamedFolders {
  /** The one of the cluster file. */
  readonly baseDir: string;
  readonly homeDir: string;
}

/** Where a path of a cluster file leads, and what may be done about links there. */
export interface NamedPlace extends Pick<Demands, 'links'> {
  readonly place: string;
}

/**
 * The file of this machine that a cluster file names. A path that does not show that it leads out of the folder of the
 * cluster file stays in it, links included: only what shows it was agreed to.
 */
export async function locateNamed(
  path: string,
  { baseDir, homeDir }: NamedFolders,
): Promise<Result<NamedPlace, { readonly why: string; readonly nextStep: string }>> {
  const whole = locate(path, baseDir, homeDir);
  if (leadsOutside(path)) return ok({ place: whole, links: 'follow' });
  const place = await realPath(whole).catch(() => undefined);
  const folder = await realPath(baseDir).catch(() => baseDir);
  if (place !== undefined && contains(folder, place)) return ok({ place, links: 'refuse' });
  return err({
    why: 'It leads out of the folder of the cluster file. A relative path stays inside, links included, so that a repository cannot choose another file.',
    nextStep: 'If you mean that file, write its absolute path, or one that begins with ~/.',
  });
}

function locate(path: string, baseDir: string, homeDir: string): string {
  if (/^~[/\\]/.test(path)) return join(homeDir, path.slice(1));
  return isAbsolute(path) ? path : resolve(baseDir, path);
}
