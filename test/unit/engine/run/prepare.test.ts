import { localFolder } from '../../../support/localFiles';
import { describe, expect, it } from 'vitest';
import { problem, type Problem } from '../../../../src/core/base/problem';
import { err, ok } from '../../../../src/core/base/result';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { normalise } from '../../../../src/core/cluster/normalise';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { preparePlan, type PlanDependencies } from '../../../../src/engine/run/prepare';
import { agreedDoor } from '../../../support/agreedDoor';
import { clusterOf } from '../../../support/cluster';
import { fastClock } from '../../../support/clock';
import { reachableScripts } from '../../../support/installScripts';
import { freshFacts, provisionedFacts, sha256, TOKEN } from '../../../support/plans';
import { scriptedCluster } from '../../../support/scriptedCluster';
import { scriptedHosts, type Reply } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const stepIds = (plan: { readonly steps: readonly { readonly id: string }[] }): string[] =>
  plan.steps.map(({ id }) => id);

describe('machines that do not answer', () => {
  it('are told with their reason as soon as that is known, and are no facts', async () => {
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    them.first = (host, script) => (script === 'probe' && host === 'server-2' ? 'cut off' : undefined);
    const { plan, situation } = await them.plan();
    expect([...situation.facts.keys()]).toEqual(['server-1', 'server-3', 'agent-1', 'agent-2']);
    expect(situation.unreachable.get('server-2')).toMatchObject({ code: 'connection-lost', host: 'server-2' });
    expect(plan.problems).toEqual([]);
    expect(plan.notes.join()).toContain('server-2 does not answer and is left out');
  });

  it('are counted while the others are still looked at, without the secrets that they know', async () => {
    const told: [string, Problem | undefined, number, number][] = [];
    const hosts = scriptedHosts((host) => ({ stderr: `sh: ${TOKEN}: not found on ${host}`, exitCode: 127 }));
    const { plan } = await preparePlan(cluster, dependencies(hosts), {
      onProbed: (node, found, done, total) => told.push([node, found, done, total]),
    });
    expect(told.map(([, , done, total]) => [done, total])).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
    expect(told[0]?.[1]?.why).toBe('sh: ***: not found on server-1');
    expect(plan.problems.map(({ code, host }) => [code, host])).toContainEqual(['probe-failed', 'server-1']);
    expect(JSON.stringify(plan)).not.toContain(TOKEN);
  });

  it('are asked together, as many as is allowed', async () => {
    let [now, most] = [0, 0];
    const hosts = scriptedHosts(async (): Promise<Reply> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return { exitCode: 1 };
    });
    await preparePlan(cluster, { ...dependencies(hosts), parallel: 3 });
    expect(most).toBe(3);
  });
});

describe('the cluster that runs', () => {
  it('is asked once, through a server that answers, with its members of etcd', async () => {
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    them.first = (host, script) =>
      script === 'nodes' && host === 'server-1' ? { stderr: 'refused', exitCode: 1 } : undefined;
    const { live } = (await them.plan()).situation;
    expect(live?.through).toBe('server-2');
    expect(live?.nodes.map(({ name }) => name)).toEqual(['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2']);
    expect(live?.etcd?.members.map(({ nodeName }) => nodeName)).toEqual(['server-1', 'server-2', 'server-3']);
    expect(them.hosts.asked().filter((call) => call.startsWith('nodes'))).toEqual(['nodes server-1', 'nodes server-2']);
  });

  it('is not there on fresh machines, and nobody is asked for it', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    expect((await them.plan()).situation.live).toBeUndefined();
    expect(them.hosts.asked().filter((call) => /^(?:nodes|etcd)/.test(call))).toEqual([]);
  });
});

