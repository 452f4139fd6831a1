import { later, say } from '../../core/base/say';
import { problem } from '../../core/base/problem';
import { count, listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { MachineId } from '../../core/plan/step';
import { change, changeAgents } from '../planning/changeSteps';
import { hookNotes } from '../planning/hooks';
import { identityProblems } from '../planning/identity';
import { planChange, type NodeChange } from '../planning/nodeChange';
import { nodesProof } from '../planning/nodesProof';
import { reachedNodes, type Situation } from '../planning/situation';
import { isRunning } from '../planning/starts';
import { absentServerProblems, tokenElsewhereProblems, unusableTokenProblems } from '../planning/tokenProblems';
import { rotateToken as rotate } from '../steps/rotateToken';
import { writeConfig } from '../steps/writeConfig';
import type { Operation } from './operation';

/** The token that the cluster is to get is the one of the file. */
export interface RotateTokenIntent {
  /** Something was to be done when the hosts were looked at first. */
  readonly begun?: boolean;
}

/**
 * Takes a running cluster from its present token to the one of the file: through one server, then into the configuration of
 * all machines at once, because none starts with the old one any more, then with a restart of each server alone and of the
 * agents in waves. What the hosts have tells how far an earlier run came.
 */
export const rotateToken: Operation<RotateTokenIntent> = {
  id: 'rotate-token',
  title: later`Rotate Token…`,
  asks: 'plan-and-name',
  then: 'refresh',
  bind: (situation, intent) => ({ begun: intent.begun === true || dueNodes(situation).length > 0 }),
  plan(situation, intent, draft) {
    const { cluster, live } = situation;
    draft.refuse(
      ...identityProblems(situation),
      ...absentServerProblems(situation, isRotated(situation)),
      ...unusableTokenProblems(situation),
      ...tokenElsewhereProblems(situation),
    );
    if (wantedToken(situation) === undefined)
      draft.refuse(
        problem('token-missing', say`The cluster file has no token`, {
          nextSteps: [say`Write "token: \${secret:NAME}", and put the new token there.`],
        }),
      );
    if (draft.problems.length > 0) return;
    const rotated = isRotated(situation);
    const changes = new Map(reachedNodes(situation).map((node) => [node.id, planChange(situation, node)] as const));
    const others = [...changes].filter(([, own]) => isForeign(own, rotated)).map(([id]) => id);
    if (others.length > 0) {
      draft.refuse(
        problem(
          'provision-first',
          say`${listed(others)} ${others.length === 1 ? 'is' : 'are'} not as the cluster file says`,
          {
            why: say`A rotation restarts every machine, and would bring that along.`,
            nextSteps: [say`Put the present token into the file, provision the cluster, then rotate the token.`],
          },
        ),
      );
      return;
    }
    const due = dueNodes(situation);
    if (due.length === 0) {
      if (intent.begun !== true) draft.refuse(unchanged());
      return;
    }
    const wanted = wantedToken(situation);
    const through = cluster.servers.find(({ id }) =>
      rotated ? situation.facts.get(id)?.tokenSha256 === wanted : id === live?.through,
    );
    if (through === undefined) {
      draft.refuse(
        problem('api-silent', say`No server of the cluster answers, so nobody can be given the new token`, {
          nextSteps: [say`Bring the API back first: "k3s-ha doctor" tells what it lacks.`],
        }),
      );
      return;
    }
    const why = rotated ? say`an earlier run was cut off` : say`the cluster file has another token than the cluster`;
    const gate = [draft.add(rotate.step(through, { done: rotated }, why))];
    const written = due.flatMap((node) => {
      const own = changes.get(node.id)?.config;
      if (own === undefined) return [];
      const reason = say`K3s does not start with the old token any more`;
      return [draft.add(writeConfig.step(node, { start: own.start }, reason, { differences: [own.difference] }), gate)];
    });
    const again = { pending: say`it is to run with the new token` };
    const previous = due
      .filter(({ role }) => role === 'server')
      .reduce<readonly string[]>(
        (after, server) => change(draft, situation, server, again, after),
        [...gate, ...written],
      );
    const agents = due.filter(({ role }) => role === 'agent');
    const last = [...previous, ...changeAgents(draft, situation, agents, () => again, previous)];
    for (const step of nodesProof(situation, draft.steps)) draft.add(step, last);
    draft.note(...notesOf(situation, rotated), ...hookNotes(situation, draft.steps));
  },
  proof: (situation) => nodesProof(situation),
};

/** sha256 of the token of the file. */
function wantedToken({ cluster, desired }: Situation): string | undefined {
  return cluster.servers.map(({ id }) => desired.get(id)?.tokenSha256).find((sha) => sha !== undefined);
}

/** Whether the cluster has the token of the file: then none of its machines starts with another one. */
function isRotated(situation: Situation): boolean {
  const wanted = wantedToken(situation);
  return situation.cluster.servers.some(({ id }) => situation.facts.get(id)?.tokenSha256 === wanted);
}

/** The machines that the old token is still on, or that run with it. */
function dueNodes(situation: Situation): readonly ClusterNode[] {
  const wanted = wantedToken(situation);
  return reachedNodes(situation).filter((node) => {
    const { config, pending } = planChange(situation, node);
    const old = node.role === 'server' && situation.facts.get(node.id)?.tokenSha256 !== wanted;
    // One that an earlier run did not get up again is started with the rest.
    const off = node.role === 'server' && isRotated(situation) && !isRunning(node, situation.facts);
    return off || (isRunning(node, situation.facts) && (old || config !== undefined || pending !== undefined));
  });
}

/** Whether something else than the token is to change; a restart that is due belongs to a rotation that has begun. */
function isForeign(own: NodeChange, rotated: boolean): boolean {
  const options = own.config?.options.map(({ name }) => name).filter((name) => name !== 'token') ?? [];
  return (
    options.length > 0 ||
    own.installation !== undefined ||
    (own.files?.length ?? 0) > 0 ||
    own.aside === true ||
    (own.pending !== undefined && !rotated)
  );
}

function unchanged(): ReturnType<typeof problem> {
  return problem('token-unchanged', say`The cluster file still has the token that the cluster has`, {
    nextSteps: [
      say`Put a new token where the file takes it from: "openssl rand -hex 16" makes one. The present one stays on a server, for the snapshots of its time.`,
    ],
  });
}

function notesOf({ cluster, unreachable }: Situation, rotated: boolean): readonly string[] {
  const silent = [...unreachable.keys()].filter((id: MachineId) => cluster.agents.some((agent) => agent.id === id));
  return [
    ...(rotated ? [say`The cluster has its new token already: what is left of an earlier run is done.`] : []),
    say`Snapshots taken until now can be restored only with the present token; it is kept on the server through which it is rotated, in /var/lib/k3s-ha/former-tokens.`,
    ...(silent.length === 0
      ? []
      : [
          say`${count(silent.length, 'agent')} cannot be reached (${listed(silent)}): what runs there goes on; run this again when they are back, or they cannot join after their next start.`,
        ]),
  ];
}
