import { say } from '../../core/base/say';
import { finish } from '../../core/base/steps';
import { listed } from '../../core/base/words';
import { optionIsOn } from '../../core/cluster/options';
import { nodesOf } from '../../core/cluster/roles';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import { tokenHash } from '../../core/remote/snapshotProof';
import { awaitNodes } from '../steps/awaitNodes';
import { endRestore } from '../steps/endRestore';
import { forgetNodes } from '../steps/forgetNodes';
import { haltServer } from '../steps/haltServer';
import { proveRestore } from '../steps/proveRestore';
import { proveSnapshot } from '../steps/proveSnapshot';
import { resetCluster } from '../steps/resetCluster';
import { sendSnapshot } from '../steps/sendSnapshot';
import { start } from '../steps/start';
import { laySteps } from './changeSteps';
import { clusterProblems } from './clusterProblems';
import { hooksAfter, hooksBefore } from './hooks';
import { planChange } from './nodeChange';
import type { RestoreSource } from './restoreIntent';
import { nodeNameOf, type Situation } from './situation';
import { isRunning } from './starts';

/**
 * Makes the first of machines that have no cluster yet the cluster of a copy: K3s is installed and not started, the snapshot is
 * proved there, and the first start finds its data. The Nodes of machines that are not here go before anybody joins, because
 * their names may be used again. The others are provisioned afterwards like any new machine.
 * https://docs.k3s.io/cli/etcd-snapshot#restoring-to-new-hosts
 */
export function planAnew(draft: Draft, situation: Situation, source: RestoreSource): void {
  const { cluster, facts, desired } = situation;
  const { id, from, path, copy, size, time } = source;
  const first = cluster.servers.find((server) => server.id === from);
  const seen = facts.get(from);
  if (first === undefined || seen === undefined) return;
  const { restore } = seen;
  const begun = restore !== undefined;
  // Once it has begun, the same restore stands in the way of everything else.
  if (!begun) draft.refuse(...finish(clusterProblems(situation)));
  if (draft.problems.length > 0) return;
  let previous: readonly string[] = [];
  const add = (step: Parameters<Draft['add']>[0]): void => {
    previous = [draft.add(step, previous)];
  };
  const change = planChange(situation, first);
  if (!begun) hooksBefore(draft, situation, first, change);
  if (restore?.reset !== true) {
    for (const step of laySteps(first, change)) add(step);
    if (copy !== undefined) add(sendStep(source, copy, first));
    const token = desired.get(from)?.tokenSha256;
    add(
      proveSnapshot.step(
        first,
        {
          path,
          ...(copy === undefined ? {} : { sent: copy.sha256 }),
          ...(size === undefined ? {} : { size }),
          ...(token === undefined ? {} : { tokenHash: tokenHash(token) }),
        },
        say`K3s restores whatever it gets, an empty file as well`,
      ),
    );
    add(haltServer.step(first, { id, from, snapshot: path }, say`nothing else may begin on these machines meanwhile`));
    add(resetCluster.step(first, { id, path }, say`its data become those of ${path.slice(path.lastIndexOf('/') + 1)}`));
  }
  const name = nodeNameOf(first, seen) ?? from;
  if (!isRunning(first, facts)) add(start.step(first, { role: 'server' }, say`it is the restored cluster`));
  const running = nodesOf(cluster).filter((node) => node !== first && isRunning(node, facts));
  const keep = [name, ...running.flatMap((node) => nodeNameOf(node, facts.get(node.id)) ?? [])];
  add(forgetNodes.step(first, { own: name, keep }, say`new machines may have their names`));
  add(proveRestore.step(first, { members: [from], before: time }, say`an empty datastore makes a cluster, too`));
  if (!optionIsOn(cluster, first, 'disable-agent'))
    add(awaitNodes.step(first, { nodes: [from] }, say`a node counts only when Kubernetes says so`));
  previous = hooksAfter(draft, situation, first, begun ? {} : change, previous);
  draft.add(endRestore.step(first, { id }, say`everything is proved`), previous);
  const others = nodesOf(cluster).filter((node) => node !== first && !running.includes(node));
  draft.note(
    say`${from} becomes the cluster of ${path.slice(path.lastIndexOf('/') + 1)}, saved ${new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC; what was changed in it since then is lost.`,
    ...(others.length === 0
      ? []
      : [
          say`${listed(others.map((node) => node.id))} ${others.length === 1 ? 'joins' : 'join'} by Provision afterwards ("k3s-ha apply FILE").`,
        ]),
    say`Volumes on the disks of former machines (local-path) are not in a snapshot of etcd.`,
  );
}

/** A copy of this computer goes to where its server keeps snapshots. */
export function sendStep(
  { path }: RestoreSource,
  copy: NonNullable<RestoreSource['copy']>,
  on: Parameters<typeof sendSnapshot.step>[0],
): ReturnType<typeof sendSnapshot.step> {
  const from = copy.from === undefined ? {} : { from: copy.from };
  const input = { copy: copy.path, ...from, path, size: copy.size, sha256: copy.sha256 };
  return sendSnapshot.step(on, input, say`it is restored from the disk of its server`);
}

/** Whether a plan makes the cluster of a snapshot on machines that had none, so that the others have to join it still. */
export function restoredAnew(steps: readonly Step[]): boolean {
  return steps.some(({ kind }) => kind === 'forget-nodes');
}
