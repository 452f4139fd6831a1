import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { Step } from '../../core/plan/step';
import { dropOldData } from '../steps/dropOldData';
import { saveSnapshot } from '../steps/saveSnapshot';
import { changesRelease, type NodeChange } from './nodeChange';
import { reachedNodes, type Situation } from './situation';

/** The binary, and what it unpacks at its first start: 287 MB as recorded of a real one. */
const RELEASE_KIB = 380 * 1024;
/** New images of the packaged add-ons, and room in which kubelet does not begin to evict pods. */
const SPARE_KIB = 320 * 1024;

/** Makes room on a machine before another release is laid there, where older ones have left something behind. */
export function roomSteps(situation: Situation, node: ClusterNode, change: NodeChange): readonly Step[] {
  const old = situation.facts.get(node.id)?.oldDataKiB ?? 0;
  if (old === 0 || !changesRelease(situation, node, change)) return [];
  return [dropOldData.step(node, {}, say`they take ${megabytes(old)}`)];
}

/** Machines that have no room for another release, found before anything is laid there. */
export function roomProblems(
  situation: Situation,
  changeOf: (node: ClusterNode) => NodeChange,
  steps: readonly Step[],
): readonly Problem[] {
  return reachedNodes(situation).flatMap((node) => {
    const seen = situation.facts.get(node.id);
    if (seen === undefined || seen.diskFreeKiB <= 0 || !changesRelease(situation, node, changeOf(node))) return [];
    const saves = steps.some(({ kind, on }) => kind === saveSnapshot.kind && on === node.id);
    const snapshot = saves ? (seen.etcdKiB ?? 0) : 0;
    const needed = RELEASE_KIB + SPARE_KIB + snapshot;
    const free = seen.diskFreeKiB + (seen.oldDataKiB ?? 0);
    if (free >= needed) return [];
    return [
      problem(
        'upgrade-room',
        say`${node.id} has room for ${megabytes(free)} below /var/lib, and the upgrade needs ${megabytes(needed)}`,
        {
          host: node.id,
          why: say`Binary and unpacked programs take ${megabytes(RELEASE_KIB)}, images and what kubelet wants free ${megabytes(SPARE_KIB)}${snapshot === 0 ? '' : say`, the snapshot ${megabytes(snapshot)}`}. A disk that is full when K3s unpacks leaves it half installed.`,
          nextSteps: [
            say`Free disk space on ${node.id} (k3s crictl rmi --prune, old snapshots, logs), then plan again.`,
          ],
        },
      ),
    ];
  });
}

function megabytes(kib: number): string {
  return `${Math.round(kib / 1024)} MiB`;
}
