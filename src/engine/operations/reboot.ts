import { later, said, say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import { unitOf } from '../../core/cluster/roles';
import { enableCommand } from '../../core/k3s/serviceManager';
import { backendName } from '../../core/loadBalancer/backends';
import type { Draft } from '../../core/plan/draft';
import { SERVER_DOWN, type MachineId, type Step } from '../../core/plan/step';
import { balancersBefore } from '../planning/balancerSteps';
import { chosenNodes, chosenProblems } from '../planning/chosenNodes';
import { disruptionProblems, emptying, nodeWork } from '../planning/drains';
import { identityProblems } from '../planning/identity';
import { addressSteps } from '../planning/kubeVip';
import { nodesProof } from '../planning/nodesProof';
import { operatorProblems } from '../planning/operators';
import type { Situation } from '../planning/situation';
import { isRunning } from '../planning/starts';
import { strayUnitSteps } from '../planning/strayUnits';
import { awaitSettled } from '../steps/awaitSettled';
import { endReboot } from '../steps/endReboot';
import { putIn } from '../steps/putIn';
import { reboot as rebootStep } from '../steps/reboot';
import type { StepOptions } from '../steps/step';
import { takeOut } from '../steps/takeOut';
import type { Operation } from './operation';

/** Which machines are to be rebooted. */
export interface RebootIntent {
  /** Nodes of the file; at least one. */
  readonly nodes: readonly MachineId[];
  /** Pods stay where they are, and end with the machine. */
  readonly keepPods?: boolean;
  /** The boot of each that is to end: a machine with another one has been rebooted. */
  readonly boots?: Readonly<Record<MachineId, string>>;
}

const WITHOUT_DRAIN = later`Or reboot without moving pods: "k3s-ha reboot FILE NODE --no-drain". They end with the machine.`;

/**
 * Reboots machines one after another: out of the load balancer, its pods elsewhere, down while the others keep the cluster up, up again
 * and proved before the next. A run that was cut off after the reboot is finished without another one.
 */
export const reboot: Operation<RebootIntent> = {
  id: 'reboot',
  title: later`Reboot Machine…`,
  asks: 'plan',
  then: 'refresh',
  bind: (situation, intent) => ({
    ...intent,
    boots:
      intent.boots ??
      Object.fromEntries(
        chosenNodes(situation, intent.nodes).flatMap((node) => {
          const seen = situation.facts.get(node.id);
          if (seen === undefined) return [];
          return [[node.id, isUnfinished(situation, node) ? (seen.rebootFrom ?? '') : seen.bootId]];
        }),
      ),
  }),
  plan(situation, intent, draft) {
    // A machine that was rebooted by a run that was cut off may still be starting K3s.
    const comes = (host = ''): boolean => {
      const from = situation.facts.get(host)?.rebootFrom;
      return from !== undefined && from === intent.boots?.[host];
    };
    draft.refuse(
      ...chosenProblems(situation, intent.nodes, 'rebooted').filter(
        ({ code, host }) => code !== 'node-not-running' || !comes(host),
      ),
      ...identityProblems(situation),
    );
    if (draft.problems.length > 0) return;
    let previous: readonly string[] = [];
    for (const node of chosenNodes(situation, intent.nodes)) {
      const seen = situation.facts.get(node.id);
      const boot = intent.boots?.[node.id] ?? seen?.bootId ?? '';
      if (seen === undefined || (seen.bootId !== boot && seen.rebootFrom !== boot)) continue;
      if (seen.units[unitOf(node)]?.enabled === false) {
        draft.refuse(notEnabled(node, enableCommand(unitOf(node), seen.init)));
        continue;
      }
      previous = planOne(draft, situation, node, { boot, begun: seen.bootId !== boot, intent }, previous);
    }
    draft.refuse(
      ...disruptionProblems(situation, draft.steps, said(WITHOUT_DRAIN)),
      ...operatorProblems(situation, draft.steps),
    );
    if (draft.steps.length > 0) for (const step of nodesProof(situation, draft.steps)) draft.add(step, previous);
  },
};

interface Wanted {
  readonly boot: string;
  readonly begun: boolean;
  readonly intent: RebootIntent;
}

function planOne(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  { boot, begun, intent: { keepPods = false } }: Wanted,
  after: readonly string[],
): readonly string[] {
  const { role } = node;
  const own: string[] = [];
  const add = (step: Step): void => void own.push(draft.add(step, own.length === 0 ? after : []));
  const options: StepOptions =
    role === 'server' && !begun ? { guards: ['api-answers', 'quorum'], holds: [{ what: SERVER_DOWN }] } : {};
  const balancers = balancersBefore(situation, node);
  const drains = keepPods
    ? undefined
    : emptying(situation, node, {
        cordon: say`nothing is to start on a machine that goes down`,
        drain: say`pods go on elsewhere`,
      });
  if (!begun) {
    for (const step of strayUnitSteps(situation, node)) add(step);
    for (const step of drains?.before ?? []) add(step);
    if (balancers.length > 0) add(takeOut.step(node, { balancers }, say`nobody is to meet a server that stops`));
    for (const step of addressSteps(situation, node, options)) add(step);
    if (drains === undefined && !keepPods && nodeWork(situation, node) !== undefined)
      draft.note(say`${node.id} is not drained: no other node is Ready and takes pods. Its pods end with the machine.`);
  }
  const why = begun ? say`an earlier run was cut off` : say`you asked for it`;
  add(rebootStep.step(node, { role, boot, begun }, why, options));
  if (balancers.length > 0)
    add(putIn.step(node, { balancers }, say`it is ready again`, { always: true, after: [...own] }));
  const work = nodeWork(situation, node);
  const release = situation.facts.get(node.id)?.k3sVersion;
  if (work !== undefined && release !== undefined)
    add(awaitSettled.step(node, { ...work, release, charts: false, except: [] }, say`the next machine waits for it`));
  for (const step of drains?.end({ after: [...own] }) ?? []) add(step);
  add(endReboot.step(node, {}, say`the same command is to reboot it again`));
  return own;
}

/** Whether a run was cut off behind the reboot: what it would have put right in the end is still there. */
function isUnfinished(situation: Situation, node: ClusterNode): boolean {
  const { facts, live, balancers } = situation;
  const seen = facts.get(node.id);
  if (seen?.rebootFrom === undefined || seen.rebootFrom === seen.bootId) return false;
  const name = nodeWork(situation, node)?.name;
  return (
    !isRunning(node, facts) ||
    live?.nodes.some((one) => one.name === name && one.ownCordon === true) === true ||
    [...balancers.keys()].some((id) => facts.get(id)?.balancer?.drained.includes(backendName(node)) === true)
  );
}

function notEnabled(node: ClusterNode, command: string): Problem {
  return problem('k3s-not-enabled', say`K3s does not start together with ${node.id}, so a reboot would take it away`, {
    host: node.id,
    nextSteps: [say`Run "${command}" there, then plan again.`],
  });
}
