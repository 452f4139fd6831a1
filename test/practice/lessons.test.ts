import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createClusterApi } from '../../src/adapters/kubernetes/api';
import { systemClock } from '../../src/adapters/system/clock';
import { nodeHealth, type NodeHealth } from '../../src/core/health/nodeHealth';
import { normalise } from '../../src/core/cluster/normalise';
import { parseDocument } from '../../src/core/document/parse';
import type { FleetOrder } from '../../src/core/health/simulation';
import type { LessonPlan } from '../../src/engine/lessons/lesson';
import { lessonsFor } from '../../src/engine/lessons/lessons';
import { lessonResult } from '../../src/engine/lessons/lessonWords';
import { endLesson, takeLesson, type LessonTools } from '../../src/engine/lessons/takeLesson';
import { control } from '../../src/practice/control';
import { quietLog } from '../support/quietLog';
import { agentOf, etcdServer, startLab, type Lab } from './lab';

/** Fast enough for a test, slow enough that what takes K3s a second is not over between two looks. */
const PACE = 0.05;

let lab: Lab | undefined;
const ending = new AbortController();
const running: Promise<unknown>[] = [];
afterEach(async () => {
  ending.abort();
  await Promise.all(running);
  await lab?.stop();
});

/** Three servers in three racks, an agent in the last of them and a load balancer, all of it ready. */
async function classroom(): Promise<LessonTools> {
  lab = await startLab({ servers: 3, agents: 1, timeScale: PACE });
  const { fleet, address } = lab;
  const balancer = address('load-balancer');
  const names = `tls-san: ${balancer}`;
  await lab.bring('server-1', 'server', etcdServer(undefined, names));
  for (const id of ['server-2', 'server-3']) await lab.bring(id, 'server', etcdServer(address('server-1'), names));
  await lab.bring('agent-1', 'agent', agentOf(balancer));
  const text = `
loadBalancer: {address: ${balancer}}
datastore: {type: embedded-etcd}
servers:
  config: {tls-san: [${balancer}]}
  nodes:
${[1, 2, 3].map((i) => `    - {host: ${address(`server-${i}`)}, name: server-${i}, zone: rack-${i}}`).join('\n')}
agents:
  nodes: [{host: ${address('agent-1')}, name: agent-1, zone: rack-3}]
`;
  const cluster = normalise(parseDocument(text).data);
  const api = createClusterApi({ log: quietLog });
  const kubeconfig = await readFile(await lab.kubeconfig('server-1', balancer), 'utf8');
  const endpoint = { kubeconfig, trust: 'data' as const };
  let nodes: readonly NodeHealth[] = [];
  running.push(
    api.watchNodes(
      endpoint,
      (list) => (nodes = list.map((node) => nodeHealth(node, Date.now()))),
      () => undefined,
      ending.signal,
    ),
  );
  const doors = await api.openDoors(endpoint);
  if (!doors.ok) throw new Error(doors.error.message);
  running.push(new Promise((resolve) => ending.signal.addEventListener('abort', () => resolve(doors.value.close()))));
  await expect.poll(() => nodes.filter(({ ready }) => ready === 'ready').length, { timeout: 60_000 }).toBe(4);
  return {
    cluster,
    doors: doors.value,
    clock: systemClock,
    look: () => ({ nodes }),
    order: async (order: FleetOrder) => {
      const { ok, error } = await control(fleet, JSON.stringify(order));
      return ok === true ? undefined : String(error);
    },
    pace: PACE,
  };
}

async function taken(plan: LessonPlan, predicted: string, tools: LessonTools) {
  const seen = await takeLesson(plan, tools, ending.signal);
  const back = await endLesson(plan, tools, ending.signal);
  if (!seen.ok || !back.ok) throw new Error(JSON.stringify([seen, back]));
  return { seen: seen.value, ...lessonResult(tools.cluster, plan, predicted, seen.value) };
}

describe('the tour', () => {
  it(
    'shows what a cluster does when a part of it is lost, and brings each part back',
    { timeout: 300_000 },
    async () => {
      const tools = await classroom();
      const plans = new Map(lessonsFor(tools.cluster).map((plan) => [plan.id, plan]));
      expect([...plans.keys()]).toEqual(['server', 'quorum', 'zone', 'balancer', 'agent']);
      const plan = (id: LessonPlan['id']): LessonPlan => {
        const found = plans.get(id);
        if (found === undefined) throw new Error(`no lesson ${id}`);
        return found;
      };

      const server = await taken(plan('server'), 'goes-on', tools);
      expect(server).toMatchObject({ right: true, calculationWrong: false, seen: { apiAnswers: true } });
      expect(server.lines.find(({ who }) => who === 'Kubernetes')?.said).toMatch(
        /^server-3 is not ready, after \d+ s$/,
      );
      // Recorded: 46 to 51 s; what the test adds to it is told in the time of the simulation, too.
      expect(server.seen.noticedAfterMs).toBeGreaterThan(35_000);

      const quorum = await taken(plan('quorum'), 'goes-on', tools);
      expect(quorum).toMatchObject({ right: false, calculationWrong: false, seen: { apiAnswers: false } });
      expect(quorum.headline).toContain('Not as you expected: it answers no more');
      expect(quorum.lines.find(({ who }) => who === 'Kubernetes')?.said).toBe('Nothing: nobody can ask it');

      const zone = await taken(plan('zone'), 'stops', tools);
      expect(zone).toMatchObject({ right: false, calculationWrong: false, seen: { apiAnswers: true } });
      expect(zone.headline).toContain('Not as you expected: it goes on answering');
      expect(zone.seen.kubernetes.map(({ name }) => name).toSorted()).toEqual(['agent-1', 'server-3']);
      expect(zone.lines.find(({ who }) => who === 'Kubernetes')?.said).toMatch(
        /^server-3 and agent-1 are not ready, after \d+ s$/,
      );

      const balancer = await taken(plan('balancer'), 'stops', tools);
      expect(balancer).toMatchObject({ right: true, calculationWrong: false });
      expect(balancer.lines.find(({ who }) => who === 'The diagram')?.said).toContain('at their own addresses');

      const agent = await taken(plan('agent'), 'at-once', tools);
      expect(agent).toMatchObject({ right: false, calculationWrong: false, seen: { apiAnswers: true } });
      expect(lab?.fleet.hosts.every(({ id }) => lab?.fleet.inspect(id).powered)).toBe(true);
    },
  );
});
