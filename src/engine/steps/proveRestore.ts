import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import { clusterAge, etcdHash } from '../../core/remote/restoreProof';
import { etcdMembers as readEtcd } from '../../core/remote/etcd';
import type { StepOutcome } from '../../core/plan/step';
import { untilNothingLacks } from '../hosts/untilNothingLacks';
import { defineStep, ended, stepFailed, type StepContext } from './step';

interface Proved {
  /** The servers that are members of etcd now, and nobody else is. */
  readonly members: readonly string[];
  /** Seconds since 1970: the cluster must be older than that. */
  readonly before: number;
}

/**
 * Proves a restored cluster: by etcd's own list of members, because Nodes come out of the snapshot and look Ready; by what all
 * members have, which must be the same; and by its age, for a cluster that was restored from nothing is new.
 */
export const proveRestore = defineStep<Proved>({
  kind: 'prove-restore',
  phase: 'wait',
  estimateMs: 3000,
  says: ({ members }) => ({
    title: say`Prove that ${members.length === 1 ? say`it is the only member` : say`its ${members.length} members have the same data`} and that the cluster is the old one`,
    doing: say`proving the restored cluster`,
    counted: '',
  }),
  run: (wanted, at) =>
    untilNothingLacks(
      at,
      async () => {
        const lacking = await whatLacks(wanted, at);
        return lacking.kind === 'lacking' ? lacking.why : lacking;
      },
      (why) =>
        stepFailed('restore-not-proved', at.machine, say`The restored cluster is not what it has to be`, {
          why,
          nextSteps: [say`Touch no server before the cause is known; run the same command again to prove it anew.`],
        }),
    ),
});

type Proof = StepOutcome | { readonly kind: 'lacking'; readonly why: string };

async function whatLacks({ members, before }: Proved, at: StepContext): Promise<Proof> {
  const folder = (id: string): string => dataDir(at.cluster, at.node(id));
  const etcd = await at.on(at.machine, readEtcd(folder(at.machine.id)));
  // Without curl etcd cannot be asked; every server was proved by what its own unit and API say.
  const blind = etcd.kind === 'failed' && etcd.problem.code === 'curl-missing';
  if (etcd.kind === 'unknown') return ended(etcd);
  if (etcd.kind === 'failed' && !blind) return { kind: 'lacking', why: etcd.problem.why ?? etcd.problem.message };
  if (etcd.kind === 'done') {
    const voting = etcd.value.members.filter(({ learner }) => !learner);
    if (voting.length !== members.length || etcd.value.members.length !== members.length)
      return {
        kind: 'lacking',
        why: say`etcd has ${voting.length} voting members instead of ${members.length}: ${etcd.value.members.map(({ name }) => name).join(', ')}`,
      };
    const hashes = await hashesDiffer(members, folder, at);
    if (hashes.kind !== 'done') return hashes;
  }
  const age = await at.on(at.machine, clusterAge());
  if (age.kind === 'unknown') return ended(age);
  if (age.kind === 'failed') return { kind: 'lacking', why: age.problem.why ?? age.problem.message };
  if (age.value <= before * 1000) return { kind: 'done' };
  return stepFailed(
    'restored-nothing',
    at.machine,
    say`The cluster that runs now is new: it has nothing of the old one`,
    {
      why: say`Its namespace kube-system was made at ${new Date(age.value).toISOString()}, and the snapshot is older.`,
      nextSteps: [say`The data from before are still on the servers: restore from another snapshot.`],
    },
  );
}

/** Whether all members have the same at the revision that the first one tells. */
async function hashesDiffer(
  members: readonly string[],
  folder: (id: string) => string,
  at: StepContext,
): Promise<Proof> {
  const [first, ...others] = members;
  if (first === undefined) return { kind: 'done' };
  const own = await at.on(at.reach(first), etcdHash(folder(first)));
  if (own.kind === 'unknown') return ended(own);
  if (own.kind === 'failed') return { kind: 'lacking', why: `${first}: ${own.problem.why ?? own.problem.message}` };
  const told = await Promise.all(
    others.map(async (id) => ({ id, answer: await at.on(at.reach(id), etcdHash(folder(id), own.value.revision)) })),
  );
  for (const { id, answer } of told) {
    if (answer.kind === 'unknown') return ended(answer);
    if (answer.kind === 'failed')
      return { kind: 'lacking', why: `${id}: ${answer.problem.why ?? answer.problem.message}` };
    if (answer.value.hash !== own.value.hash)
      return { kind: 'lacking', why: say`${first} and ${id} have different data at revision ${own.value.revision}` };
  }
  return { kind: 'done' };
}
