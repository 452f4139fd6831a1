import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { pinToken } from '../../../../src/engine/hosts/pinToken';
import { clusterOf, freshHost, runningUnit } from '../../../support/cluster';
import { contentFor, freshFacts } from '../../../support/plans';
import { scriptedHosts } from '../../../support/scriptedHosts';
import { stepContext } from '../../../support/stepContext';

const HASH = '0a'.repeat(32);
const cluster = clusterOf();

/** Pins the token of a node of which the probe has seen this, and gives what was written and said. */
async function pinning(id: string, seen: Partial<HostFacts>, hash: string | undefined, knownBefore = false) {
  const content = contentFor(cluster, knownBefore ? HASH : undefined);
  const hosts = scriptedHosts();
  const facts = new Map([
    ...freshFacts(cluster),
    [id, { ...freshHost(id), config: staged(contentFor(cluster), id), ...seen }],
  ]);
  const context = stepContext({
    cluster,
    hosts,
    on: id,
    facts,
    content,
    ...(hash === undefined ? {} : { caHash: hash }),
  });
  const outcome = await pinToken(context.node(id), context);
  return {
    outcome: outcome.kind,
    tokens: hosts.calls.map(({ stdin }) => /^token: (.*)$/m.exec(stdin)?.[1]),
    said: context.told,
  };
}

function staged(content: ReturnType<typeof contentFor>, id: string): string {
  return content.get(id)?.config({ kind: 'found' }) ?? '';
}

const unit = (active: string): Partial<HostFacts> => {
  const own = runningUnit('agent')['k3s-agent'];
  return own === undefined ? {} : { units: { 'k3s-agent': { ...own, active } } };
};

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
    const full = staged(contentFor(cluster, HASH), 'agent-1');
    expect(full).toContain(HASH);
    expect((await pinning('agent-1', { config: full }, HASH, true)).tokens).toEqual([]);
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