describe('machines on which K3s is to be installed', () => {
  const seldom = /^(?:disk-latency|port-listen|port-dial|resolve-names) /;
  const tried = (asked: readonly string[]): readonly string[] => asked.filter((call) => seldom.test(call)).sort();

  it('are tried before anybody says yes: a port that nobody reaches is in the way, a slow disk is told', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    them.first = (host, script, _, { stdin }) => {
      if (script === 'disk-latency') return { stdout: 'took 0.9\n'.repeat(host === 'server-3' ? 20 : 0) };
      if (script === 'port-listen') return { stdout: 'ready\n' };
      if (script !== 'port-dial') return undefined;
      return {
        stdout: stdin.replaceAll(
          /^(.+)$/gm,
          (_all, line: string) => `${line === 'tcp:2380 10.0.0.12' ? 'silent' : 'reached'} ${line}`,
        ),
      };
    };
    const { plan } = await them.plan();
    expect(plan.steps).toEqual([]);
    expect(plan.problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'port-unreachable: server-1 and server-3 do not reach 2380/tcp of server-2: no answer',
    ]);
    expect(plan.notes.join('\n')).toContain('The disk of server-3 takes 90 ms for a write that is safe');
    expect(them.changes()).toEqual([]);
  });

  it('are not tried again while the plan is carried out, nor where K3s is', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    const prepared = await them.plan();
    const before = tried(them.hosts.asked());
    expect(before).toHaveLength(3 + 5 + 5);
    expect((await them.run(prepared)).result).toBe('done');
    expect(tried(them.hosts.asked())).toEqual(before);
    await them.plan();
    expect(tried(them.hosts.asked())).toEqual(before);
  });

  it('are the only ones that listen and are measured when they join a cluster that runs', async () => {
    const facts = provisionedFacts(cluster);
    const [fresh] = [...freshFacts(cluster)].filter(([id]) => id === 'agent-2');
    if (fresh !== undefined) facts.set(...fresh);
    const them = scriptedCluster(cluster, facts);
    them.first = (_, script) => (script === 'port-listen' ? { stdout: 'ready\n' } : undefined);
    await them.plan();
    expect(tried(them.hosts.asked()).filter((call) => !call.startsWith('port-dial'))).toEqual(['port-listen agent-2']);
  });
});

describe('before any machine is asked', () => {
  it('the person has to agree: a refusal is the whole plan', async () => {
    const hosts = scriptedHosts();
    const refused = { ...dependencies(hosts).secrets, admit: async () => err(problem('secrets-not-agreed', 'No')) };
    const { plan } = await preparePlan(cluster, { ...dependencies(hosts), secrets: refused });
    expect(plan.problems.map(({ code }) => code)).toEqual(['secrets-not-agreed']);
    expect(hosts.calls).toEqual([]);
  });

  it('a secret that is missing is told, and the plan has no step', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    const missing = agreedDoor({
      resolve: async () => err(problem('secret-missing', 'There is no secret edge-token')),
    });
    const { plan } = await preparePlan(cluster, { ...dependencies(them.hosts), secrets: missing });
    expect(plan.problems.map(({ code }) => code)).toEqual(['secret-missing']);
    expect(plan.steps).toEqual([]);
    expect(them.changes()).toEqual([]);
  });
});

