import { describe, expect, it } from 'vitest';
import { checkHosts } from '../../../../src/core/hostChecks/registry';
import { askTunnels } from '../../../../src/engine/checks/askTunnels';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { scriptedHosts, type Reply } from '../../../support/scriptedHosts';

const NO_SESSION = 'Error from server: error dialing backend: failed to find Session for client agent-2';
const cluster = clusterOf({ servers: 3, agents: 2 });
const NAMES = ['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2'];

/** What is told when servers answer so for nodes. */
async function told(says: (server: string, node: string) => string | undefined): Promise<readonly string[]> {
  const facts = provisionedFacts(cluster);
  const hosts = scriptedHosts((server): Reply => {
    const lines = NAMES.map((node) => `${node} ${says(server, node) ?? 'ok'}\n`);
    return says(server, 'cut off') === 'cut off' ? 'cut off' : { stdout: lines.join('') };
  });
  const tunnels = await askTunnels(cluster, facts, hosts, undefined);
  expect(new Set(hosts.asked())).toEqual(new Set(['tunnels server-1', 'tunnels server-2', 'tunnels server-3']));
  return checkHosts({ cluster, facts, unreachable: new Map(), tunnels })
    .filter(({ id }) => id === 'tunnel-lost')
    .map(({ machine, message, nextSteps }) => [machine, message, ...nextSteps].join(' | '));
}

describe('the tunnels of nodes to servers', () => {
  it('are all there', async () => expect(await told(() => undefined)).toEqual([]));

  it('are told pair by pair, with the one restart that cures it', async () => {
    const found = await told((server, node) => (server === 'server-2' && node === 'agent-2' ? NO_SESSION : undefined));
    expect(found).toEqual([
      `agent-2 | server-2 has no tunnel to agent-2, and server-1 and server-3 have: logs and exec of its pods fail through server-2 ("${NO_SESSION}"). | Restart K3s on agent-2 alone; until then ask through server-1, as "k3s-ha logs" does over SSH.`,
    ]);
  });

  it('of a node that nobody reaches are no finding of tunnels, and a server that is silent is none either', async () => {
    expect(await told((_server, node) => (node === 'agent-2' ? 'no route to host' : undefined))).toEqual([]);
    expect(await told((server, node) => (server === 'server-3' && node === 'cut off' ? node : undefined))).toEqual([]);
  });
});
