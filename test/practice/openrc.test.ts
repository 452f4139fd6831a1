import { expect, it } from 'vitest';
import { operationById } from '../../src/engine/operations/registry';
import { engineLab } from './engineLab';

const FOLDER = '/var/lib/rancher/k3s/server/db/snapshots';

it('machines whose names begin with alpine have OpenRC: the same cluster, and a restore begins on one of them', async () => {
  const lab = await engineLab((text) =>
    text.replace('name: server-1', 'name: alpine-1').replace('name: agent-2', 'name: alpine-2'),
  );
  const inspect = (id: string) => lab.fleet.inspect(id);
  const carryOut = async (id: string, intent: object): Promise<void> => {
    const prepared = await lab.plan({ operation: operationById(id), intent });
    expect(prepared.plan.problems).toEqual([]);
    expect(await lab.run(prepared)).toMatchObject({ problems: [], result: 'done' });
  };
  const first = await lab.plan();
  expect(first.situation.facts.get('alpine-1')).toMatchObject({ init: 'openrc', system: { distribution: ['alpine'] } });
  expect(first.situation.facts.get('server-2')).toMatchObject({ init: 'systemd' });
  expect((await lab.run(first)).result).toBe('done');
  expect(inspect('alpine-2').file('/etc/init.d/k3s-agent')?.content).toContain('supervisor=supervise-daemon');
  expect(inspect('alpine-1').file('/etc/runlevels/default/k3s')).toBeDefined();
  expect(inspect('alpine-1').file('/etc/systemd/system/k3s.service')).toBeUndefined();
  expect(inspect('server-2').file('/etc/init.d/k3s')).toBeUndefined();
  expect((await lab.plan()).plan).toMatchObject({ steps: [], problems: [] });

  await carryOut('restart', { nodes: ['alpine-1', 'alpine-2'] });
  await carryOut('save-snapshot', { name: 'before', on: 'alpine-1' });
  const [path = ''] = inspect('alpine-1').below(FOLDER);
  await carryOut('restore', { snapshot: path.slice(FOLDER.length + 1) });
  expect((await lab.plan()).plan).toMatchObject({ steps: [], problems: [] });
});
