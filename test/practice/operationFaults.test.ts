import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nodesOf, unitOf } from '../../src/core/cluster/roles';
import { ASIDE_FOLDER } from '../../src/core/k3s/paths';
import { operationById, operationIds } from '../../src/engine/operations/registry';
import type { Wanted } from '../../src/engine/operations/operation';
import { setNodeSchedulable } from '../../src/engine/nodes/nodeState';
import { systemClock } from '../../src/adapters/system/clock';
import { engineLab, withServerOption, type EngineLab } from './engineLab';
import { ALL, disturbed, faultsAt, finished, settled, type Fault } from './struck';

const SNAPSHOTS = '/var/lib/rancher/k3s/server/db/snapshots';

/** Operations that other files strike: provisioning and upgrade, certificates, token, restore; a drill strikes by itself. */
const ELSEWHERE = ['provision', 'renew-certificates', 'rotate-token', 'restore', 'drill'];

interface Struck {
  readonly id: string;
  /** The kind of step at which it is struck when not all of them are. */
  readonly at: string;
  readonly fault: Fault;
  /** What there has to be for it, made anew for each fault; gives what is wanted. */
  ready(lab: EngineLab): Promise<object>;
  /** Problems that say that it is over. */
  readonly over?: readonly string[];
  /** What holds when it is over, and what goes back for the next fault. */
  done(lab: EngineLab): Promise<void>;
}

/** Another operator provisions: what is gone when a removal is over comes back then, as it should. */
function meets({ id }: Struck, fault: Fault): boolean {
  return fault !== 'other operator' || !['remove-node', 'reset-cluster'].includes(id);
}

const nothing = async (): Promise<void> => undefined;

/** In an order in which each finds a whole cluster; the last one leaves none. */
const STRUCK: readonly Struck[] = [
  { id: 'restart', at: 'restart', fault: 'host rebooted', ready: async () => ({ nodes: [] }), done: nothing },
  {
    id: 'reboot',
    at: 'reboot',
    fault: 'connection lost',
    ready: async () => ({ nodes: ['server-2'] }),
    done: nothing,
  },
  {
    id: 'drain',
    at: 'drain',
    fault: 'connection lost',
    ready: async () => ({ nodes: ['agent-1'] }),
    done: async (lab) => {
      expect(cordoned(lab)).toEqual(['agent-1']);
      const set = await setNodeSchedulable(
        lab.cluster,
        'agent-1',
        true,
        { hosts: lab.hosts, clock: systemClock },
        new AbortController().signal,
      );
      expect(set.ok).toBe(true);
    },
  },
  {
    id: 'save-snapshot',
    at: 'save-snapshot',
    fault: 'disk full',
    ready: async () => ({ name: 'struck', on: 'server-1' }),
    done: async (lab) => expect(saved(lab).length).toBeGreaterThan(0),
  },
  {
    id: 'prune-snapshots',
    at: 'delete-snapshot',
    fault: 'connection lost',
    ready: async (lab) => {
      while (saved(lab).length < 2) await snapshot(lab);
      return { keep: 1, base: 'struck' };
    },
    done: async (lab) => expect(saved(lab)).toHaveLength(1),
  },
  {
    id: 'delete-snapshot',
    at: 'delete-snapshot',
    fault: 'process killed',
    ready: async (lab) => {
      if (saved(lab).length === 0) await snapshot(lab);
      return { names: saved(lab) };
    },
    over: ['snapshot-unknown'],
    done: async (lab) => expect(saved(lab)).toEqual([]),
  },
  {
    id: 'rotate-encryption-keys',
    at: 'rotate-keys',
    fault: 'process killed',
    ready: async () => ({}),
    done: async (lab) => {
      const keys = lab.cluster.servers.map(
        ({ id }) => lab.fleet.inspect(id).file('/var/lib/rancher/k3s/server/cred/encryption-config.json')?.content,
      );
      expect(new Set(keys).size).toBe(1);
    },
  },
  {
    id: 'repair-certificate-names',
    at: 'stop-server',
    fault: 'process killed',
    ready: async (lab) => {
      const plain = lab.cluster;
      const wanted = [plain.loadBalancer?.address ?? ''];
      for (const names of [[...wanted, 'old.example'], wanted]) {
        lab.cluster = withServerOption(plain, 'tls-san', names);
        expect((await lab.run(await lab.plan())).problems).toEqual([]);
      }
      // Certificates are dated to the second, and these hosts start several times within one.
      await sleep(1_100);
      return {};
    },
    done: async (lab) => {
      for (const { id } of lab.cluster.servers)
        expect(lab.fleet.inspect(id).file('/var/lib/rancher/k3s/server/tls/dynamic-cert.json')?.content).not.toContain(
          'old.example',
        );
    },
  },
  {
    id: 'remove-node',
    at: 'delete-node',
    fault: 'connection lost',
    ready: async () => ({ nodes: ['agent-2'] }),
    over: ['node-unknown', 'no-node'],
    done: async (lab) => {
      expect(lab.fleet.nodes().map(({ name }) => name)).not.toContain('agent-2');
      expect(lab.fleet.inspect('agent-2').file('/usr/local/bin/k3s')).toBe(undefined);
      expect((await lab.run(await lab.plan())).problems).toEqual([]);
    },
  },
  {
    id: 'reset-cluster',
    at: 'uninstall-k3s',
    fault: 'connection lost',
    ready: async (lab) => {
      expect((await lab.run(await lab.plan())).problems).toEqual([]);
      return {};
    },
    done: async (lab) => {
      for (const node of nodesOf(lab.cluster))
        expect(lab.fleet.inspect(node.id).file('/usr/local/bin/k3s')).toBe(undefined);
    },
  },
];

