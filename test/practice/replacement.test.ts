import { describe, expect, it } from 'vitest';
import { replaceMachine } from '../../src/core/authoring/replaceMachine';
import { applyEdits } from '../../src/core/base/text';
import { normalise } from '../../src/core/cluster/normalise';
import { nodesOf } from '../../src/core/cluster/roles';
import { parseDocument } from '../../src/core/document/parse';
import { stopK3s } from '../../src/core/remote/stopK3s';
import { uninstallK3s } from '../../src/core/remote/uninstallK3s';
import { systemClock } from '../../src/adapters/system/clock';
import { vacantPlace } from '../../src/engine/nodes/vacantPlace';
import { engineLab, stepIds, type EngineLab } from './engineLab';

const SPARES = { server: '127.77.0.14', agent: '127.77.0.23' };
const NAMES = ['agent-1', 'agent-2', 'server-1', 'server-2', 'server-3'];

interface Replacing extends EngineLab {
  text: string;
}

/** A cluster of the practice example, and two machines beside it that nobody uses. */
async function withSpares(): Promise<Replacing> {
  let text = '';
  const lab = await engineLab((example) => {
    text = example;
    return `${example.trimEnd()}\n    - { host: ${SPARES.agent}, name: spare-2 }\n    - { host: ${SPARES.server}, name: spare-1 }\n`;
  });
  const network = lab.cluster.servers[0]?.host.replace(/\d+$/, '') ?? '';
  const own = text.replaceAll('127.77.0.', network);
  lab.cluster = normalise(parseDocument(own).data);
  expect((await lab.run(await lab.plan())).problems).toEqual([]);
  return Object.assign(lab, { text: own });
}

const spare = (lab: EngineLab, role: 'server' | 'agent'): string =>
  SPARES[role].replace('127.77.0.', lab.cluster.servers[0]?.host.replace(/\d+$/, '') ?? '');

const nodeOf = (lab: EngineLab, id: string) => {
  const node = nodesOf(lab.cluster).find((one) => one.id === id);
  if (node === undefined) throw new Error(`no ${id}`);
  return node;
};

const lookAt = (lab: EngineLab, id: string) =>
  vacantPlace(lab.cluster, nodeOf(lab, id), { hosts: lab.hosts, clock: systemClock });

/** As command and editor do it: look, edit, provision. */
async function replace(lab: Replacing, id: string, host: string): Promise<void> {
  const node = nodeOf(lab, id);
  await expect.poll(async () => (await lookAt(lab, id)).ok, { timeout: 20_000 }).toBe(true);
  const place = await lookAt(lab, id);
  expect(place).toEqual({ ok: true, value: { name: id } });
  const edits = replaceMachine({ document: parseDocument(lab.text), cluster: lab.cluster }, node, { host, name: id });
  if (!edits.ok) throw new Error(edits.error);
  lab.text = applyEdits(lab.text, edits.value);
  lab.cluster = normalise(parseDocument(lab.text).data);
  const prepared = await lab.plan();
  expect(prepared.plan.problems).toEqual([]);
  expect(prepared.plan.notes.join('\n')).toContain(`${id} joins anew as "${id}"`);
  expect((await lab.run(prepared)).problems).toEqual([]);
}

async function expectWhole(lab: EngineLab): Promise<void> {
  const { plan, situation } = await lab.plan();
  expect(plan).toMatchObject({ problems: [], steps: [] });
  expect(situation.live?.nodes.map(({ name, ready }) => `${name} ${ready}`).sort()).toEqual(
    NAMES.map((name) => `${name} ready`),
  );
  expect(situation.live?.etcd?.members.map(({ nodeName, learner }) => [nodeName, learner]).sort()).toEqual(
    ['server-1', 'server-2', 'server-3'].map((name) => [name, false]),
  );
}

describe('a machine that takes the place of another one', () => {
  it('a dead server and a dead agent: under their names, with a whole cluster, whoever comes back', async () => {
    const lab = await withSpares();
    await lab.fleet.powerOff('server-2');
    await lab.fleet.powerOff('agent-1');
    await replace(lab, 'server-2', spare(lab, 'server'));
    await replace(lab, 'agent-1', spare(lab, 'agent'));
    await expectWhole(lab);
    for (const id of ['spare-1', 'spare-2']) expect(lab.fleet.inspect(id).file('/usr/local/bin/k3s')).toBeDefined();
    await lab.fleet.powerOn('server-2');
    await lab.fleet.powerOn('agent-1');
    await expect.poll(() => lab.fleet.inspect('server-2').journal('k3s').length).toBeGreaterThan(0);
    await expectWhole(lab);
  }, 120_000);

  it('the first server, through which all others had joined', async () => {
    const lab = await withSpares();
    await lab.fleet.powerOff('server-1');
    await replace(lab, 'server-1', spare(lab, 'server'));
    await expectWhole(lab);
  }, 120_000);

  it('one that was taken off the cluster by hand and still answers', async () => {
    const lab = await withSpares();
    const third = nodeOf(lab, 'server-3');
    expect(await lab.hosts.run(third, stopK3s('/var/lib/rancher/k3s'))).toMatchObject({ kind: 'done' });
    expect(await lab.hosts.run(third, uninstallK3s('/var/lib/rancher/k3s', false))).toMatchObject({ kind: 'done' });
    await replace(lab, 'server-3', spare(lab, 'server'));
    await expectWhole(lab);
  }, 120_000);

  it('takes no place that somebody has: who is Ready, or runs K3s without the cluster knowing it', async () => {
    const lab = await withSpares();
    expect(await lookAt(lab, 'agent-2')).toMatchObject({
      ok: false,
      error: { code: 'machine-runs', host: 'agent-2', why: 'Its Node agent-2 is ready.' },
    });
    lab.fleet.partition('server-2', ['server-1', 'server-3']);
    await expect
      .poll(async () => {
        const found = await lookAt(lab, 'server-2');
        return found.ok ? 'vacant' : found.error.why;
      })
      .toMatch(/It answers over SSH, and k3s is (?:active|activating) there\./);
  }, 120_000);

  it('is not thought of while etcd has no majority', async () => {
    const lab = await withSpares();
    await lab.fleet.powerOff('server-2');
    await lab.fleet.powerOff('server-3');
    expect(await lookAt(lab, 'server-2')).toMatchObject({ ok: false });
    expect(stepIds(await lab.plan())).toEqual([]);
  }, 120_000);
});
