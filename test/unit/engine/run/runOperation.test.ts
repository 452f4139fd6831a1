import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { readRunRecord } from '../../../../src/core/plan/readRunRecord';
import { clusterOf } from '../../../support/cluster';
import { steppedClock } from '../../../support/clock';
import { freshFacts, provisionedFacts } from '../../../support/plans';
import { scriptedCluster } from '../../../support/scriptedCluster';
import { nodesText } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const changed = clusterOf({ serverConfig: { 'write-kubeconfig-mode': '0640' } });
const SERVERS = ['server-1', 'server-2', 'server-3'];

/** Servers that have the lease at the end. */
function leased(calls: readonly { readonly host: string; readonly script: string }[]): string[] {
  const held = new Set<string>();
  for (const { host, script } of calls) {
    if (script === 'take-lease') held.add(host);
    if (script === 'release-lease') held.delete(host);
  }
  return [...held];
}

describe('a run', () => {
  it('makes fresh machines what the file says, and the next plan is empty', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    const report = await them.run(await them.plan());
    expect(report.problems).toEqual([]);
    expect(report.result).toBe('done');
    expect((await them.plan()).plan.steps).toEqual([]);
    expect(leased(them.hosts.calls)).toEqual([]);
  });

  it('opens a port that others were seen not to reach, and is done', async () => {
    const managed = { ...cluster, firewall: 'manage' as const };
    const facts = freshFacts(managed);
    const rules = (otherwise: 'accept' | 'drop'): void => {
      const seen = facts.get('server-1') as HostFacts;
      facts.set('server-1', { ...seen, firewallRules: { tool: 'ufw', otherwise, allowed: [], flushes: false } });
    };
    rules('drop');
    const them = scriptedCluster(managed, facts);
    let shut = true;
    them.first = (host, script) => {
      if (script === 'port-listen') return { stdout: 'process 1\nready\n' };
      if (script === 'port-dial') return host === 'agent-1' && shut ? { stdout: 'silent tcp:6443 10.0.0.11\n' } : {};
      if (script !== 'open-firewall') return undefined;
      shut = false;
      rules('accept');
      return { stdout: 'added=3\n' };
    };
    const prepared = await them.plan();
    expect(prepared.plan.steps.map(({ id }) => id)).toContain('open-firewall:server-1');
    expect(prepared.plan.notes.join()).toContain('agent-1 does not reach 6443/tcp of server-1');
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
  });

  it('M14, L6: that finds everything as wanted is done only when Kubernetes says so, and changes nothing', async () => {
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    const report = await them.run(await them.plan());
    expect(report.result).toBe('done');
    expect([...report.states]).toEqual([['await-nodes:server-1', 'done']]);
    them.first = (_, script) => (script === 'nodes' ? { stdout: nodesText() } : undefined);
    const again = await them.run(await them.plan());
    expect(again.result).toBe('failed');
    expect(again.problems.map(({ code }) => code)).toEqual(['nodes-not-ready']);
    expect(them.changes()).toEqual([]);
  });

  it('H5: does nothing when the hosts have changed since the plan was shown', async () => {
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    const prepared = await them.plan(changed);
    const agent = them.facts.get('agent-1') as HostFacts;
    them.facts.set('agent-1', { ...agent, config: `${agent.config}debug: true\n` });
    const report = await them.run(prepared, { cluster: changed });
    expect(report).toMatchObject({ result: 'failed', problems: [{ code: 'plan-outdated' }] });
    expect(report.problems[0]?.why).toContain('agent-1: Write /etc/rancher/k3s/config.yaml');
    expect(new Set(report.states.values())).toEqual(new Set(['skipped']));
    expect(them.changes()).toEqual([]);
    expect(leased(them.hosts.calls)).toEqual([]);
  });

  it('H5: leaves out what somebody else has done meanwhile', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    const prepared = await them.plan();
    for (const [id, seen] of provisionedFacts(cluster)) them.facts.set(id, seen);
    const report = await them.run(prepared);
    expect(report).toMatchObject({ result: 'done', problems: [] });
    expect(them.changes()).toEqual([]);
  });

  it('H5: is not done when the hosts are not as wanted at its end', async () => {
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    const prepared = await them.plan();
    const looked = them.hosts.asked().filter((call) => call === 'nodes server-1').length;
    them.first = (host, script, turn) => {
      const seen = them.facts.get('agent-2');
      // While the proof asks Kubernetes, somebody edits the configuration of an agent.
      if (script === 'nodes' && host === 'server-1' && turn > looked && seen !== undefined)
        them.facts.set('agent-2', { ...seen, config: 'debug: true\n' });
      return undefined;
    };
    const report = await them.run(prepared);
    expect(report).toMatchObject({ result: 'failed', problems: [{ code: 'not-as-wanted' }] });
    expect(report.problems[0]?.why).toContain('agent-2: Write /etc/rancher/k3s/config.yaml');
  });

  it('is not done when a machine went silent before its end', async () => {
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    const prepared = await them.plan();
    let proved = false;
    them.first = (host, script) => {
      proved ||= script === 'node-reports';
      return proved && host === 'agent-2' ? 'cut off' : undefined;
    };
    const report = await them.run(prepared);
    expect(report).toMatchObject({
      result: 'failed',
      problems: [
        { code: 'machine-silent', host: 'agent-2', message: expect.stringContaining('agent-2 went silent') as string },
      ],
    });
    // One that did not answer when the plan was made is left out, as the plan says.
    them.first = (host) => (host === 'agent-2' ? 'cut off' : undefined);
    expect((await them.run(await them.plan())).result).toBe('done');
  });

  it('takes the lease of the cluster that it founds, and gives it back', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    const held: string[] = [];
    them.first = (host, script, _, { stdin, args }) => {
      const answers = them.facts.get(host)?.units.k3s?.active === 'active';
      if (script.endsWith('cluster-lease') && !answers) return { stderr: 'k3s: not found', exitCode: 127 };
      if (script === 'write-cluster-lease') held.push(`${args[0]} ${JSON.parse(stdin).spec.holderIdentity}`);
      return undefined;
    };
    expect((await them.run(await them.plan())).result).toBe('done');
    expect(held[0]).toMatch(/^create ada@laptop, process 1000, run /);
    expect(held.at(-1)).toBe('replace ');
  });

  it('H5: touches nothing while somebody else works on the cluster', async () => {
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    const prepared = await them.plan(changed);
    const before = them.hosts.calls.length;
    them.first = (host, script) =>
      script === 'take-lease' && host === 'server-2'
        ? { stdout: 'held\nbob@desk, process 7\n1790000000\nother\n' }
        : undefined;
    const report = await them.run(prepared, { cluster: changed });
    expect(report).toMatchObject({
      result: 'failed',
      problems: [
        { code: 'cluster-in-use', host: 'server-2', message: 'bob@desk, process 7 is working on this cluster' },
      ],
    });
    const asked = them.hosts.asked().slice(before);
    expect(new Set(asked.map((call) => call.split(' ')[0]))).toEqual(new Set(['take-lease', 'release-lease']));
    expect(asked.filter((call) => call.startsWith('release-lease'))).toEqual(['release-lease server-1']);
  });

  it('H2: a server that does not come up gets its old state back, and no other one is touched', async () => {
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    const old = them.facts.get('server-1')?.config;
    const prepared = await them.plan(changed);
    them.works = (_, { config = '' }) => !config.includes('write-kubeconfig-mode');
    const report = await them.run(prepared, { cluster: changed });
    expect(report.result).toBe('failed');
    expect(report.problems).toMatchObject([{ code: 'start-failed', host: 'server-1' }]);
    expect(report.states.get('put-back:server-1')).toBe('done');
    expect(them.facts.get('server-1')).toMatchObject({
      config: old,
      aside: false,
      units: { k3s: { active: 'active' } },
    });
    expect(them.changes().filter((call) => !call.endsWith('server-1'))).toEqual([]);
    expect(report.states.get('restart:server-2')).toBe('skipped');
    expect(leased(them.hosts.calls)).toEqual([]);
  });

  it('changes servers one after another, each proved before the next is touched', async () => {
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    const report = await them.run(await them.plan(changed), { cluster: changed });
    expect(report.result).toBe('done');
    expect(them.changes()).toEqual(
      SERVERS.flatMap((id) => [`put-aside ${id}`, `upload-file ${id}`, `unit-control ${id}`]),
    );
    expect(SERVERS.map((id) => them.facts.get(id)?.aside)).toEqual([false, false, false]);
  });

  it('that is cancelled touches no other server and proves the one that it was restarting', async () => {
    const them = scriptedCluster(cluster, provisionedFacts(cluster));
    const cancel = new AbortController();
    const prepared = await them.plan(changed);
    them.first = (_, script) => {
      if (script === 'unit-status') cancel.abort();
      return undefined;
    };
    const report = await them.run(prepared, { cluster: changed, signal: cancel.signal });
    expect(report.result).toBe('cancelled');
    expect(report.states.get('restart:server-1')).toBe('cancelled');
    expect(report.states.get('put-back:server-1')).toBe('done');
    expect(them.facts.get('server-1')).toMatchObject({ aside: false, units: { k3s: { active: 'active' } } });
    expect(them.changes().filter((call) => !call.endsWith('server-1'))).toEqual([]);
    expect(leased(them.hosts.calls)).toEqual([]);
  });

  it('stops when it loses its lease, and says to whom', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    const clock = steppedClock();
    const prepared = await them.plan();
    let stolen = false;
    them.first = (_, script) => {
      if (script === 'install-k3s') {
        stolen = true;
        clock.pass(20_000);
        return 'endless';
      }
      return script === 'take-lease' && stolen
        ? { stdout: 'held\nbob@desk, process 7\n1790000000\nother\n' }
        : undefined;
    };
    const report = await them.run(prepared, { clock });
    expect(report).toMatchObject({ result: 'failed', problems: [{ code: 'cluster-in-use' }] });
    expect(them.changes().filter((call) => call.startsWith('unit-control'))).toEqual([]);
  });

  it('that loses its lease while it looks at the hosts once more says to whom, not that they went silent', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    const clock = steppedClock();
    const prepared = await them.plan();
    let stolen = false;
    them.first = (_, script) => {
      if (script === 'probe') {
        stolen = true;
        clock.pass(20_000);
        return 'endless';
      }
      return script === 'take-lease' && stolen
        ? { stdout: 'held\nbob@desk, process 7\n1790000000\nother\n' }
        : undefined;
    };
    const report = await them.run(prepared, { clock });
    expect(report.problems.map(({ code }) => code)).toEqual(['cluster-in-use']);
    expect(them.changes()).toEqual([]);
  });

  it('is written down on every server as it begins and as it ends, and once for each', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    const report = await them.run(await them.plan());
    const kept = them.hosts.calls.filter(({ script }) => script === 'keep-run-record');
    expect(kept.map(({ host }) => host).sort()).toEqual([...SERVERS, ...SERVERS].sort());
    expect(new Set(kept.map(({ args }) => args[0])).size).toBe(1);
    const told = kept.map(({ stdin }) => readRunRecord(stdin));
    expect(new Set(told.map((record) => record?.result))).toEqual(new Set(['unfinished', 'done']));
    expect(told.at(-1)).toMatchObject({ operation: 'Provision Cluster', by: 'ada@laptop', cluster: cluster.name });
    expect(told.at(-1)?.steps.every(({ state }) => state === 'done')).toBe(true);
    expect(told.at(-1)?.steps.length).toBe(report.states.size);
  });

  it('is written down on no server when somebody else works on them, and runs on when none can write', async () => {
    const them = scriptedCluster(cluster, freshFacts(cluster));
    const prepared = await them.plan();
    them.first = (_, script) =>
      script === 'take-lease' ? { stdout: 'held\nbob@desk, process 7\n1790000000\nother\n' } : undefined;
    expect(await them.run(prepared)).toMatchObject({ result: 'failed' });
    expect(them.hosts.asked().join()).not.toContain('keep-run-record');
    them.first = (_, script) =>
      script === 'keep-run-record' ? { exitCode: 1, stderr: 'No space left on device' } : undefined;
    expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
  });
});
