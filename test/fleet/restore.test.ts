import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationById } from '../../src/engine/operations/registry';
import { copySnapshot } from '../../src/engine/snapshots/copySnapshot';
import { downloads } from '../../src/adapters/files/downloads';
import { agreedDoor } from '../support/agreedDoor';
import { ok } from '../../src/core/base/result';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterFile, TOKEN } from './clusterFile';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { engineFor, type Engine } from './engine';

const SERVERS = ['server-1', 'server-2', 'server-3'];
const FOLDER = '/var/lib/rancher/k3s/server/db/snapshots';

describe.skipIf(fleetSkipReason() !== undefined)('snapshots of real hosts', () => {
  let fleet: Fleet;
  let engine: Engine;
  let snapshot = '';

  const label = (name: string): Promise<string> =>
    fleet.host('server-1').mustExec(`k3s kubectl get node agent-1 -o json | grep -c '"${name}"' || true`);

  beforeAll(async () => {
    fleet = await startFleet({ hosts: [...SERVERS, 'agent-1'].map((name) => ({ name })) });
    const balancer = fleet.host('server-1').address;
    engine = await engineFor(fleet, clusterFile(fleet, { servers: SERVERS, agents: ['agent-1'], balancer }), {
      token: TOKEN,
    });
    expect((await engine.run(await engine.plan())).problems).toEqual([]);
  });
  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  async function carryOut(id: string, intent: object): Promise<void> {
    const prepared = await engine.plan({ operation: operationById(id), intent });
    expect(prepared.plan.problems).toEqual([]);
    const report = await engine.run(prepared);
    expect(report.problems).toEqual([]);
    expect(report.result).toBe('done');
  }

  it('are saved, and come here byte for byte', async () => {
    await carryOut('save-snapshot', { name: 'before', on: 'server-1' });
    snapshot = (await fleet.host('server-1').mustExec(`ls ${FOLDER}`)).trim();
    expect(snapshot).toMatch(/^before-server-1-\d+$/);
    const copied = await copySnapshot(
      engine.cluster,
      { snapshot: { name: snapshot }, place: (name) => join(engine.folder, name) },
      { hosts: engine.hosts, secrets: agreedDoor({ resolve: async (text) => ok(text) }), parallel: 4, downloads },
    );
    if (!copied.ok) throw new Error(`${copied.error.message}: ${copied.error.why ?? ''}`);
    const there = await fleet.host('server-1').mustExec(`base64 -w 0 ${FOLDER}/${snapshot}`);
    expect(readFileSync(join(engine.folder, snapshot)).toString('base64')).toBe(there.trim());
  });

  it('bring the cluster of then back, under the unit of K3s as it is', async () => {
    await fleet.host('server-1').mustExec('k3s kubectl cordon agent-1');
    expect((await label('unschedulable')).trim()).toBe('1');
    await fleet.host('server-2').mustExec('k3s etcd-snapshot save --name own');
    await carryOut('restore', { snapshot });
    expect((await label('unschedulable')).trim()).toBe('0');
    const logged = await fleet.host('server-1').mustExec('journalctl -u k3s-ha-restore -o cat --no-pager');
    expect(logged).toContain('Managed etcd cluster membership has been reset');
    for (const name of SERVERS) {
      const host = fleet.host(name);
      expect(await host.mustExec('systemctl is-active k3s; systemctl is-enabled k3s')).toBe('active\nenabled\n');
      expect(
        await host.mustExec(
          'ls -d /var/lib/k3s-ha/restore /run/systemd/system/k3s-ha-restore.service 2>/dev/null || true',
        ),
      ).toBe('');
    }
    expect(await fleet.host('server-2').mustExec(`ls ${FOLDER}`)).toMatch(/^own-server-2-\d+\n$/);
    expect((await engine.plan()).plan).toMatchObject({ steps: [], problems: [] });
  });

  it('bring it back from this computer, when no server has them any more', async () => {
    await fleet.host('server-1').mustExec(`rm ${FOLDER}/${snapshot}; k3s kubectl cordon agent-1`);
    // One that is of no use is found out on the server, stops nothing, and does not stay there.
    const damaged = join(engine.folder, 'damaged-server-1-1795739771');
    const bytes = readFileSync(join(engine.folder, snapshot));
    writeFileSync(damaged, bytes.fill(0, bytes.length - 32));
    const refused = await engine.run(
      await engine.plan({ operation: operationById('restore'), intent: { copyPath: damaged } }),
    );
    expect(refused.problems).toMatchObject([{ code: 'snapshot-unusable' }]);
    for (const name of SERVERS) expect(await fleet.host(name).mustExec('systemctl is-active k3s')).toBe('active\n');
    expect(await fleet.host('server-1').mustExec(`ls ${FOLDER}`)).not.toContain('damaged');
    expect((await label('unschedulable')).trim()).toBe('1');
    await carryOut('restore', { copyPath: join(engine.folder, snapshot) });
    expect((await label('unschedulable')).trim()).toBe('0');
    expect(await fleet.host('server-1').mustExec(`stat -c %a ${FOLDER}/${snapshot}`)).toBe('600\n');
    expect((await engine.plan()).plan).toMatchObject({ steps: [], problems: [] });
  });
});
