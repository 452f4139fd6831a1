import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClusterLease, writeClusterLease, type ClusterLease } from '../../src/core/remote/clusterLease';
import { etcdMembers } from '../../src/core/remote/etcd';
import { nodeReports } from '../../src/core/remote/nodeReports';
import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import { serverReady } from '../../src/core/remote/readiness';
import { installByHand, startByHand } from './byHand';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';

const DATA = '/var/lib/rancher/k3s';
const TOKEN = 'a "long" \\enough secret';

describe.skipIf(fleetSkipReason() !== undefined)('two servers, asked on the servers themselves', () => {
  let fleet: Fleet;
  const ask = async <T>(name: string, command: RemoteCommand<T>): Promise<ReturnType<typeof command.parse>> => {
    const { code, stdout, stderr } = await fleet.host(name).exec(command.script.text, {
      args: command.args,
      ...(typeof command.stdin === 'string' ? { stdin: command.stdin } : {}),
    });
    return command.parse({ exitCode: code, stdout, stderr });
  };

  beforeAll(async () => {
    fleet = await startFleet({ hosts: [{ name: 'server-1' }, { name: 'server-2' }] });
    const token = `token: '${TOKEN}'\n`;
    await installByHand(fleet, 'server-1', 'server', `cluster-init: true\n${token}`);
    await startByHand(fleet, 'server-1', 'server');
    await installByHand(
      fleet,
      'server-2',
      'server',
      `server: https://${fleet.host('server-1').address}:6443\n${token}`,
    );
    await startByHand(fleet, 'server-2', 'server');
  });

  afterAll(async () => {
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('tell the members of etcd by its JSON gateway, which wants a certificate', async () => {
    const view = await ask('server-2', etcdMembers(DATA));
    if (!view.ok) throw new Error(`${view.error.message}: ${view.error.why}`);
    expect(view.value).toMatchObject({ healthy: true, ready: true });
    expect(view.value.members.map(({ nodeName, learner }) => [nodeName, learner]).sort()).toEqual([
      ['server-1', false],
      ['server-2', false],
    ]);
    const own = view.value.members.find(({ id }) => id === view.value.self);
    expect(own).toMatchObject({
      nodeName: 'server-2',
      peerUrls: [`https://${fleet.host('server-2').address}:2380`],
    });
    expect(view.value.members.map(({ id }) => id)).toContain(view.value.leader);
    const bare = await fleet.host('server-2').exec(`curl -sk -d '{}' https://127.0.0.1:2382/v3/cluster/member/list`);
    expect(bare).not.toMatchObject({ code: 0 });
  });

  it('say that they are ready to the password of agents, which shows in no process list', async () => {
    expect(await ask('server-1', serverReady(DATA, 6443))).toEqual({ ok: true, value: { ready: true, says: 'ok' } });
    const watched = `PATH=/tmp/watched:$PATH; mkdir -p /tmp/watched
printf '#!/bin/sh\\ncat /proc/$$/cmdline | tr "\\\\0" " " >> /tmp/watched/seen\\nexec /usr/bin/curl "$@"\\n' > /tmp/watched/curl
chmod +x /tmp/watched/curl\n`;
    const command = serverReady(DATA, 6443);
    await fleet.host('server-1').mustExec(watched + command.script.text, { args: command.args });
    const seen = await fleet.host('server-1').mustExec('cat /tmp/watched/seen');
    expect(seen).toContain('/v1-k3s/readyz');
    expect(seen).not.toContain('enough');
  });

  it('keep one lease of operators, which one of two takes, and say when kubelets reported', async () => {
    const now = Date.now();
    const lease = (holder: string): ClusterLease => ({ holder, since: now, renewed: now, seconds: 90 });
    const write = async (name: string, holder: string, over?: string): Promise<string | undefined> => {
      const written = await ask(name, writeClusterLease(lease(holder), over));
      if (!written.ok) throw new Error(`${written.error.message}: ${written.error.why}`);
      return written.value;
    };
    expect(await ask('server-2', readClusterLease())).toEqual({ ok: true, value: { now: expect.any(Number) } });
    const both = await Promise.all([write('server-1', 'ada'), write('server-2', 'bob')]);
    const version = both.find((one) => one !== undefined);
    expect(both.filter((one) => one !== undefined)).toHaveLength(1);
    const read = await ask('server-1', readClusterLease());
    expect(read).toMatchObject({ value: { lease: { ...lease(both[0] === undefined ? 'bob' : 'ada'), version } } });
    const next = await write('server-2', 'eve', version);
    expect(next).not.toBe(version);
    expect(await write('server-1', 'ada', version)).toBeUndefined();
    const reports = await ask('server-1', nodeReports());
    if (!reports.ok) throw new Error(reports.error.message);
    expect([...reports.value.last.keys()].sort()).toEqual(['server-1', 'server-2']);
    for (const at of reports.value.last.values()) expect(Math.abs(reports.value.now - at)).toBeLessThan(25_000);
  });

  it('have no etcd to ask where K3s is stopped, and no leader without the other', async () => {
    await fleet.host('server-1').mustExec('systemctl stop k3s');
    expect(await ask('server-1', etcdMembers(DATA))).toMatchObject({
      ok: false,
      error: { code: 'etcd-not-answering' },
    });
    expect(await ask('server-1', serverReady(DATA, 6443))).toMatchObject({ ok: true, value: { ready: false } });
    let view = await ask('server-2', etcdMembers(DATA));
    for (const end = Date.now() + 20_000; view.ok && view.value.healthy && Date.now() < end;)
      view = await ask('server-2', etcdMembers(DATA));
    expect(view).toMatchObject({ ok: true, value: { healthy: false, ready: false, why: 'RAFT NO LEADER' } });
    expect(await ask('server-2', serverReady(DATA, 6443))).toMatchObject({
      ok: true,
      value: { ready: false, says: '[-]etcd failed: reason withheld' },
    });
  });

  it('say so when there is no curl', async () => {
    const command = etcdMembers(DATA);
    const { code, stdout, stderr } = await fleet
      .host('server-1')
      .exec(`PATH=/nowhere\n${command.script.text}`, { args: command.args });
    expect(command.parse({ exitCode: code, stdout, stderr })).toMatchObject({ error: { code: 'curl-missing' } });
  });
});
