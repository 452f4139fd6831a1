import { finish } from '../../../../src/core/base/steps';
import { describe, expect, it } from 'vitest';
import { normalise } from '../../../../src/core/cluster/normalise';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import type { UnitFacts } from '../../../../src/core/facts/k3sFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { clusterNotes, clusterProblems } from '../../../../src/engine/planning/clusterProblems';
import { clusterOf, runningUnit } from '../../../support/cluster';
import { freshFacts, provisionedFacts, situationOf } from '../../../support/plans';

const DROP_IN = '/etc/rancher/k3s/config.yaml.d/50-site.yaml';

function codesOf(cluster: Cluster, facts = freshFacts(cluster)): string[] {
  return finish(clusterProblems(situationOf(cluster, facts))).map(({ code }) => code);
}

function notesOf(cluster: Cluster, changes: Readonly<Record<string, Partial<HostFacts>>> = {}): readonly string[] {
  const facts = provisionedFacts(cluster);
  for (const [id, change] of Object.entries(changes)) facts.set(id, { ...(facts.get(id) as HostFacts), ...change });
  return finish(clusterNotes(situationOf(cluster, facts)));
}

describe('a file that cannot be carried out', () => {
  it('has no server', () => {
    const none = normalise({ metadata: { name: 'edge' }, agents: { nodes: [{ host: '10.0.1.11', name: 'agent-1' }] } });
    expect(codesOf(none)).toContain('no-server');
    expect(codesOf(clusterOf())).toEqual([]);
  });
});

describe('what else configures K3s on a host', () => {
  const withDropIn = (text: string): Partial<HostFacts> => ({ dropIns: new Map([[DROP_IN, text]]) });

  it('is told once for each place, whatever it sets', () => {
    const unit = runningUnit('server').k3s as UnitFacts;
    const notes = notesOf(clusterOf(), {
      'server-2': {
        ...withDropIn('kubelet-arg: [v=4]\nprofiling: true\n'),
        units: { k3s: { ...unit, command: ['server', '--debug'] } },
      },
    });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(DROP_IN);
    expect(notes[0]).toContain('kubelet-arg, profiling and debug, which the cluster file does not mention; they stay.');
  });

  it('is not told where it says what the file says', () => {
    expect(notesOf(clusterOf(), { 'server-2': withDropIn("tls-san: ['10.0.0.100']\n") })).toEqual([]);
  });

  it('is told as the one that decides where it says something else', () => {
    expect(notesOf(clusterOf(), { 'server-2': withDropIn('tls-san: [other.example]\n') })).toEqual([
      `On server-2 ${DROP_IN} decides tls-san; what the cluster file says about it has no effect there.`,
    ]);
  });

  it('is told when K3s cannot read it', () => {
    expect(notesOf(clusterOf(), { 'server-2': withDropIn('tls-san: [\n') })).toEqual([
      `${DROP_IN} on server-2 is no YAML that K3s can read.`,
    ]);
  });

  it('does not matter where no K3s is installed', () => {
    expect(notesOf(clusterOf(), { 'agent-1': { ...withDropIn('debug: true\n'), units: {} } })).toEqual([]);
  });
});

describe('the load balancer', () => {
  const notes = (type: string): readonly string[] => {
    const cluster = clusterOf();
    return notesOf({ ...cluster, loadBalancer: { ...cluster.loadBalancer, type } } as Cluster);
  };

  it.each(['external', 'dns'])('of type %s is the business of the person', (type) => {
    expect(notes(type)).toEqual([]);
  });
});

describe('clocks', () => {
  it('are compared with the one in the middle, so that one wrong clock does not accuse the others', () => {
    const notes = notesOf(clusterOf(), { 'server-1': { time: 1_000_000_000 } });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^The clock of server-1 is 790000000 s away/);
  });
});

describe('an address of one machine on another one', () => {
  it('is a problem that names both', () => {
    const cluster = clusterOf();
    const facts = provisionedFacts(cluster);
    const seen = facts.get('server-2') as HostFacts;
    facts.set('server-2', { ...seen, addresses: [...seen.addresses, '10.0.0.11'] });
    expect(finish(clusterProblems(situationOf(cluster, facts)))).toMatchObject([
      {
        code: 'address-of-another',
        host: 'server-2',
        message: 'server-2 has 10.0.0.11 on an interface, the address of server-1',
      },
    ]);
  });
});
