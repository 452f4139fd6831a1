import { describe, expect, it } from 'vitest';
import type { Cluster, ClusterNode } from '../../../../src/core/cluster/cluster';
import type { FirewallFacts } from '../../../../src/core/facts/firewallFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { openFirewall } from '../../../../src/engine/steps/openFirewall';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Play } from '../../../support/playStep';
import { freshFacts, planFor, provisionedFacts } from '../../../support/plans';

const cluster: Cluster = { ...clusterOf(), firewall: 'manage' };
const [server] = cluster.servers as [ClusterNode];
const step = openFirewall.step(
  server,
  {
    tool: 'ufw',
    traffic: [
      { protocol: 'tcp', ports: [6443, 6443] },
      { protocol: 'tcp', ports: [2379, 2380], from: '10.0.0.12' },
      { protocol: 'any', from: '10.42.0.0/16' },
    ],
  },
  'machines are kept apart',
);
const play = (more: Partial<Play>) => playStep({ cluster, step, ...more });

describe('the step open-firewall', () => {
  it('sends each rule as a line of data', async () => {
    const { outcome, calls } = await play({ answer: () => ({ stdout: 'added=3\n' }) });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([
      {
        host: 'server-1',
        script: 'open-firewall',
        args: ['ufw'],
        stdin: 'tcp 6443 6443 -\ntcp 2379 2380 10.0.0.12\nany - - 10.42.0.0/16\n',
      },
    ]);
    expect(step.says.title).toBe('Add 3 rules to ufw, without a reload');
  });

  it('finds its work already done', async () => {
    expect((await play({ answer: () => ({ stdout: 'added=0\n' }) })).outcome).toEqual({ kind: 'done' });
  });

  it('fails with the words of the firewall', async () => {
    const { outcome } = await play({ answer: () => ({ stderr: 'Error: ZONE_CONFLICT\n', exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'firewall-not-opened', host: 'server-1', why: 'Error: ZONE_CONFLICT' },
    });
  });

  it('says that the firewall is off meanwhile', async () => {
    expect((await play({ answer: () => ({ exitCode: 4 }) })).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'firewall-not-active' },
    });
  });

  it('is unknown when the connection breaks', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome.kind).toBe('unknown');
  });

  it('stops waiting when it is cancelled', async () => {
    expect((await play({ cancelAt: 'open-firewall' })).outcome).toEqual({ kind: 'cancelled' });
  });
});

describe('a plan that manages firewalls', () => {
  const shut = (tool: FirewallFacts['tool']): Partial<HostFacts> => ({
    firewallRules: { tool, otherwise: 'drop', allowed: [], flushes: false },
  });
  const seen = (facts: Map<string, HostFacts>, tools: Readonly<Record<string, FirewallFacts['tool']>>) => {
    for (const [id, tool] of Object.entries(tools)) facts.set(id, { ...(facts.get(id) as HostFacts), ...shut(tool) });
    return facts;
  };
  const ids = (of: Cluster, facts: Map<string, HostFacts>): string[] => planFor(of, facts).steps.map(({ id }) => id);
  const after = (facts: Map<string, HostFacts>, id: string): readonly string[] =>
    planFor(cluster, facts).steps.find((one) => one.id === id)?.after ?? [];

  it('opens servers before anybody starts, and tells each rule', () => {
    const facts = seen(freshFacts(cluster), { 'server-2': 'ufw', 'agent-1': 'firewalld' });
    expect(after(facts, 'start:server-1')).toEqual(['install:server-1', 'open-firewall:server-2']);
    expect(after(facts, 'write-config:agent-1')).toEqual(['open-firewall:agent-1']);
    const opening = planFor(cluster, facts).steps.find(({ id }) => id === 'open-firewall:agent-1');
    expect(opening?.differences[0]?.path).toBe('the rules of firewalld');
    expect(opening?.differences[0]?.after).toContain('10250/tcp from 10.0.0.11\n');
  });

  it('opens machines that run one after another, without a restart', () => {
    const facts = seen(provisionedFacts(cluster), { 'server-1': 'ufw', 'server-3': 'ufw', 'agent-2': 'ufw' });
    expect(ids(cluster, facts)).toEqual([
      'open-firewall:server-1',
      'open-firewall:server-3',
      'open-firewall:agent-2',
      'await-nodes:server-1',
    ]);
    expect(after(facts, 'open-firewall:server-3')).toEqual(['open-firewall:server-1']);
    expect(after(facts, 'open-firewall:agent-2')).toEqual(['open-firewall:server-3']);
    expect(after(facts, 'await-nodes:server-1')).toContain('open-firewall:agent-2');
  });

  it('leaves filters without a tool, open firewalls, and everything where the file does not ask for it', () => {
    expect(ids(cluster, seen(provisionedFacts(cluster), { 'server-1': 'filter' }))).toEqual([]);
    const { firewall: _, ...telling } = cluster;
    const facts = seen(provisionedFacts(cluster), { 'server-1': 'ufw' });
    expect(ids(telling, facts)).toEqual([]);
    expect(planFor(telling, facts).notes.join()).toContain('server-1 has ufw active');
    expect(planFor(cluster, facts).notes.join()).not.toContain('ufw active');
    facts.set('server-1', {
      ...(facts.get('server-1') as HostFacts),
      firewallRules: { tool: 'ufw', otherwise: 'accept', allowed: [], flushes: false },
    });
    expect(ids(cluster, facts)).toEqual([]);
  });
});
