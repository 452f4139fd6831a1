import { describe, expect, it } from 'vitest';
import type { RemoteCommand } from '../../../../src/core/remote/remoteCommand';
import type { HostFacts } from '../../../../src/core/facts/probe';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { desiredNodes, type NodeContent } from '../../../../src/engine/planning/desired';
import { pinToken } from '../../../../src/engine/hosts/pinToken';
import type { StepContext } from '../../../../src/engine/steps/stepContext';
import { clusterOf, freshHost } from '../../../support/cluster';

const HASH = '0a'.repeat(32);
const SECRETS = {
  text: (written: string): string => written.replace('${secret:edge-token}', 'f00dfeed'),
  masks: ['f00dfeed'],
};
const cluster = clusterOf();

/** Pins the token of a node of which the probe has seen this, and gives what was written and said. */
async function pinning(id: string, seen: Partial<HostFacts>, hash: string | undefined, knownBefore = false) {
  const node = [...cluster.servers, ...cluster.agents].find((one) => one.id === id) as ClusterNode;
  const content = desiredNodes(cluster, SECRETS, (text) => text, knownBefore ? HASH : undefined);
  const own = content.get(id) as NodeContent;
  const written: string[] = [];
  const said: string[] = [];
  const context = {
    prepared: {
      cluster,
      facts: new Map([[id, { ...freshHost(id), configSha256: own.configHashes.get('found'), ...seen }]]),
      plan: { steps: [] },
      content,
      secrets: SECRETS,
    },
    progress: (message: string) => void said.push(message),
    caHash: async () => hash,
    on: async (_: ClusterNode, command: RemoteCommand<unknown>) => {
      written.push(String(command.stdin ?? ''));
      return { kind: 'done', value: undefined };
    },
  } as unknown as StepContext;
  const outcome = await pinToken(node, node.role === 'server' ? 'k3s' : 'k3s-agent', own, context);
  return { outcome: outcome.kind, tokens: written.map((text) => /^token: (.*)$/m.exec(text)?.[1]), said };
}

const unit = (active: string): Partial<HostFacts> => ({
  units: {
    k3s: { active, sub: '', restarts: 0, enabled: true },
    'k3s-agent': { active, sub: '', restarts: 0, enabled: true },
  },
});

describe('the token of a node that is about to join', () => {
  it('gets the hash, whether the authority was known when the run was planned or not', async () => {
    for (const known of [false, true])
      expect(await pinning('agent-1', {}, HASH, known)).toEqual({
        outcome: 'done',
        tokens: [`K10${HASH}::server:f00dfeed`],
        said: [],
      });
    expect((await pinning('agent-1', unit('failed'), HASH)).tokens).toHaveLength(1);
    expect((await pinning('server-2', {}, HASH)).tokens).toEqual([`K10${HASH}::server:f00dfeed`]);
  });

  it('stays as it is on the first server, on members, and where the full token stands', async () => {
    expect((await pinning('server-1', {}, HASH)).tokens).toEqual([]);
    expect((await pinning('server-2', { etcdData: true }, HASH)).tokens).toEqual([]);
    const full = desiredNodes(cluster, SECRETS, (text) => text, HASH)
      .get('agent-1')
      ?.pinnedHashes.get('found') as string;
    expect((await pinning('agent-1', { configSha256: full }, HASH, true)).tokens).toEqual([]);
  });

  it('stays as it is while a process is starting, which a newer file would have restarted', async () => {
    expect((await pinning('agent-1', unit('activating'), HASH)).tokens).toEqual([]);
  });

  it('stays short when the server does not tell, and the run says so', async () => {
    const { outcome, tokens, said } = await pinning('agent-1', {}, undefined);
    expect({ outcome, tokens }).toEqual({ outcome: 'done', tokens: [] });
    expect(said.join()).toContain('server-1 does not tell');
  });
});
