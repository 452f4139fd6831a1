import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { problem, type Problem } from '../core/base/problem';
import { err, ok, type Result } from '../core/base/result';
import type { Steps } from '../core/base/steps';

const CLUSTER_FILE = /\.k3s\.ya?ml$/i;
const YAML_FILE = /\.ya?ml$/i;
const NOT_SEARCHED = new Set(['node_modules', '.git']);

export interface FoundFiles {
  readonly files: readonly string[];
  /** Files that were named but are no YAML: a pattern such as `examples/**` names them along with the others. */
  readonly skipped: readonly string[];
}

/** The cluster files meant by paths of a command line: YAML files as named, and in folders every `*.k3s.yaml` however deep; with a pause after each folder. */
export function* findFiles(paths: readonly string[]): Steps<Result<FoundFiles, Problem>> {
  const files = new Set<string>();
  const skipped: string[] = [];
  for (const path of paths) {
    try {
      if (statSync(path).isDirectory()) for (const file of yield* inFolder(path)) files.add(file);
      else if (YAML_FILE.test(path)) files.add(path);
      else skipped.push(path);
    } catch (error) {
      return err(
        problem('file-unreadable', `${path} cannot be read`, {
          why: error instanceof Error ? error.message : String(error),
          nextSteps: ['Check the path.'],
        }),
      );
    }
  }
  if (files.size > 0) return ok({ files: [...files], skipped });
  return err(
    problem('no-cluster-file', `There is no cluster file in ${paths.join(', ')}`, {
      nextSteps: ['Name a cluster.k3s.yaml, or a folder that holds one.'],
    }),
  );
}

function* inFolder(folder: string): Steps<readonly string[]> {
  const found: string[] = [];
  yield;
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !NOT_SEARCHED.has(entry.name)) found.push(...(yield* inFolder(path)));
    else if (entry.isFile() && CLUSTER_FILE.test(entry.name)) found.push(path);
  }
  return found;
}
