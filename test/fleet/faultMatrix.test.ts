import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubeconfigFor } from './byHand';
import { clusterFile } from './clusterFile';
import { createDesk, type Desk, type Outcome } from './desk';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { startHaproxy } from './driver/services';
import { endState, settled } from './endState';
import { FAULTS, fullBefore, strike, type Fault } from './faults';
import { watchApi, watchPort } from './fromOutside';

const SERVERS = ['server-1', 'server-2', 'server-3'];
const AGENTS = ['agent-1'];
const NODES = [...SERVERS, ...AGENTS];
const LAST = 'await-nodes:server-1';
const TUNNELS = 'prove-tunnels:server-1';
const BEGIN_STEPS = [
  ...NODES.flatMap((name) => [`write-config:${name}`, `install:${name}`, `start:${name}`]),
  LAST,
  TUNNELS,
];
const CHANGE_STEPS = [
  'save-snapshot:server-1',
  ...NODES.flatMap((name) => [
    `put-aside:${name}`,
    ...(SERVERS.includes(name) ? [`write-config:${name}`] : []),
    `install:${name}`,
    `restart:${name}`,
    `put-back:${name}`,
    `await-settled:${name}:${name}`,
  ]),
  LAST,
  TUNNELS,
];

/** Each kind of step meets a fault that hits it where it hurts; the hosts take turns. */
const BEGIN_SAMPLE: readonly Case[] = [
  ['write-config:agent-1', 'disk full'],
  ['install:server-2', 'connection lost'],
  ['start:server-1', 'process killed'],
  ['start:server-3', 'host rebooted'],
  [LAST, 'other operator'],
];
const CHANGE_SAMPLE: readonly Case[] = [
  ['put-aside:server-3', 'other operator'],
  ['install:server-1', 'disk full'],
  ['restart:server-1', 'host rebooted'],
  ['restart:server-2', 'connection lost'],
  ['put-back:server-3', 'process killed'],
];

type Case = readonly [step: string, fault: Fault];

/** `FAULT_MATRIX=all` meets every fault at every step. */
const casesOf = (steps: readonly string[], sample: readonly Case[]): readonly Case[] =>
  process.env['FAULT_MATRIX'] === 'all' ? steps.flatMap((step) => FAULTS.map((fault): Case => [step, fault])) : sample;
const CHANGES = casesOf(CHANGE_STEPS, CHANGE_SAMPLE);

const versionOf = (turn: number): string => `v1.36.${3 + turn}+k3s1`;
/** What an end of any turn has in common with that of another one. */
const anyTurn = (state: string): string => state.replaceAll(/v1\.36\.\d+\+k3s1|\bturn=\d+/g, 'TURN');

/** A cluster in the making, and the two who operate it. */
interface Lab {
  readonly fleet: Fleet;
  readonly desk: Desk;
  readonly other: Desk;
  /** Both desks get the cluster file of this turn: another version, and another label for the servers. */
  turn(number: number): void;
  kubeconfig(): Promise<string>;
  /** May be called twice. */
  stop(): Promise<void>;
}

async function startLab(turns: number): Promise<Lab> {
  const fleet = await startFleet({
    hosts: [...NODES.map((name) => ({ name })), { name: 'lb', services: true }],
    k3sVersions: Array.from({ length: turns }, (_, turn) => versionOf(turn)),
    // Hosts that wait long for a busy machine are neither lost nor without quorum; a start is shown often enough elsewhere.
    doubleSettings: { grace: 15, silence: 4, peer_timeout: 1.5, start: 0, api: 0.1, hooks: 0.1, network: 0.1 },
  });
  const balancer = fleet.host('lb').address;
  await startHaproxy(
    fleet.host('lb'),
    SERVERS.map((name) => fleet.host(name)),
    'readyz',
  );
  const [desk, other] = [await createDesk(fleet), await createDesk(fleet)];
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    desk.dispose();
    other.dispose();
    await fleet.stop();
    expect(await fleet.leftovers()).toEqual([]);
  };
  const lab: Lab = {
    fleet,
    desk,
    other,
    turn: (turn) => {
      const text = clusterFile(fleet, {
        servers: SERVERS,
        agents: AGENTS,
        balancer,
        version: versionOf(turn),
        serverConfig: `    node-label: [turn=${turn}]\n`,
      });
      for (const one of [desk, other]) one.write(text);
    },
    kubeconfig: () => kubeconfigFor(fleet, 'server-1', balancer),
    stop: () => (stopped ??= stop()),
  };
  lab.turn(0);
  return lab;
}

