import type { ClusterNode } from '../../core/cluster/cluster';
import type { Step } from '../../core/plan/step';
import { placeFile } from '../steps/placeFile';
import { removeFile } from '../steps/removeFile';
import type { FileChange } from './fileChange';

type Changes = readonly FileChange[] | undefined;

/** Steps for the files that come or change on a host: to stand before its configuration, which may name them. */
export function placeSteps(node: ClusterNode, changes: Changes): readonly Step[] {
  return (changes ?? []).flatMap((change) => {
    if (change.kind !== 'place') return [];
    const { path, mode, size, reason, difference } = change;
    const input = { path, mode, ...(size === undefined ? {} : { size }) };
    return [placeFile.step(node, input, reason, { differences: [difference] })];
  });
}

/** Steps for the files that go: to stand behind the configuration that does not name them any more. */
export function removeSteps(node: ClusterNode, changes: Changes): readonly Step[] {
  return (changes ?? []).flatMap(({ kind, path, reason, difference }) =>
    kind === 'remove' ? [removeFile.step(node, { path }, reason, { differences: [difference] })] : [],
  );
}

/** Whether K3s has to be restarted for files that it reads only when it starts. */
export function restartingFiles(changes: Changes): boolean {
  return changes?.some(({ restart }) => restart) === true;
}
