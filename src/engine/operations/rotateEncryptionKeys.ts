import { later, say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { etcdMembers } from '../../core/cluster/roles';
import type { EncryptionFacts } from '../../core/facts/encryptionFacts';
import { noSnapshotsProblem } from '../planning/datastoreCopy';
import { change } from '../planning/changeSteps';
import { hookNotes } from '../planning/hooks';
import { identityProblems } from '../planning/identity';
import { keptCopy, type KeepIntent } from '../planning/keptSnapshot';
import { nodesProof } from '../planning/nodesProof';
import { operatorProblems } from '../planning/operators';
import type { Situation } from '../planning/situation';
import { isRunning } from '../planning/starts';
import { rotateKeys } from '../steps/rotateKeys';
import { saveSnapshot } from '../steps/saveSnapshot';
import type { Operation } from './operation';

export interface RotateKeysIntent extends KeepIntent {
  /** Hash of the keys when the servers were looked at first; empty when an earlier rotation was under way. */
  readonly from?: string;
}

/**
 * Makes a new key for Secrets: a snapshot first, for a server that is lost while K3s encrypts takes the only copy of the new
 * key with it; then the rotation, which no cancel cuts off; then every server is restarted, so that it gets the new key.
 */
export const rotateEncryptionKeys: Operation<RotateKeysIntent> = {
  id: 'rotate-encryption-keys',
  title: later`Rotate Encryption Keys`,
  asks: 'plan-and-name',
  then: 'refresh',
  bind: (situation, intent) => ({ ...intent, from: intent.from ?? (isMixed(situation) ? '' : hashesOf(situation)[0]) }),
  plan(situation, intent, draft) {
    const { cluster, live } = situation;
    draft.refuse(...identityProblems(situation), ...serverProblems(situation));
    if (draft.problems.length > 0) return;
    const mixed = isMixed(situation);
    if (!mixed && hashesOf(situation)[0] !== intent.from) return;
    const through = cluster.servers.find(({ id }) => id === (mixed ? newest(situation) : live?.through));
    if (through === undefined) {
      draft.refuse(
        problem('api-silent', say`No server of the cluster answers, so its keys cannot be rotated`, {
          nextSteps: [say`Bring the API back first: "k3s-ha doctor" tells what it lacks.`],
        }),
      );
      return;
    }
    let previous: readonly string[] = [];
    if (!mixed) {
      const why = say`a server that is lost while Secrets are encrypted takes the new key with it`;
      const none = intent.keep === undefined ? undefined : noSnapshotsProblem(cluster);
      if (none !== undefined) return draft.refuse(none);
      let saved: readonly string[] = [];
      if (cluster.datastore.type === 'embedded-etcd') {
        const server = keeper(situation, through);
        const first = saveSnapshot.step(server, { name: 'before-key-rotation' }, why);
        for (const step of [first, ...keptCopy(first, server, intent)]) saved = [draft.add(step, saved)];
      }
      previous = [draft.add(rotateKeys.step(through, {}, say`you asked for it`), saved)];
    }
    const wanted = { pending: say`it gets the new key when it starts` };
    const order = [through, ...cluster.servers.filter((server) => server !== through)];
    for (const server of order) previous = change(draft, situation, server, wanted, previous);
    for (const step of nodesProof(situation, draft.steps)) draft.add(step, previous);
    draft.refuse(...operatorProblems(situation, draft.steps));
    draft.note(...notesOf(situation, mixed, intent), ...hookNotes(situation, draft.steps));
  },
  proof: (situation) => nodesProof(situation),
};

/** Who saves the snapshot: not the server whose loss it is for, where there is another one. */
function keeper({ cluster }: Situation, through: ClusterNode): ClusterNode {
  return etcdMembers(cluster).find(({ id }) => id !== through.id) ?? through;
}

function encryptionOf({ facts }: Situation, { id }: ClusterNode): EncryptionFacts | undefined {
  return facts.get(id)?.encryption;
}

/** The different hashes of the keys that servers have. */
function hashesOf(situation: Situation): readonly string[] {
  return [...new Set(situation.cluster.servers.flatMap((node) => encryptionOf(situation, node)?.hash ?? []))];
}

/** Servers have different keys: a rotation was begun, and not all of them were restarted since. */
function isMixed(situation: Situation): boolean {
  return hashesOf(situation).length > 1;
}

/** The server with the newest keys: those of before are older on all others. */
function newest(situation: Situation): string | undefined {
  const written = (node: ClusterNode): number => encryptionOf(situation, node)?.written ?? 0;
  return [...situation.cluster.servers].sort((a, b) => written(b) - written(a))[0]?.id;
}

function serverProblems(situation: Situation): readonly Problem[] {
  const { cluster, facts, unreachable } = situation;
  const away = cluster.servers.filter((node) => !isRunning(node, facts));
  if (away.length > 0)
    return away.map(({ id }) =>
      problem('server-absent', say`K3s does not run on ${id}, as far as can be seen`, {
        host: id,
        why: unreachable.get(id)?.message ?? say`Every server has to have the same keys before they are rotated.`,
        nextSteps: [say`Bring it back, or take it out of the cluster and the file, then run this again.`],
      }),
    );
  const plain = cluster.servers.filter((node) => encryptionOf(situation, node)?.enabled !== true);
  if (plain.length > 0)
    return [
      problem('encryption-off', say`Secrets are not encrypted on ${listed(plain.map(({ id }) => id))}`, {
        why: say`K3s documents secrets-encryption for clusters that begin with it. Servers that get it one after another later stay with different keys.`,
        nextSteps: [
          say`Build a cluster with "secrets-encryption: true", and move the workloads. What K3s can do in a running cluster stands at https://docs.k3s.io/cli/secrets-encrypt.`,
        ],
      }),
    ];
  const stages = new Set(cluster.servers.map((node) => encryptionOf(situation, node)?.stage ?? ''));
  const open = [...stages].filter((stage) => !['start', 'reencrypt_finished'].includes(stage));
  return open.length === 0
    ? []
    : [
        problem('rotation-open', say`A rotation of the keys is under way: ${listed(open)}`, {
          nextSteps: [
            say`Restart no server meanwhile. Look with "k3s secrets-encrypt status" on a server, and run this again when it says reencrypt_finished.`,
          ],
        }),
      ];
}

function notesOf({ cluster }: Situation, mixed: boolean, { keep }: KeepIntent): readonly string[] {
  return [
    ...(mixed
      ? [
          say`Servers have different keys: an earlier rotation was cut off. It is finished by restarting them, and no new key is made.`,
        ]
      : [
          say`K3s encrypts about five Secrets a second anew. Until it says that it has finished let no machine be rebooted, by kured or a Plan of system-upgrade-controller either.`,
        ]),
    ...(mixed || cluster.datastore.type === 'embedded-etcd'
      ? []
      : [say`The datastore is not one that K3s saves snapshots of: back it up yourself before you go on.`]),
    ...(keep === undefined
      ? []
      : [
          mixed
            ? say`No snapshot is copied, because the new key is in use already; the one from before lies on a server as before-key-rotation-….`
            : say`The snapshot in ${keep} opens only with the keys of before. They are in it, encrypted with the token of the cluster: keep that token, too.`,
        ]),
  ];
}
