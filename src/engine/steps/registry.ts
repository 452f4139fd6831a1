import { readCaHash } from '../../core/remote/caHash';
import { writeFile } from '../../core/remote/file';
import { installK3s } from '../../core/remote/install';
import { CONFIG_PATH, STAMP_PATH } from '../../core/remote/probe';
import type { Step } from '../../core/plan/plan';
import type { ClusterNode } from '../../core/cluster/cluster';
import { awaitNodes } from './awaitNodes';
import { awaitUnit } from '../hosts/awaitUnit';
import type { StepRunner } from '../run/schedule';
import { pinToken } from '../hosts/pinToken';
import type { PreparedPlan } from '../run/prepare';
import { quorumGuard } from '../guards/quorum';
import type { StepContext, StepDependencies } from './stepContext';
import { ended, type StepOutcome } from './stepOutcome';
import { target } from '../hosts/targets';
import { dataDir } from '../../core/cluster/options';
import { unitOf } from '../../core/cluster/roles';

/** The runner for the steps of one prepared plan. */
export function stepRunner(prepared: PreparedPlan, deps: StepDependencies): StepRunner {
  const nodes = new Map(prepared.plan.nodes.map((node) => [node.id, node]));
  const caHashes = new Map<string, Promise<string | undefined>>();
  return async (step, signal, progress) => {
    const node = nodes.get(step.node);
    if (node === undefined) throw new Error(`step ${step.id} names an unknown node`);
    const context: StepContext = {
      prepared,
      deps,
      signal,
      progress,
      async caHash(server) {
        const asked =
          caHashes.get(server.id) ??
          context
            .on(server, readCaHash(dataDir(prepared.cluster, server)))
            .then((read) => (read.kind === 'done' ? read.value : undefined));
        caHashes.set(server.id, asked);
        const hash = await asked;
        if (hash === undefined) caHashes.delete(server.id);
        return hash;
      },
      on: (host, command) =>
        deps.hosts.run(target(host), command, {
          signal,
          onLine: (line) => deps.onEvent({ type: 'output', node: host.id, line }),
        }),
    };
    if (signal.aborted) return { kind: 'cancelled' };
    const outcome = deps.mask.outcome(await carryOut(step, node, context));
    return signal.aborted && outcome.kind !== 'done' ? { kind: 'cancelled' } : outcome;
  };
}

function carryOut(step: Step, node: ClusterNode, context: StepContext): Promise<StepOutcome> {
  const { action } = step;
  switch (action.type) {
    case 'write-config':
      return writeConfig(node, context, action);
    case 'install':
      return install(node, context);
    case 'start':
      return start(node, context);
    case 'restart':
      return restart(node, context);
    case 'await-nodes':
      return awaitNodes(node, context);
  }
}

async function writeConfig(
  node: ClusterNode,
  context: StepContext,
  action: Extract<Step['action'], { type: 'write-config' }>,
): Promise<StepOutcome> {
  const content = contentOf(node, context).config(action.start);
  return ended(await context.on(node, writeFile(CONFIG_PATH, '0600', content, context.prepared.secrets.masks)));
}

/** The stamp is written last: an installation that was cut off runs again. */
async function install(node: ClusterNode, context: StepContext): Promise<StepOutcome> {
  const content = contentOf(node, context);
  const installed = await context.on(node, installK3s(content.install, context.prepared.secrets.masks));
  if (installed.kind !== 'done') return ended(installed);
  return ended(await context.on(node, writeFile(STAMP_PATH, '0600', `${content.stamp}\n`)));
}

async function start(node: ClusterNode, context: StepContext): Promise<StepOutcome> {
  const pinned = await pinToken(node, unitOf(node), contentOf(node, context), context);
  return pinned.kind === 'done' ? awaitUnit(node, unitOf(node), 'start', context) : pinned;
}

async function restart(node: ClusterNode, context: StepContext): Promise<StepOutcome> {
  if (node.role === 'server') {
    const refused = await quorumGuard(node, context);
    if (refused !== undefined) return { kind: 'failed', problem: refused };
  }
  return awaitUnit(node, unitOf(node), 'restart', context);
}

function contentOf(node: ClusterNode, context: StepContext): NonNullable<ReturnType<PreparedPlan['content']['get']>> {
  const content = context.prepared.content.get(node.id);
  if (content === undefined) throw new Error(`no content for node ${node.id}`);
  return content;
}
