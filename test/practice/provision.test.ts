import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createFiles } from '../../src/adapters/files/files';
import { createClusterApi } from '../../src/adapters/kubernetes/api';
import type { RunEvent } from '../../src/core/plan/events';
import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import { reachApi } from '../../src/engine/access/reachApi';
import type { Log } from '../../src/engine/ports';
import { unfinishedNotes } from '../../src/engine/run/runLog';
import { engineLab, stepIds, withServerOption } from './engineLab';

describe('provisioning the practice fleet', () => {
  it('brings up five Ready nodes, and a second run changes and restarts nothing', async () => {
    const { fleet, plan, run, cluster, hosts, journalPath, logged } = await engineLab();
    const first = await plan();
    expect(first.plan.problems).toEqual([]);
    expect(first.plan.notes.join('\n')).toMatch(
      /This machine cannot reach https:\/\/get\.k3s\.io .* each of the 5 hosts fetches the install script itself, .* \(sha256 [0-9a-f]{64}\)/,
    );
    const events: RunEvent[] = [];
    const report = await run(first, (event) => events.push(event));
    expect(report.problems).toEqual([]);
    expect(report.result).toBe('done');

    const before = fleet.hosts.map(({ id }) => fleet.inspect(id).unit(id.startsWith('server') ? 'k3s' : 'k3s-agent'));
    const second = await plan();
    expect(stepIds(second)).toEqual([]);
    expect(fleet.hosts.map(({ id }) => fleet.inspect(id).unit(id.startsWith('server') ? 'k3s' : 'k3s-agent'))).toEqual(
      before,
    );

    const config = fleet.inspect('server-1').file('/etc/rancher/k3s/config.yaml');
    expect(config?.mode).toBe(0o600);
    const token = /token: (\S+)/.exec(config?.content ?? '')?.[1] ?? 'no token';
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    for (const told of [
      JSON.stringify(events),
      readFileSync(journalPath, 'utf8'),
      logged.join('\n'),
      JSON.stringify(first.plan),
    ])
      expect(told).not.toContain(token);

    const fetched = await fetchKubeconfig(cluster, hosts, createClusterApi({ log: quietLog() }));
    expect(fetched).toMatchObject({
      ok: true,
      value: {
        apiVersion: 'v1.36.3+k3s1',
        prepared: { name: 'practice', server: `https://${cluster.loadBalancer?.address}:6443` },
      },
    });
  });

  it('with a MySQL datastore starts both servers on one database', async () => {
    const { plan, run, fleet } = await engineLab((text) =>
      text
        .replace('type: embedded-etcd', 'type: mysql\n  endpoint: mysql://k3s:pw@tcp(10.9.9.9:3306)/k3s')
        .replace(/ {4}- host: 127\.77\.0\.13\n {6}name: server-3\n {6}zone: rack-c\n/, ''),
    );
    const prepared = await plan();
    expect(prepared.plan.notes).toContain(
      'From server-1 and server-2: the datastore 10.9.9.9:3306 is a simulation as the servers are: it judges login and content, and nothing else.',
    );
    const report = await run(prepared);
    expect(report.problems).toEqual([]);
    expect(stepIds(await plan())).toEqual([]);
    expect(fleet.inspect('server-2').file('/etc/rancher/k3s/config.yaml')?.content).not.toContain('cluster-init');
  });

  it('says which line of the journal stops a server', async () => {
    const { plan, run } = await engineLab((text) =>
      text.replace('type: embedded-etcd', 'type: mysql\n  endpoint: mysql://k3s:pw@10.9.9.9:3306/k3s'),
    );
    const report = await run(await plan());
    expect(report.result).toBe('failed');
    expect(report.problems[0]).toMatchObject({
      code: 'start-failed',
      host: 'server-1',
      why: expect.stringContaining("default addr for network '10.9.9.9:3306' unknown"),
      nextSteps: [expect.stringContaining('tcp(host:3306)'), expect.any(String)],
    });
    expect([...report.states].filter(([, state]) => state === 'skipped').map(([id]) => id)).toContain('start:server-2');
  });

  it('reports a dropped connection as unknown, and the next run finishes', async () => {
    const { fleet, plan, run, journalPath } = await engineLab();
    const prepared = await plan();
    const forget = fleet.onEvent((event) => {
      if (event.kind !== 'commandStarted' || event.host !== 'server-1' || event.id !== 'unit-status') return;
      forget();
      fleet.dropConnections('server-1');
    });
    const report = await run(prepared);
    expect(report.states.get('start:server-1')).toBe('unknown');
    expect(report.result).toBe('failed');
    expect((await unfinishedNotes(createFiles({ followLinks: () => true }), journalPath)).join()).toContain(
      'start:server-1',
    );
    const next = await plan();
    expect(stepIds(next)).not.toContain('install:server-1');
    expect((await run(next)).result).toBe('done');
    expect(stepIds(await plan())).toEqual([]);
  });

  it('can be cancelled and resumed', async () => {
    const { plan, run } = await engineLab();
    const controller = new AbortController();
    const report = await run(
      await plan(),
      (event) => {
        if (event.type === 'step' && event.step === 'start:server-2' && event.state === 'running') controller.abort();
      },
      controller.signal,
    );
    expect(report.result).toBe('cancelled');
    expect(report.problems).toEqual([]);
    expect((await run(await plan())).result).toBe('done');
  });

  it('restarts servers one by one for a changed option, while the API keeps answering', async () => {
    const them = await engineLab();
    await them.run(await them.plan());
    const fetched = await fetchKubeconfig(them.cluster, them.hosts, createClusterApi({ log: quietLog() }));
    if (!fetched.ok) throw new Error(fetched.error.message);
    them.cluster = withServerOption(them.cluster, 'kube-apiserver-arg', ['v=2']);
    const prepared = await them.plan();
    expect(stepIds(prepared).filter((id) => id.startsWith('restart'))).toEqual([
      'restart:server-1',
      'restart:server-2',
      'restart:server-3',
    ]);
    const down: number[] = [];
    const api = createClusterApi({ log: quietLog() });
    const answers: boolean[] = [];
    let restarting = true;
    const asking = (async () => {
      while (restarting) answers.push((await api.verify({ kubeconfig: fetched.value.prepared.text })).ok);
    })();
    const report = await them.run(prepared, (event) => {
      if (event.type === 'step' && event.step.startsWith('restart') && event.state === 'running') {
        down.push(
          them.fleet.hosts.filter(
            ({ id }) => id.startsWith('server') && them.fleet.inspect(id).unit('k3s').active !== 'active',
          ).length,
        );
      }
    });
    restarting = false;
    await asking;
    expect(report.problems).toEqual([]);
    expect(down).toEqual([0, 0, 0]);
    expect(answers.length).toBeGreaterThan(5);
    // A request in flight is cut when its server stops; the next one has to be answered by another server.
    expect(answers.filter((answered, i) => !answered && answers[i + 1] === false)).toEqual([]);
    expect(stepIds(await them.plan())).toEqual([]);
  });

  it('refuses to restart a server while another one is down', async () => {
    const them = await engineLab();
    await them.run(await them.plan());
    them.cluster = withServerOption(them.cluster, 'kube-apiserver-arg', ['v=3']);
    const prepared = await them.plan();
    await them.fleet.powerOff('server-3');
    const report = await them.run(prepared);
    expect(report.states.get('restart:server-1')).not.toBe('done');
    expect(them.fleet.inspect('server-1').unit('k3s').active).toBe('active');
    expect(report.problems.map((found) => found.code)).toContain('restart-would-break-cluster');
    expect(report.problems.find((found) => found.code === 'restart-would-break-cluster')?.message).toContain(
      'etcd quorum',
    );
  });

  it('leaves the old file in place when the disk is full', async () => {
    const them = await engineLab();
    await them.run(await them.plan());
    const before = them.fleet.inspect('agent-1').file('/etc/rancher/k3s/config.yaml');
    them.cluster = {
      ...them.cluster,
      agents: them.cluster.agents.map((agent) => ({ ...agent, config: { 'node-label': ['disk=full'] } })),
    };
    const prepared = await them.plan();
    them.fleet.fillDisk('agent-1');
    const report = await them.run(prepared);
    expect(report.problems[0]).toMatchObject({
      code: 'put-aside-failed',
      host: 'agent-1',
      why: expect.stringContaining('No space left on device'),
    });
    expect(them.fleet.inspect('agent-1').file('/etc/rancher/k3s/config.yaml')).toEqual(before);
    expect(report.states.get('restart:agent-1')).toBe('skipped');
    // One agent has to prove a change before another one is touched.
    expect(report.states.get('restart:agent-2')).toBe('skipped');
  });

  it('names the address that the certificate lacks', async () => {
    const { plan, run, cluster, hosts } = await engineLab((text) =>
      text.replace('tls-san: [127.77.0.100]', 'tls-san: [k3s.example.com]'),
    );
    expect((await run(await plan())).result).toBe('done');
    const fetched = await fetchKubeconfig(cluster, hosts, createClusterApi({ log: quietLog() }));
    expect(fetched.ok).toBe(false);
    if (fetched.ok) return;
    expect(fetched.error.message + (fetched.error.why ?? '')).toContain(cluster.loadBalancer?.address);
    expect(fetched.error.nextSteps.join(' ')).toContain('tls-san');
  });

  it('reaches the API through SSH when the load balancer is gone', async () => {
    const { plan, run, cluster, hosts } = await engineLab();
    await run(await plan());
    const api = createClusterApi({ log: quietLog() });
    const fetched = await fetchKubeconfig(cluster, hosts, api);
    if (!fetched.ok) throw new Error(fetched.error.message);
    const kubeconfig = fetched.value.prepared.text.replace(cluster.loadBalancer?.address ?? '', '127.99.99.99');
    const reached = await reachApi(cluster, { kubeconfig }, api, hosts);
    expect(reached).toMatchObject({ ok: true, value: { via: 'server-1', version: 'v1.36.3+k3s1' } });
    if (reached.ok)
      expect(await api.listNodes(reached.value.endpoint)).toMatchObject({ ok: true, value: { length: 5 } });
  });
});

function quietLog(): Log {
  const quiet = (): void => undefined;
  return { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
}
