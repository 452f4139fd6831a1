import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { KubeconfigPlace } from '../../engine/ports';
import { contains } from '../files/realPath';

/**
 * Decides whose the kubeconfig files are: one inside a folder of the project (`workspace`), also by way of symbolic
 * links, may have come with the project, even when KUBECONFIG names it. So `candidates` there are foreign.
 */
export async function kubeconfigPlaces(
  candidates: readonly string[],
  workspace: readonly string[],
): Promise<readonly KubeconfigPlace[]> {
  const folders = await Promise.all(workspace.map(realOrGiven));
  return Promise.all(
    candidates.map(async (path) => {
      const file = await realOrGiven(path);
      const isInside = [file, resolve(path)].some((at) => folders.some((folder) => contains(folder, at)));
      return place(path, isInside ? 'foreign' : 'own');
    }),
  );
}

/** A kubeconfig that the person named for this one use, wherever it lies. */
export function chosenKubeconfig(path: string): KubeconfigPlace {
  return place(path, 'own');
}

/** kubectl resolves relative paths against the folder of the file's name, not of what a link leads to. */
function place(path: string, origin: KubeconfigPlace['origin']): KubeconfigPlace {
  const folder = dirname(resolve(path));
  return { path, origin, absolute: (relativePath) => resolve(folder, relativePath) };
}

async function realOrGiven(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}
