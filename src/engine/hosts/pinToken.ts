import { joins } from '../../core/cluster/configFile';
import { writeFile } from '../../core/remote/file';
import { CONFIG_PATH, type K3sUnit } from '../../core/remote/probe';
import { firstServer, serverStart, startKey } from '../operations/provision';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { NodeContent } from '../planning/desired';
import type { StepContext } from '../steps/stepContext';
import { ended, type StepOutcome } from '../steps/stepOutcome';

/**
 * Writes the full token into the configuration of a node that is about to join, so that it checks the authority of
 * whoever answers at the address of the cluster before it says the password. On a first installation nobody knows that
 * authority when hosts are staged; now a server runs and tells it. Without an answer the node joins with the short token.
 * https://docs.k3s.io/cli/token#secure
 */
export async function pinToken(
  node: ClusterNode,
  unit: K3sUnit,
  content: NodeContent,
  context: StepContext,
): Promise<StepOutcome> {
  const { cluster, facts, plan } = context.prepared;
  const seen = facts.get(node.id);
  const start = serverStart(cluster, node, facts);
  // A process that is already starting has read its configuration: a newer file would only ask for a restart later.
  const idle = ['inactive', 'failed', undefined].includes(seen?.units[unit]?.active);
  if (!joins(node, start) || seen?.etcdData === true || !idle) return { kind: 'done' };
  const key = startKey(start);
  const writes = plan.steps.some((step) => step.node === node.id && step.action.type === 'write-config');
  const stands = writes ? content.pinnedHashes.has(key) : content.pinnedHashes.get(key) === seen?.configSha256;
  const server = start.kind === 'join' ? start.through : firstServer(cluster, facts);
  if (stands || server === undefined) return { kind: 'done' };
  const hash = await context.caHash(server);
  if (hash === undefined) {
    context.progress(
      `${server.id} does not tell the hash of its certificate authority: ${node.id} joins without checking it`,
    );
    return { kind: 'done' };
  }
  const config = content.pinned(start, hash);
  if (config === content.config(start) && writes) return { kind: 'done' };
  return ended(await context.on(node, writeFile(CONFIG_PATH, '0600', config, context.prepared.secrets.masks)));
}
