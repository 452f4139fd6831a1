import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { problem, problemIn, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Download, Downloads, ObjectStores, WantedObject } from '../../engine/ports';
import { removeAtExit } from '../files/removeAtExit';
import { causeOf } from '../http/follow';
import { isUnreachable, objectProblem, unreachable } from './objectProblem';
import { requestObject, type Limits, type ObjectAnswer } from './requestObject';

export interface ObjectStoresDependencies {
  /** Private folder of the person's own; what lies there is taken away again. */
  readonly folder: string;
  readonly downloads: Downloads;
  readonly limits?: Partial<Limits>;
}

const LIMITS: Limits = { connectMs: 10_000, silenceMs: 30_000 };
/** What a process that was killed has left; nothing takes longer. */
const STALE_MS = 24 * 3_600_000;

/** Gets objects of S3 as files that only the person can read; a server lends its way where this machine has none. */
export function createObjectStores({ folder, downloads, limits }: ObjectStoresDependencies): ObjectStores {
  const made = new Set<string>();
  return {
    async get(wanted) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await removeStale(folder);
        const own = await mkdtemp(join(folder, 'object-'));
        made.add(own);
        const path = join(own, wanted.name);
        const begun = await downloads.begin(path);
        if (!begun.ok) return begun;
        removeAtExit(`${path}.part`);
        removeAtExit(path);
        const failed = await receive(wanted, begun.value, { ...LIMITS, ...limits });
        if (failed !== undefined) {
          await begun.value.drop();
          return err(failed);
        }
        const kept = await begun.value.keep();
        return kept.ok ? ok(path) : kept;
      } catch (error) {
        return err(notKept(wanted, folder, error));
      }
    },
    async dispose() {
      for (const own of made) await rm(own, { recursive: true, force: true });
      made.clear();
    },
  };
}

/** Why the object has not come as a whole; undefined when it has. */
async function receive(wanted: WantedObject, download: Download, limits: Limits): Promise<Problem | undefined> {
  const answer = await answered(wanted, limits);
  if (!answer.ok) return answer.error;
  const { size, pieces } = answer.value;
  if (size === 0 || (wanted.size !== undefined && size !== undefined && size !== wanted.size)) {
    answer.value.end();
    return anotherSize(wanted, size ?? 0);
  }
  try {
    for await (const piece of pieces) {
      try {
        await download.write(piece);
      } catch (error) {
        answer.value.end();
        return notKept(wanted, download.path, error);
      }
      wanted.onReceived?.(download.state().size, size);
    }
  } catch (error) {
    return cutOff(wanted, download.state().size, size, causeOf(error));
  }
  const came = download.state().size;
  if (came !== (size ?? wanted.size ?? came)) return cutOff(wanted, came, size ?? wanted.size, undefined);
  return came === 0 ? anotherSize(wanted, came) : undefined;
}

/** From here, or through a server where the service cannot be reached from here. */
async function answered(wanted: WantedObject, limits: Limits): Promise<Result<ObjectAnswer, Problem>> {
  try {
    return await requestObject(wanted, undefined, limits);
  } catch (error) {
    if (wanted.signal?.aborted === true || !isUnreachable(error) || wanted.connect === undefined)
      return err(objectProblem(wanted, error));
    try {
      return await requestObject(wanted, wanted.connect, limits);
    } catch (second) {
      const found = problemIn(second);
      if (found === undefined && !isUnreachable(second)) return err(objectProblem(wanted, second));
      return err(unreachable(wanted, causeOf(error), found?.message ?? causeOf(second)));
    }
  }
}

async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('object-')) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > STALE_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function anotherSize({ url, size }: WantedObject, found: number): Problem {
  return problem('s3-object-size', `${url} has ${found} bytes${size === undefined ? '' : `, and K3s listed ${size}`}`, {
    why: found === 0 ? 'An empty object restores an empty cluster.' : 'It is not what was uploaded.',
    nextSteps: ['Take another snapshot, or a version of this object from before, if the bucket keeps them.'],
  });
}

function cutOff({ url }: WantedObject, came: number, size: number | undefined, why: string | undefined): Problem {
  return problem('s3-cut-off', `${url} ended after ${came}${size === undefined ? '' : ` of ${size}`} bytes`, {
    ...(why === undefined ? {} : { why }),
    nextSteps: ['Run the same command again: nothing was changed.'],
  });
}

function notKept({ name }: WantedObject, place: string, error: unknown): Problem {
  return problem('download-failed', `${name} could not be kept in ${place}`, {
    why: causeOf(error),
    nextSteps: ['Make room on the disk of this computer, or look at the permissions of that folder.'],
  });
}
