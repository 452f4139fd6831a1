import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { restart } from '../../../../src/engine/steps/restart';
import { clusterOf } from '../../../support/cluster';
import { playStep } from '../../../support/playStep';
import { etcdText, httpText, unitText, type Answer } from '../../../support/scriptedHosts';
import { provisionedFacts } from '../../../support/plans';

const cluster = clusterOf();
const facts = provisionedFacts(cluster);
const [server] = cluster.servers as [ClusterNode];
const [agent] = cluster.agents as [ClusterNode];
const step = restart.step(server, { role: 'server', alone: false }, 'its configuration changes');

const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));
const answer: Answer = (host, script) =>
  script === 'etcd-members' ? { stdout: etcdText(MEMBERS, Number(host.slice(-1))) } : {};

describe('the step restart', () => {
  it('says what is away meanwhile', () => {
    expect(step.says.title).toBe('Restart k3s while the other servers keep the cluster up');
    expect(restart.step(server, { role: 'server', alone: true }, '').says.title).toContain('the API is away meanwhile');
    expect(restart.step(agent, { role: 'agent', alone: false }, '').says.title).toBe('Restart k3s-agent');
  });

  it('is done when a new run of the unit is up, the server is ready and votes', async () => {
    let looks = 0;
    const { outcome, told } = await playStep({
      cluster,
      facts,
      step,
      answer: (host, script, turn) => {
        if (script === 'unit-status') return { stdout: unitText({ invocation: turn === 0 ? '01d' : 'new' }) };
        if (script === 'server-ready' && looks++ === 0)
          return { stdout: httpText({ supervisor: [200, 'ok'], api: [500, '[-]etcd failed: reason withheld'] }) };
        return answer(host, script, turn);
      },
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['starting', 'its server is not ready: [-]etcd failed: reason withheld']);
  });

  it('M14: does not take the process that was there before for a new one', async () => {
    const { outcome } = await playStep({
      cluster,
      facts,
      step,
      startTimeoutMs: -1,
      answer: (host, script, turn) =>
        script === 'unit-status' ? { stdout: unitText({ invocation: '01d' }) } : answer(host, script, turn),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { message: expect.stringContaining('still not ready') as string },
    });
  });

  it('fails when the server stays what it must not be', async () => {
    const learner = MEMBERS.map((member) => ({ ...member, learner: member.id === 1 }));
    const { outcome } = await playStep({
      cluster,
      facts,
      step,
      answer: (_, script) => (script === 'etcd-members' ? { stdout: etcdText(learner, 1) } : {}),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'server-not-ready', host: 'server-1', why: 'etcd: learner, waiting to be promoted' },
    });
  });

  it('fails with the words of systemd', async () => {
    const stderr = 'Failed to restart k3s.service: Unit k3s.service is masked.\n';
    const { outcome } = await playStep({
      cluster,
      facts,
      step,
      answer: (_, script) => (script === 'unit-control' ? { stderr, exitCode: 1 } : {}),
    });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'unit-control-failed', why: stderr.trim() } });
  });

  it.each(['unit-control', 'unit-status', 'server-ready', 'etcd-members'])(
    'is unknown when the connection breaks in %s, cancelled when that is wished there',
    async (at) => {
      const broken: Answer = (host, script, turn) => (script === at ? 'cut off' : answer(host, script, turn));
      expect((await playStep({ cluster, facts, step, answer: broken })).outcome.kind).toBe('unknown');
      expect((await playStep({ cluster, facts, step, answer, cancelAt: at })).outcome).toEqual({ kind: 'cancelled' });
    },
  );

  it('of an agent is proved by its unit: its Node is waited for by another step', async () => {
    const own = restart.step(agent, { role: 'agent', alone: false }, '');
    expect(await playStep({ cluster, facts, step: own })).toMatchObject({
      outcome: { kind: 'done' },
      asked: ['unit-control agent-1', 'unit-status agent-1'],
    });
  });
});
