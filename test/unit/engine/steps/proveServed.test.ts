import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import { err, ok } from '../../../../src/core/base/result';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { SERVED_CERTIFICATE } from '../../../../src/core/k3s/certificates';
import { proveServed, type ServedProof } from '../../../../src/engine/steps/proveServed';
import { clusterOf } from '../../../support/cluster';
import { certificatesText } from '../../../support/factsText';
import { provisionedFacts } from '../../../support/plans';
import { playStep, type Play, type Played } from '../../../support/playStep';

const cluster = clusterOf();
const [server] = cluster.servers as readonly [ClusterNode];
const OLD = Date.UTC(2027, 0, 1);
const NEW = Date.UTC(2027, 10, 27);
const serialOf = (ends: number): string => (ends === OLD ? 'a1' : 'b2');
const facts = provisionedFacts(cluster);
const kept = [
  { path: SERVED_CERTIFICATE, serial: 'a1', ends: OLD, written: 0 },
  { path: 'server/tls/client-admin.crt', serial: 'a1', ends: OLD, written: 0 },
];
facts.set(server.id, { ...(facts.get(server.id) as HostFacts), certificates: kept });

const step = (input: Partial<ServedProof> = {}) =>
  proveServed.step(server, { has: ['api.example', 'FD00::1'], lacks: [], renewed: false, ...input }, 'files lie');

function play(more: Partial<Play> = {}, file = NEW): Promise<Played> {
  return playStep({
    cluster,
    facts,
    step: step(),
    answer: () => ({
      stdout: certificatesText([
        { path: SERVED_CERTIFICATE, serial: serialOf(file), ends: file, written: 0 },
        { path: 'server/tls/client-admin.crt', serial: serialOf(NEW), ends: NEW, written: 0 },
      ]),
    }),
    shows: () => ok({ names: ['API.example', 'fd00:0:0:0:0:0:0:1'], serial: serialOf(NEW), ends: NEW }),
    ...more,
  });
}

describe('the step prove-served', () => {
  it('is done when the server shows the names, and tells them with the end date', async () => {
    const { outcome, told } = await play();
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual(['shows a certificate with 2 names until 2027-11-27 00:00:00']);
  });

  it('tells when the file says something else than what is shown', async () => {
    const { outcome, told } = await play({}, OLD);
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([
      'shows a certificate with 2 names until 2027-11-27 00:00:00; its file has one until 2027-01-01 00:00:00',
    ]);
  });

  it('waits until a server shows what is wanted', async () => {
    const { outcome, told } = await play({
      shows: (_, turn) =>
        ok({ names: turn < 2 ? ['localhost'] : ['api.example', 'fd00::1'], serial: serialOf(NEW), ends: NEW }),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told[0]).toBe('server-1 shows a certificate without api.example and FD00::1');
  });

  it.each([
    ['lacks a name', step(), ['api.example'], NEW, 'server-1 shows a certificate without FD00::1'],
    [
      'is the one of before',
      step({ renewed: true }),
      ['api.example', 'fd00::1'],
      OLD,
      'server-1 still shows the old certificate, until 2027-01-01 00:00:00',
    ],
  ])('fails and names the server when what it shows %s', async (_, own, names, ends, message) => {
    const { outcome } = await play({ step: own, shows: () => ok({ names, serial: serialOf(ends), ends }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'served-certificate',
        host: 'server-1',
        message,
        nextSteps: [expect.stringContaining('k3s-ha restart FILE server-1') as string],
      },
    });
  });

  it('fails soon when a name that was dropped is shown: K3s takes none away while it runs', async () => {
    let looks = 0;
    const { outcome } = await play({
      step: step({ lacks: ['old.example'] }),
      shows: () => {
        looks += 1;
        return ok({ names: ['api.example', 'fd00::1', 'old.example'], serial: serialOf(NEW), ends: NEW });
      },
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'served-certificate',
        host: 'server-1',
        message: 'server-1 still shows a certificate with old.example',
        nextSteps: ['Run this again: it stops all servers once more.'],
      },
    });
    expect(looks).toBeLessThan(20);
  });

  it('fails when nobody shows anything, with the reason', async () => {
    const refused = problem('ssh-port-refused', 'Nothing listens on port 6443', { why: 'The connection was refused.' });
    const { outcome } = await play({ shows: () => err(refused) });
    expect(outcome).toMatchObject({
      problem: { message: 'server-1 shows no certificate to this computer: The connection was refused.' },
    });
  });

  it('tells that nothing was seen where sshd passes nothing on, and lets the files be enough', async () => {
    const { outcome, told } = await play({
      shows: () => err(problem('ssh-forwarding-refused', 'server-1 does not pass connections on to 127.0.0.1:6443.')),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([
      'not looked at from here: server-1 does not pass connections on to 127.0.0.1:6443. Its files were looked at.',
    ]);
  });

  it('does not know the outcome when the connection breaks, and stops when it is cancelled', async () => {
    expect((await play({ answer: () => 'cut off' })).outcome).toMatchObject({ kind: 'unknown' });
    expect((await play({ cancelAt: 'certificate-dates' })).outcome).toEqual({ kind: 'cancelled' });
  });
});