/** Carries the plan of the file out; when `step` begins, the fault happens. */
async function disturbed({ fleet, desk, other }: Lab, [step, fault]: Case): Promise<void> {
  const [kind = '', name = ''] = step.split(':');
  const host = fleet.host(name);
  const full = fullBefore(kind, fault);
  if (full !== undefined) await host.fillDisk(full);
  let goes = true;
  let over: Promise<() => Promise<void>> | undefined;
  const run = desk.apply(({ step: id, state }) => {
    if (id !== step || state !== 'running') return;
    over ??= strike(kind, fault, { host, other, kill: run.kill, goesOn: () => goes });
    // Whoever waits for it hears of its failure; until then nobody does.
    over.catch(() => undefined);
  });
  const { result, states, told } = await run.over;
  goes = false;
  expect(over, `${step} never began: ${told}`).toBeDefined();
  await (
    await over
  )?.();
  if (full !== undefined) await host.freeDisk(full);
  if (full !== undefined) expect(states.get(step), told).toBe('failed');
  if (fault === 'process killed') expect(result).toBeUndefined();
}

/** The same run again, as a person would: once, and once more when a host was still coming up. */
async function again({ fleet, desk }: Lab): Promise<void> {
  let outcome: Outcome = await desk.apply().over;
  if (outcome.result !== 'done') {
    await settled(fleet, NODES);
    outcome = await desk.apply().over;
  }
  expect(outcome, outcome.told).toMatchObject({ result: 'done', problems: [] });
}

describe.skipIf(fleetSkipReason() !== undefined)(
  'whatever happens, the same run again ends as an undisturbed one',
  () => {
    let calm: Lab;
    let kubeconfig: string;
    let provisioned: string;

    beforeAll(async () => {
      calm = await startLab(CHANGES.length + 2);
      const { result, states, told } = await calm.desk.apply().over;
      expect(result, told).toBe('done');
      expect([...states.keys()].sort()).toEqual([...BEGIN_STEPS].sort());
      kubeconfig = await calm.kubeconfig();
      provisioned = await endState(calm.fleet, NODES, kubeconfig);
    });

    afterAll(() => calm?.stop());

    describe('while a cluster is changed and upgraded; the API answers and quorum stays', () => {
      let undisturbed: string;

      beforeAll(async () => {
        calm.turn(1);
        const { result, states, told } = await calm.desk.apply().over;
        expect(result, told).toBe('done');
        expect([...states.keys()].sort()).toEqual([...CHANGE_STEPS].sort());
        undisturbed = anyTurn(await endState(calm.fleet, NODES, kubeconfig));
      });

      afterAll(() => calm?.stop());

      it.each(CHANGES.map(([step, fault], i) => ({ step, fault, turn: i + 2 })))(
        '$step, $fault',
        async ({ step, fault, turn }) => {
          const hosts = SERVERS.map((name) => calm.fleet.host(name));
          const [api, etcd] = [watchApi(kubeconfig), watchPort(hosts, 2380)];
          calm.turn(turn);
          await disturbed(calm, [step, fault]);
          await again(calm);
          const [{ asked, unanswered }, down] = [await api.stop(), await etcd.stop()];
          expect(unanswered).toEqual([]);
          expect(asked).toBeGreaterThan(50);
          expect(down, 'members of etcd').toMatchObject({ most: 1 });
          const state = await endState(calm.fleet, NODES, kubeconfig);
          expect(anyTurn(state)).toBe(undisturbed);
          expect(state).toContain(versionOf(turn));
          expect(state).not.toContain(versionOf(turn - 1));
        },
      );
    });

    describe('while a cluster is provisioned', () => {
      it.each(casesOf(BEGIN_STEPS, BEGIN_SAMPLE).map(([step, fault]) => ({ step, fault })))(
        '$step, $fault',
        async ({ step, fault }) => {
          const lab = await startLab(1);
          try {
            await disturbed(lab, [step, fault]);
            await again(lab);
            expect(await endState(lab.fleet, NODES, await lab.kubeconfig())).toBe(provisioned);
          } finally {
            await lab.stop();
          }
        },
      );
    });
  },
);
