import { say } from '../../core/base/say';
import { finish, type Steps } from '../../core/base/steps';
import type { ClusterNode } from '../../core/cluster/cluster';
import { agentsAtOnce, upgradeRules } from '../../core/cluster/upgradeRules';
import type { Draft } from '../../core/plan/draft';
import { SERVER_DOWN, type Step } from '../../core/plan/step';
import { BINARY_PATH } from '../../core/k3s/paths';
import { balancersBefore } from './balancerSteps';
import { hooksAfter, hooksBefore } from './hooks';
import { placeSteps, removeSteps, restartingFiles } from './fileSteps';
import { imageCacheSteps, imageSteps } from './imageSteps';
import { addressSteps } from './kubeVip';
import type { NodeChange } from './nodeChange';
import type { Situation } from './situation';
import { drainSteps } from './drains';
import { settledSteps } from './settled';
import { roomSteps } from './upgradeRoom';
import { install } from '../steps/install';
import { putAside } from '../steps/putAside';
import { putBack } from '../steps/putBack';
import { putIn } from '../steps/putIn';
import { renewCertificates } from '../steps/renewCertificates';
import { restart } from '../steps/restart';
import type { StepOptions } from '../steps/step';
import { takeOut } from '../steps/takeOut';
import { writeConfig } from '../steps/writeConfig';

/** Files, configuration and binary of a machine, in the order in which one may name the other. */
export function laySteps(node: ClusterNode, { config, installation, files, imageCache }: NodeChange): readonly Step[] {
  const { role } = node;
  return [
    ...placeSteps(node, files),
    ...imageCacheSteps(node, imageCache),
    ...(config === undefined
      ? []
      : [writeConfig.step(node, { start: config.start }, config.reason, { differences: [config.difference] })]),
    ...(installation === undefined
      ? []
      : [install.step(node, { role, release: installation.release }, installation.reason)]),
    ...removeSteps(node, files),
  ];
}

/**
 * A running machine gets its change with its restart; what it ran with comes back when that fails. `rest` is what is left of
 * a change that has begun. Ids of what to wait for.
 */
export function change(
  draft: Draft,
  situation: Situation,
  node: ClusterNode,
  wanted: NodeChange,
  after: readonly string[],
  rest?: NodeChange,
): readonly string[] {
  const { config, installation, files, pending, aside } = rest ?? wanted;
  const { role } = node;
  const isServer = role === 'server';
  const options: StepOptions = isServer ? { guards: ['api-answers', 'quorum'], holds: [{ what: SERVER_DOWN }] } : {};
  // The binary that runs is put aside with the configuration.
  const binary = situation.facts.get(node.id)?.k3sBinary ?? BINARY_PATH;
  const changed = files?.map(({ path }) => path).filter((path) => path !== binary) ?? [];
  const written = config !== undefined || installation !== undefined || (files?.length ?? 0) > 0;
  if (rest === undefined) hooksBefore(draft, situation, node, wanted, after);
  const own: string[] = [];
  const add = (step: Step): string => {
    const id = draft.add(step, own.length === 0 ? after : []);
    own.push(id);
    return id;
  };
  const drains = drainSteps(situation, node, wanted);
  for (const step of [...roomSteps(situation, node, wanted), ...(drains?.before ?? [])]) add(step);
  // Where pods could not leave, nothing of the machine has been changed that would have to go back.
  const before = own.length;
  if (written)
    add(putAside.step(node, { role, files: changed }, say`it comes back if the new state does not work`, options));
  for (const step of laySteps(node, rest ?? wanted)) add(step);
  const why =
    config !== undefined
      ? say`its configuration changes`
      : installation !== undefined
        ? say`its installation changes`
        : restartingFiles(files)
          ? say`K3s reads its files only when it starts`
          : (pending ?? say`it still runs with its old configuration`);
  const balancers = balancersBefore(situation, node);
  if (balancers.length > 0) add(takeOut.step(node, { balancers }, say`nobody is to meet a server that stops`));
  for (const step of addressSteps(situation, node, options)) add(step);
  const alone = isServer && situation.cluster.servers.length === 1;
  const again = wanted.renews === true ? renewCertificates : restart;
  const ends = [again.step(node, { role, alone }, why, options), ...imageSteps(situation, node)].map(add);
  if (written || aside === true) {
    const reason = say`no host is left with a state that it cannot start with`;
    ends.push(add(putBack.step(node, { role }, reason, { always: true, after: own.slice(before) })));
  }
  if (balancers.length > 0) {
    ends.push(add(putIn.step(node, { balancers }, say`it is ready again`, { always: true, after: own.slice(before) })));
  }
  // Behind all of the change: one that was put back has nothing to settle with, whatever was done to put it back.
  for (const step of settledSteps(situation, node, wanted)) {
    const id = draft.add(step, own);
    own.push(id);
    ends.push(id);
  }
  for (const step of drains?.end({ after: own }) ?? []) ends.push(add(step));
  return hooksAfter(draft, situation, node, wanted, ends);
}

/** One agent proves the change, then the others follow a few at a time. */
export function changeAgents(
  draft: Draft,
  situation: Situation,
  agents: readonly ClusterNode[],
  changeOf: (node: ClusterNode) => NodeChange,
  after: readonly string[],
): readonly string[] {
  return finish(changeAgentsInSteps(draft, situation, agents, changeOf, after));
}

/** The same in slices, for many agents. */
export function* changeAgentsInSteps(
  draft: Draft,
  situation: Situation,
  agents: readonly ClusterNode[],
  changeOf: (node: ClusterNode) => NodeChange,
  after: readonly string[],
): Steps<readonly string[]> {
  const atOnce = agentsAtOnce(upgradeRules(situation.cluster), agents.length);
  const drains = agents.some((agent) => drainSteps(situation, agent, changeOf(agent)) !== undefined);
  const ends: (readonly string[])[] = [];
  for (const [index, agent] of agents.entries()) {
    const before =
      index === 0 ? [] : drains ? waveBefore(ends, index, atOnce) : (ends[Math.max(0, index - atOnce)] ?? []);
    ends.push(change(draft, situation, agent, changeOf(agent), [...after, ...before]));
    yield;
  }
  return ends.flat();
}

/**
 * Where pods move away, nobody begins while one of the agents before is blocked: each half drained node would hold a pod that
 * another one waits for. All of one wave are over before the next begins; the first agent is a wave of its own.
 */
function waveBefore(ends: readonly (readonly string[])[], index: number, atOnce: number): readonly string[] {
  const wave = Math.floor((index - 1) / atOnce);
  return (wave === 0 ? ends.slice(0, 1) : ends.slice(1 + (wave - 1) * atOnce, 1 + wave * atOnce)).flat();
}

export function isChanged({ config, installation, files, pending }: NodeChange): boolean {
  return config !== undefined || installation !== undefined || pending !== undefined || restartingFiles(files);
}
