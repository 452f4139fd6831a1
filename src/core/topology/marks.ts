import type { Path } from '../base/path';
import { ruleById } from '../rules/registry';
import type { Finding } from '../rules/rule';
import type { Mark } from './model';

interface Place {
  readonly id: string;
  readonly path: Path;
}

export interface Marks {
  /** By part id. */
  readonly placed: ReadonlyMap<string, readonly Mark[]>;
  readonly general: readonly Mark[];
}

/** Gives every finding to the parts whose entry in the file contains it; the rest is about the cluster as a whole. */
export function placeMarks(places: readonly Place[], findings: readonly Finding[]): Marks {
  const byPath = new Map<string, string[]>();
  for (const place of places) {
    const key = JSON.stringify(place.path);
    byPath.set(key, [...(byPath.get(key) ?? []), place.id]);
  }
  const placed = new Map<string, Mark[]>();
  const general: Mark[] = [];
  for (const { ruleId, severity, message, path } of findings) {
    const mark = { ruleId, severity, message, fixable: ruleById(ruleId)?.fix !== undefined };
    const ids = deepest(byPath, path);
    for (const id of ids) placed.set(id, [...(placed.get(id) ?? []), mark]);
    if (ids.length === 0) general.push(mark);
  }
  return { placed, general };
}

function deepest(byPath: ReadonlyMap<string, readonly string[]>, path: Path): readonly string[] {
  for (let length = path.length; length > 0; length--) {
    const ids = byPath.get(JSON.stringify(path.slice(0, length)));
    if (ids !== undefined) return ids;
  }
  return [];
}
