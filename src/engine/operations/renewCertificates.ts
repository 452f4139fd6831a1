import { later, say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { unitOf } from '../../core/cluster/roles';
import { certificateAge, endWords, firstToEnd } from '../../core/k3s/certificates';
import type { Draft } from '../../core/plan/draft';
import type { MachineId } from '../../core/plan/step';
import { change, changeAgents } from '../planning/changeSteps';
import { chosenNodes, chosenProblems } from '../planning/chosenNodes';
import { hookNotes } from '../planning/hooks';
import { identityProblems } from '../planning/identity';
import { planAddressProof } from '../planning/kubeVip';
import { nodesProof } from '../planning/nodesProof';
import { servedProof } from '../planning/servedProof';
import type { Situation } from '../planning/situation';
import { isRunning } from '../planning/starts';
import { renewCertificates as renew } from '../steps/renewCertificates';
import type { Operation } from './operation';

/** Whose certificates are to be renewed. */
export interface RenewIntent {
  /** Machines of the file; none stands for all whose certificates are older than a day. */
  readonly nodes: readonly MachineId[];
  /** When the first certificate of each ends that is to be renewed: what ends later has been renewed. */
  readonly ends?: Readonly<Record<MachineId, number>>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Gives every machine new certificates: one server after another, out of the load balancer meanwhile; then the agents, which
 * get theirs from a server and only when they start. Each is proved by the files on the machine. Where certificates have ended
 * and no API answers, no server could become ready alone: then all of them are done at once, and nobody is asked.
 */
export const renewCertificates: Operation<RenewIntent> = {
  id: 'renew-certificates',
  title: later`Renew Certificates`,
  asks: 'plan',
  then: 'kubeconfig',
  bind: (situation, intent) => ({ ...intent, ends: endsOf(situation, intent) }),
  plan(situation, intent, draft) {
    const named = [...intent.nodes, ...Object.keys(intent.ends ?? {}).filter((id) => situation.facts.has(id))];
    const stopped = new Set(canBegin(situation, intent).map(({ id }) => id));
    draft.refuse(
      ...chosenProblems(
        situation,
        named.filter((id) => !stopped.has(id)),
        say`given new certificates`,
      ),
      ...identityProblems(situation),
    );
    if (draft.problems.length > 0) return;
    const ends = endsOf(situation, intent);
    const due = canBegin(situation, intent).filter(({ id }) => {
      const before = ends[id];
      return before !== undefined && (firstEnd(situation, id) ?? 0) <= before;
    });
    draft.note(...leftOutNotes(situation, intent, due));
    const servers = due.filter(({ role }) => role === 'server');
    const agents = due.filter(({ role }) => role === 'agent');
    const previous = isDark(situation, servers)
      ? allAtOnce(draft, situation, servers)
      : servers.reduce<readonly string[]>(
          (after, server) => change(draft, situation, server, wantedOf(situation, server), after),
          [],
        );
    const last = [
      ...previous,
      ...changeAgents(draft, situation, agents, (agent) => wantedOf(situation, agent), previous),
    ];
    if (draft.steps.length === 0) return;
    const proved = planAddressProof(draft, situation, last);
    for (const step of nodesProof(situation, draft.steps)) draft.add(step, [...last, ...proved]);
    const renewed = new Set(servers.map(({ id }) => id));
    for (const step of servers.length === 0 ? [] : servedProof(situation, { renewed }))
      draft.add(step, [...last, ...proved]);
    draft.note(...kubeconfigNotes(situation), ...hookNotes(situation, draft.steps));
  },
  proof: (situation) => nodesProof(situation),
};

function wantedOf(situation: Situation, { id }: ClusterNode): { readonly renews: true; readonly pending: string } {
  const ends = firstEnd(situation, id);
  const now = timeOf(situation, id);
  const age = ends === undefined ? undefined : say`its first certificate ${verb(ends, now)} ${endWords(ends, now)}`;
  return { renews: true, pending: age ?? say`its certificates could not be read` };
}

function verb(ends: number, now: number): string {
  return certificateAge(ends, now) === 'ended' ? say`has ended` : 'lasts';
}

function firstEnd({ facts }: Situation, id: MachineId): number | undefined {
  return firstToEnd(facts.get(id)?.certificates ?? [])?.ends;
}

/** By the machine's own clock, milliseconds since 1970. */
function timeOf({ facts }: Situation, id: MachineId): number {
  return (facts.get(id)?.time ?? 0) * 1000;
}

function hasEnded(situation: Situation, id: MachineId): boolean {
  const ends = firstEnd(situation, id);
  return ends !== undefined && certificateAge(ends, timeOf(situation, id)) === 'ended';
}

/** The chosen machines on which K3s runs, or cannot run because its certificates have ended. */
function canBegin(situation: Situation, { nodes }: RenewIntent): readonly ClusterNode[] {
  return chosenNodes(situation, nodes).filter(
    (node) =>
      isRunning(node, situation.facts) ||
      (hasEnded(situation, node.id) && situation.facts.get(node.id)?.units[unitOf(node)] !== undefined),
  );
}

/** What is meant: named machines in any case; of all those that are not of today, unless all are. */
function endsOf(situation: Situation, intent: RenewIntent): Readonly<Record<MachineId, number>> {
  if (intent.ends !== undefined) return intent.ends;
  const all = canBegin(situation, intent);
  const old = intent.nodes.length > 0 ? all : all.filter(({ id }) => !isOfToday(situation, id));
  return Object.fromEntries((old.length > 0 ? old : all).map(({ id }) => [id, firstEnd(situation, id) ?? 0]));
}

/** Whether every certificate was written within the last day: a run that was cut off has been here. */
function isOfToday(situation: Situation, id: MachineId): boolean {
  const certificates = situation.facts.get(id)?.certificates ?? [];
  return certificates.length > 0 && certificates.every(({ written }) => timeOf(situation, id) - written < DAY_MS);
}

/** No API answers, and the certificates of a server have ended: etcd has no majority of members that believe each other. */
function isDark(situation: Situation, servers: readonly ClusterNode[]): boolean {
  return situation.live === undefined && servers.some(({ id }) => hasEnded(situation, id));
}

function allAtOnce(draft: Draft, situation: Situation, servers: readonly ClusterNode[]): readonly string[] {
  draft.note(
    say`Certificates of ${listed(servers.filter(({ id }) => hasEnded(situation, id)).map(({ id }) => id))} have ended and no API answers: the servers are stopped and started together, because none is believed by the others before they have new ones, too.`,
  );
  return servers.map((server) =>
    draft.add(renew.step(server, { role: 'server', alone: true }, wantedOf(situation, server).pending)),
  );
}

function leftOutNotes(situation: Situation, intent: RenewIntent, due: readonly ClusterNode[]): readonly string[] {
  const meant = chosenNodes(situation, intent.nodes);
  const able = new Set(canBegin(situation, intent).map(({ id }) => id));
  const off = meant.filter(({ id }) => situation.facts.has(id) && !able.has(id)).map(({ id }) => id);
  const young = meant.filter((node) => able.has(node.id) && !due.includes(node)).map(({ id }) => id);
  return [
    ...meant.flatMap(({ id }) => {
      const why = situation.unreachable.get(id);
      return why === undefined
        ? []
        : [say`Left out: ${id} could not be looked at (${why.message}). Run this again when it is back.`];
    }),
    ...(off.length === 0
      ? []
      : [say`Left out: K3s does not run on ${listed(off)}; it gets new certificates when it starts.`]),
    ...(young.length === 0 ? [] : [say`Left out: the certificates of ${listed(young)} were made within the last day.`]),
  ];
}

/** Copies of the kubeconfig are not renewed by anybody. */
function kubeconfigNotes(situation: Situation): readonly string[] {
  const ends = [...situation.facts.values()].flatMap(({ certificates, time }) =>
    certificates.filter(({ path, ends: end }) => path.endsWith('/client-admin.crt') && end > time * 1000),
  );
  const last = ends.map(({ ends: end }) => end).sort((a, b) => b - a)[0];
  return [
    last === undefined
      ? say`Every copy of the kubeconfig elsewhere has ended, too: fetch them anew.`
      : say`Copies of the kubeconfig elsewhere keep their certificate, which lasts until ${new Date(last).toISOString().slice(0, 10)} at most: fetch them anew before.`,
  ];
}
