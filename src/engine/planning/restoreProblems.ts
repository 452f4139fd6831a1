import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import { etcdMembers } from '../../core/cluster/roles';
import { shellWord } from '../../core/remote/shell';
import { noSnapshotsProblem } from './datastoreCopy';
import { machineProblems } from './identity';
import { copyProblems } from './restoreCopy';
import { isAnew, type RestoreIntent, type RestoreSource } from './restoreIntent';

import { nodeNameOf, type Situation } from './situation';

/** Why a cluster must not be restored now: above all servers that nobody can prove stopped. */
export function restoreProblems(situation: Situation, intent: RestoreIntent, source: RestoreSource): Problem[] {
  const { gone = [] } = intent;
  const { cluster, facts, unreachable, live } = situation;
  const none = noSnapshotsProblem(cluster);
  if (none !== undefined) return [none];
  const found = [...machineProblems(situation), ...copyProblems(situation, intent, source)];
  const silent = cluster.servers.filter(({ id }) => !facts.has(id) && !gone.includes(id));
  for (const { id } of silent) {
    const why = unreachable.get(id);
    found.push(
      problem(
        'server-not-proved-stopped',
        say`${id} cannot be reached, so nobody can prove that K3s is stopped there`,
        {
          host: id,
          why: say`${why === undefined ? '' : `${why.why ?? why.message}. `}A server that runs on with the old data makes a second cluster of the same name.`,
          nextSteps: [
            say`Bring it back, or switch it off for good.`,
            say`If it never comes back, say so: "k3s-ha snapshot restore … --gone ${shellWord(id)}".`,
          ],
        },
      ),
    );
  }
  const names = new Set(cluster.servers.map((server) => nodeNameOf(server, facts.get(server.id)) ?? server.id));
  const strangers = (live?.etcd?.members ?? []).filter(
    ({ nodeName }) => nodeName !== '' && !names.has(nodeName) && !gone.includes(nodeName),
  );
  for (const { nodeName } of strangers)
    found.push(
      problem('member-not-in-file', say`etcd has a member ${nodeName} that the file does not name`, {
        why: say`Every member has to be stopped before one of them is restored.`,
        nextSteps: [
          say`Name its machine in the file, or, if it never comes back, say so: "k3s-ha snapshot restore … --gone ${shellWord(nodeName)}".`,
        ],
      }),
    );
  const other = cluster.servers.filter(({ id }) => facts.get(id)?.init === 'none').map(({ id }) => id);
  if (other.length > 0)
    found.push(
      problem(
        'no-service-manager',
        say`${listed(other)} ${other.length === 1 ? 'runs' : 'run'} neither systemd nor OpenRC`,
        {
          why: say`Nothing there can stop K3s and prove that it stays stopped.`,
          nextSteps: [say`Use hosts that one of them has started.`],
        },
      ),
    );
  const from = etcdMembers(cluster).find(({ id }) => id === source.from);
  if (!isAnew(source) && (from === undefined || facts.get(source.from)?.units.k3s === undefined))
    found.push(
      problem('restore-needs-k3s', say`K3s is not installed as a server with etcd on ${source.from}`, {
        host: source.from,
        nextSteps: [say`Provision the cluster first; restore on one of its servers then.`],
      }),
    );
  if (source.survivor && live?.etcd?.healthy === true)
    found.push(
      problem('quorum-is-there', say`etcd has its majority, so no server has to be taken for a survivor`, {
        nextSteps: [say`Save a snapshot ("k3s-ha snapshot save FILE") and restore that one.`],
      }),
    );
  return found;
}
