import { say } from '../../core/base/say';
import { joins } from '../../core/cluster/configFile';
import type { ClusterNode } from '../../core/cluster/cluster';
import { unitOf } from '../../core/cluster/roles';
import { CONFIG_PATH } from '../../core/k3s/paths';
import { writeFile } from '../../core/remote/file';
import { firstServer, serverStart } from '../planning/starts';
import { ended, type StepContext } from '../steps/step';
import type { StepOutcome } from '../../core/plan/step';

/**
 * Writes the full token into the configuration of a node that is about to join, so that it checks the authority of
 * whoever answers at the address of the cluster before it says the password. On a first installation nobody knows that
 * authority when hosts are staged; now a server runs and tells it. Without an answer the node joins with the short token.
 * https://docs.k3s.io/cli/token#secure
 */
export async function pinToken(node: ClusterNode, at: StepContext): Promise<StepOutcome> {
  const { cluster, facts } = at;
  const seen = facts.get(node.id);
  const start = serverStart(cluster, node, facts);
  // A process that is already starting has read its configuration: a newer file would only ask for a restart later.
  const idle = ['inactive', 'failed', undefined].includes(seen?.units[unitOf(node)]?.active);
  if (!joins(node, start) || seen?.etcdData === true || !idle) return { kind: 'done' };
  const server = start.kind === 'join' ? at.node(start.through) : firstServer(cluster, facts);
  if (server === undefined) return { kind: 'done' };
  const hash = await at.caHash(server);
  if (hash === undefined) {
    at.progress(
      say`${server.id} does not tell the hash of its certificate authority: ${node.id} joins without checking it`,
    );
    return { kind: 'done' };
  }
  const content = at.content(node.id);
  const config = content.pinned(start, hash);
  const writes = at.stateOf(`write-config:${node.id}`) !== undefined;
  if (config === (writes ? content.config(start) : seen?.config)) return { kind: 'done' };
  return ended(await at.on(node, writeFile(CONFIG_PATH, '0600', config, at.secrets)));
}