const cordoned = ({ fleet }: EngineLab): readonly string[] =>
  fleet
    .nodes()
    .filter((node) => node.cordoned)
    .map(({ name }) => name);

/** Names of the snapshots that are made here. */
function saved({ fleet }: EngineLab): string[] {
  return fleet
    .inspect('server-1')
    .below(SNAPSHOTS)
    .map((path) => path.slice(SNAPSHOTS.length + 1))
    .filter((name) => name.startsWith('struck-'));
}

async function snapshot(lab: EngineLab): Promise<void> {
  // Their names have seconds.
  await sleep(1_100);
  const wanted = { operation: operationById('save-snapshot'), intent: { name: 'struck', on: 'server-1' } };
  expect((await lab.run(await lab.plan(wanted))).problems).toEqual([]);
}

/** Nothing of the run is left: no server stopped, no node cordoned, no lease, nothing put aside. */
async function expectWhole(lab: EngineLab, where: string): Promise<void> {
  await settled(lab);
  expect(cordoned(lab), where).toEqual([]);
  for (const node of nodesOf(lab.cluster)) {
    const seen = lab.fleet.inspect(node.id);
    expect([node.id, seen.unit(unitOf(node)).active], where).toEqual([node.id, 'active']);
    expect(seen.file('/var/lib/k3s-ha/lease')).toBe(undefined);
    expect(seen.file(`${ASIDE_FOLDER}/invocation`)).toBe(undefined);
  }
  expect((await lab.plan()).plan, where).toMatchObject({ steps: [], problems: [] });
}

describe('whatever happens while something else is done to a running cluster', () => {
  it('meets every operation at least once, here or in its own file', () => {
    expect([...STRUCK.map(({ id }) => id), ...ELSEWHERE].sort()).toEqual([...operationIds()].sort());
  });

  it(
    'the same command again finishes it, and leaves nothing behind',
    async () => {
      const lab = await engineLab();
      expect((await lab.run(await lab.plan())).problems).toEqual([]);
      const only = process.env['FAULT_MATRIX_OF'];
      for (const struck of STRUCK.filter(({ id }) => only === undefined || only.split(',').includes(id))) {
        const operation = operationById(struck.id);
        const cases: [number, Fault][] = [];
        let first: Wanted | undefined = { operation, intent: await struck.ready(lab) };
        const steps = (await lab.plan(first)).plan.steps;
        const main = steps.findIndex(({ kind }) => kind === struck.at);
        expect([struck.id, main]).not.toEqual([struck.id, -1]);
        if (ALL) {
          for (const at of steps.keys())
            cases.push(
              ...faultsAt(at).flatMap((fault): [number, Fault][] => (meets(struck, fault) ? [[at, fault]] : [])),
            );
        } else cases.push([main, struck.fault]);
        expect([struck.id, cases.length]).not.toEqual([struck.id, 0]);
        for (const [at, fault] of cases) {
          const wanted: Wanted = first ?? { operation, intent: await struck.ready(lab) };
          first = undefined;
          const where = `${struck.id}, ${fault} at step ${at}`;
          await disturbed(lab, at, fault, wanted);
          await finished(lab, wanted, (codes) => codes.every((code) => struck.over?.includes(code) === true));
          await struck.done(lab);
          if (struck.id !== 'reset-cluster') await expectWhole(lab, where);
        }
      }
    },
    ALL ? 3_600_000 : 240_000,
  );
});