describe('H4: a release channel', () => {
  const file = (k3s: Record<string, unknown>): Cluster =>
    normalise({
      metadata: { name: 'edge' },
      k3s,
      loadBalancer: { address: '10.0.0.100', port: 6443, type: 'external' },
      datastore: { type: 'embedded-etcd' },
      token: '${secret:edge-token}',
      servers: {
        config: { 'tls-san': ['10.0.0.100'] },
        nodes: [1, 2, 3].map((i) => ({ host: `10.0.0.${10 + i}`, name: `server-${i}` })),
      },
    });
  const stable = file({ channel: 'stable' });
  const running = (version: string): Map<string, HostFacts> =>
    new Map([...provisionedFacts(stable)].map(([id, seen]) => [id, { ...seen, k3sVersion: version }]));
  const leadsTo = (release: string): Reply => ({
    stdout: `https://github.com/k3s-io/k3s/releases/tag/${encodeURIComponent(release)}\n`,
  });

  async function planned(wanted: Cluster, facts: Map<string, HostFacts>, reply: Reply) {
    const them = scriptedCluster(wanted, facts);
    them.first = (_, script) => (script === 'release-of-channel' ? reply : undefined);
    const { plan, situation } = await them.plan();
    const asked = them.hosts.calls.filter(({ script }) => script === 'release-of-channel');
    return { them, plan, situation, asked };
  }

  it('is asked once, by one of the hosts, shown, and the same for all', async () => {
    const { plan, situation, asked } = await planned(stable, freshFacts(stable), leadsTo('v1.36.3+k3s1'));
    expect(asked).toMatchObject([
      { host: 'server-1', args: ['https://update.k3s.io/v1-release/channels/stable'], stdin: '' },
    ]);
    expect(situation.cluster.k3s.version).toBe('v1.36.3+k3s1');
    expect(plan.notes).toContain('The release channel stable is v1.36.3+k3s1 now; all hosts get exactly this one.');
    const installs = plan.steps.filter(({ kind }) => kind === 'install');
    expect(installs.map(({ input }) => input)).toEqual(
      [1, 2, 3].map(() => ({ role: 'server', release: 'v1.36.3+k3s1' })),
    );
    for (const { install } of situation.desired.values()) {
      expect(install.env).toMatchObject({ INSTALL_K3S_VERSION: 'v1.36.3+k3s1' });
      expect(install.env).not.toHaveProperty('INSTALL_K3S_CHANNEL');
    }
  });

  it('is not asked when the file names a release', async () => {
    expect((await planned(cluster, freshFacts(cluster), 'cut off')).asked).toEqual([]);
  });

  it('that is older than what runs is refused like a version', async () => {
    const { plan } = await planned(stable, running('v1.37.0+k3s1'), leadsTo('v1.36.3+k3s1'));
    expect(new Set(plan.problems.map(({ code }) => code))).toEqual(new Set(['version-downgrade']));
    expect(plan.steps).toEqual([]);
  });

  it('that jumps over a minor release is refused like a version', async () => {
    const { plan } = await planned(stable, running('v1.34.1+k3s1'), leadsTo('v1.36.3+k3s1'));
    expect(new Set(plan.problems.map(({ code }) => code))).toEqual(new Set(['version-skips-minor']));
  });

  it('that moved on upgrades what runs; that did not changes nothing', async () => {
    expect(stepIds((await planned(stable, running('v1.36.3+k3s1'), leadsTo('v1.36.3+k3s1'))).plan)).toEqual([]);
    expect(stepIds((await planned(stable, running('v1.36.2+k3s1'), leadsTo('v1.36.3+k3s1'))).plan)).toContain(
      'install:server-1',
    );
  });

  it('that cannot be asked leaves hosts of one release as they are, and says so', async () => {
    const away: Reply = { stderr: 'curl: (6) Could not resolve host: update.k3s.io', exitCode: 6 };
    const { plan } = await planned(stable, running('v1.36.2+k3s1'), away);
    expect([plan.problems, stepIds(plan)]).toEqual([[], []]);
    expect(plan.notes.join()).toContain('the hosts keep v1.36.2+k3s1');
  });

  it.each<[string, Reply, string]>([
    ['cannot be asked', { stderr: 'curl: (6) Could not resolve host: x', exitCode: 6 }, 'Could not resolve host: x'],
    ['leads to no release', { stdout: 'https://login.example/portal\n' }, 'leads to no release of K3s'],
    ['is cut off', 'cut off', 'The connection to server-1 was lost'],
  ])('that %s is a problem where nothing or different things are installed', async (_, reply, why) => {
    const mixed = running('v1.36.2+k3s1');
    mixed.set('server-3', { ...(mixed.get('server-3') as HostFacts), k3sVersion: 'v1.36.1+k3s1' });
    for (const facts of [freshFacts(stable), mixed]) {
      const { plan } = await planned(stable, facts, reply);
      expect(plan.problems).toMatchObject([{ code: 'channel-unknown', host: 'server-1' }]);
      expect(plan.problems[0]?.why).toContain(why);
      expect(plan.steps).toEqual([]);
    }
  });

  it('of another server of channels is asked there', async () => {
    const own = file({ channel: 'v1.36', install: { env: { INSTALL_K3S_CHANNEL_URL: 'https://mirror/channels/' } } });
    const { asked } = await planned(own, freshFacts(own), leadsTo('v1.36.3+k3s1'));
    expect(asked[0]?.args).toEqual(['https://mirror/channels/v1.36']);
  });

  it('that moves on between plan and run makes the plan outdated', async () => {
    const { them } = await planned(stable, running('v1.36.1+k3s1'), leadsTo('v1.36.2+k3s1'));
    const prepared = await them.plan();
    them.first = (_, script) => (script === 'release-of-channel' ? leadsTo('v1.36.3+k3s1') : undefined);
    const report = await them.run(prepared);
    expect(report.problems.map(({ code }) => code)).toEqual(['plan-outdated']);
    expect(them.changes()).toEqual([]);
  });
});

function dependencies(hosts: PlanDependencies['hosts']): PlanDependencies {
  return {
    hosts,
    clock: fastClock(),
    secrets: agreedDoor({ resolve: async (text) => ok(text.replaceAll(/\$\{[^}]*\}/g, TOKEN)) }),
    scripts: reachableScripts(),
    ...localFolder(),
    sha256,
    parallel: 8,
  };
}
