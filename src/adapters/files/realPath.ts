import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errorCode } from './errorCode';

const MAX_LINKS = 40;

/**
 * Where a path really leads, every link followed; what does not exist yet keeps its name below the part that does.
 * Rejects as the system does, e.g. for links in a circle.
 */
export async function realPath(path: string, links = MAX_LINKS): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || links === 0) throw error;
  }
  const whole = resolve(path);
  const parent = dirname(whole);
  if (parent === whole) return whole;
  const realParent = await realPath(parent, links);
  const here = join(realParent, basename(whole));
  // A link to something that does not exist yet leads there all the same.
  const target = await readlink(here).catch(() => undefined);
  return target === undefined ? here : realPath(resolve(realParent, target), links - 1);
}

/** Whether `path` really lies in `folder`, or is it: every link followed. False where that cannot be told. */
export async function isInside(folder: string, path: string): Promise<boolean> {
  try {
    return contains(await realPath(folder), await realPath(path));
  } catch {
    return false;
  }
}

/** Whether `path` lies in `folder`, or is it, by their names alone; both are absolute and free of links. */
export function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
