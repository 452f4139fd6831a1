import { say } from '../base/say';
import type { Path } from '../base/path';
import type { ClusterDocument } from '../document/clusterDocument';
import { countFileHosts, hasTooManyHosts } from '../cluster/hostCount';
import { MAX_HOSTS } from '../cluster/hostRange';
import { asArray, asRecord } from '../cluster/shape';
import type { SchemaProblem } from './schemaProblem';
import { visibleRange } from './visibleRange';

/** Values that one K3s option may list; the longest lists of real clusters have some dozens. */
const MAX_VALUES = 200;
/** Characters of one value of an option. */
const MAX_VALUE_LENGTH = 10_000;

/**
 * What makes a file too large to be worked with: more machines than a cluster may have, or options with more than K3s is
 * ever given. Rules ask every machine about its options, so that the product of both has to stay small.
 */
export function limitProblems(document: ClusterDocument): readonly SchemaProblem[] {
  return [...hostProblems(document), ...valueProblems(document)];
}

/** One problem, at the entry that names the most machines. */
function hostProblems(document: ClusterDocument): readonly SchemaProblem[] {
  const found = countFileHosts(document.data);
  if (!hasTooManyHosts(found)) return [];
  const entry = found.largest ?? [];
  const path = document.rangeOf([...entry, 'host'], 'value') === undefined ? entry : [...entry, 'host'];
  const message = say`This file names ${thousands(found.count)} machines, and ${thousands(MAX_HOSTS)} are the most: Kubernetes is not made for more nodes in one cluster. Until there are fewer, no host range is expanded, no rule is applied and nothing can be carried out. Check the numbers in the brackets.`;
  return [problemAt(document, path, 'too-many-hosts', message)];
}

function valueProblems(document: ClusterDocument): readonly SchemaProblem[] {
  return configBlocks(document.data).flatMap(({ path, config }) =>
    Object.entries(config).flatMap(([name, value]) => {
      const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
      const longest = texts.reduce<number>(
        (most, text) => Math.max(most, typeof text === 'string' ? text.length : 0),
        0,
      );
      const values =
        longest > MAX_VALUE_LENGTH
          ? 0
          : texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? text.split(',').length : 1), 0);
      if (longest <= MAX_VALUE_LENGTH && values <= MAX_VALUES) return [];
      const size =
        values > MAX_VALUES
          ? say`${thousands(values)} values, and ${MAX_VALUES}`
          : say`a value of ${thousands(longest)} characters, and ${thousands(MAX_VALUE_LENGTH)}`;
      return [
        problemAt(
          document,
          [...path, name],
          'too-many-values',
          say`${name} has ${size} are the most that is read here. Until it is shorter, no rule is applied and nothing can be carried out.`,
        ),
      ];
    }),
  );
}

/** The `config:` blocks of roles and machines as written. */
function configBlocks(
  data: unknown,
): readonly { readonly path: Path; readonly config: Readonly<Record<string, unknown>> }[] {
  return ['servers', 'agents'].flatMap((section) => {
    const group = asRecord(asRecord(data)[section]);
    const own = asArray(group['nodes']).map((entry, index) => ({
      path: [section, 'nodes', index, 'config'],
      config: asRecord(asRecord(entry)['config']),
    }));
    return [{ path: [section, 'config'], config: asRecord(group['config']) }, ...own];
  });
}

function problemAt(document: ClusterDocument, path: Path, code: SchemaProblem['code'], message: string): SchemaProblem {
  return { code, severity: 'error', message, path, part: 'value', range: visibleRange(document, path, 'value') };
}

/** `20,000` */
function thousands(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
