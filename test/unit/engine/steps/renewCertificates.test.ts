import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { renewCertificates } from '../../../../src/engine/steps/renewCertificates';
import { clusterOf } from '../../../support/cluster';
import { certificatesText } from '../../../support/factsText';
import { withOpenrc } from '../../../support/openrc';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Played } from '../../../support/playStep';
import { etcdText, unitText, type Answer } from '../../../support/scriptedHosts';

const cluster = clusterOf();
const [server] = cluster.servers as [ClusterNode];
const [agent] = cluster.agents as [ClusterNode];
const step = renewCertificates.step(server, { role: 'server', alone: false }, 'its certificates end');

const OLD = Date.UTC(2026, 11, 1);
const NEW = Date.UTC(2027, 10, 27);
const PATHS = ['server/tls/client-admin.crt', 'server/tls/dynamic-cert.json', 'agent/client-kubelet.crt'];
const serialOf = (ends: number): string => (ends / 1000).toString(16);
const ending = (...ends: number[]): HostFacts['certificates'] =>
  PATHS.map((path, i) => ({ path, serial: serialOf(ends[i] ?? NEW), ends: ends[i] ?? NEW, written: 0 }));
const facts = new Map(
  [...provisionedFacts(cluster)].map(([id, seen]) => [id, { ...seen, certificates: ending(OLD, OLD, OLD) }]),
);

const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));
const answering =
  (dates: (turn: number) => HostFacts['certificates'], more: Answer = () => ({})): Answer =>
  (host, script, turn) => {
    if (script === 'renew-certificates') return { stdout: 'InvocationID=01d\n' };
    if (script === 'unit-status') return { stdout: unitText({ invocation: 'new' }) };
    if (script === 'etcd-members') return { stdout: etcdText(MEMBERS, 1) };
    if (script === 'certificate-dates') return { stdout: certificatesText(dates(turn)) };
    return more(host, script, turn);
  };
const play = (answer: Answer, more: Partial<Parameters<typeof playStep>[0]> = {}): Promise<Played> =>
  playStep({ cluster, facts, step, answer, ...more });

describe('the step renew-certificates', () => {
  it('says what becomes of server and agent', () => {
    expect(step.says.title).toContain('while the other servers keep the cluster up');
    expect(renewCertificates.step(agent, { role: 'agent', alone: false }, '').says.title).toBe(
      'Restart k3s-agent, which gets new certificates from a server',
    );
  });

  it('is done when every file ends later, and waits for the one that comes last', async () => {
    let looks = 0;
    const { outcome, told } = await play(answering(() => (looks++ === 0 ? ending(NEW, OLD) : ending())));
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toContain('waiting for server/tls/dynamic-cert.json');
  });

  it('takes the certificate of the port that another server has just renewed', async () => {
    const before = new Map([...facts].map(([id, seen]) => [id, { ...seen, certificates: ending(OLD, NEW, OLD) }]));
    expect(
      (
        await play(
          answering(() => ending()),
          { facts: before },
        )
      ).outcome,
    ).toEqual({ kind: 'done' });
  });

  it('is done when the new ones end when the old ones do, or before them: no certificate outlives its authority', async () => {
    for (const ends of [OLD, OLD - 1000]) {
      const made = PATHS.map((path, i) => ({ path, serial: `e${i}`, ends, written: 0 }));
      expect(
        (
          await play(
            answering(() => made),
            { startTimeoutMs: -1 },
          )
        ).outcome,
      ).toEqual({ kind: 'done' });
    }
  });

  it('N24: fails when K3s is back with a certificate of before', async () => {
    const { outcome } = await play(
      answering(() => ending(NEW, NEW, OLD)),
      { startTimeoutMs: -1 },
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'certificates-old', host: 'server-1', why: 'As old as before: agent/client-kubelet.crt.' },
    });
  });

  it('names the log of OpenRC where the host has no journal', async () => {
    const { outcome } = await play(
      answering(() => ending(NEW, NEW, OLD)),
      { startTimeoutMs: -1, facts: withOpenrc(facts) },
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { nextSteps: ['See "tail -n 200 /var/log/k3s.log" on server-1 for why they were not made anew.'] },
    });
  });

  it('fails with what K3s said when it kept its certificates, after it is up again', async () => {
    const refusing: Answer = (host, script, turn) =>
      script === 'renew-certificates'
        ? { stdout: 'refused=no space left on device\nInvocationID=01d\n' }
        : answering(() => ending())(host, script, turn);
    const { outcome, asked } = await play(refusing);
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'certificates-kept', host: 'server-1', why: 'no space left on device' },
    });
    expect(asked).toContain('unit-status server-1');
  });

  it('fails when K3s does not come up with them, and is unknown when the connection goes', async () => {
    const failing: Answer = (host, script, turn) =>
      script === 'unit-status'
        ? { stdout: unitText({ active: 'failed', invocation: 'new' }) }
        : answering(() => ending())(host, script, turn);
    expect((await play(failing, { startTimeoutMs: -1 })).outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'start-failed' },
    });
    const cut: Answer = (host, script, turn) =>
      script === 'renew-certificates' ? 'cut off' : answering(() => ending())(host, script, turn);
    expect((await play(cut)).outcome).toMatchObject({ kind: 'unknown' });
  });

  it('is cancelled while it waits for the dates', async () => {
    const { outcome } = await play(
      answering(() => ending()),
      { cancelAt: 'certificate-dates' },
    );
    expect(outcome).toEqual({ kind: 'cancelled' });
  });
});
