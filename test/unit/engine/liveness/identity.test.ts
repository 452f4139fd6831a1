import { describe, expect, it } from 'vitest';
import { normalise } from '../../../../src/core/cluster/normalise';
import { kubeletIdentity, serverIdentity } from '../../../../src/engine/liveness/identity';
import { secondHand } from '../../../../src/engine/liveness/secondHand';
import { watchedMachines, type WatchedMachine } from '../../../../src/engine/liveness/watched';
import type { DoorAnswer } from '../../../../src/engine/ports';

const cluster = normalise({
  datastore: { type: 'embedded-etcd' },
  servers: { nodes: [1, 2].map((i) => ({ host: `10.0.0.1${i}`, name: `server-${i}` })) },
  agents: { nodes: [1, 2].map((i) => ({ host: `10.0.0.2${i}`, name: `agent-${i}` })) },
});
const machines = watchedMachines(cluster);
const machine = (id: string): WatchedMachine => machines.find((one) => one.id === id)!;
const answer = (status: number, body = '', names: readonly string[] = []): Extract<DoorAnswer, { status: number }> => ({
  reached: 'answers',
  status,
  body,
  opened: true,
  names,
});
const api = (address: string): string =>
  JSON.stringify({ serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: `${address}:6443` }] });

describe('an address that another machine answers at', () => {
  it('is told of a server by what its API calls its own address', () => {
    const seen = (own: string): unknown =>
      serverIdentity(machine('server-2'), '10.0.0.12', answer(200, api(own)), machines, 1);
    expect(seen('10.0.0.11')).toMatchObject({ machine: 'server-2', address: '10.0.0.12', holder: 'server-1' });
    expect(seen('10.0.0.12')).not.toHaveProperty('holder');
    // An advertise-address that is no machine of the file accuses nobody.
    expect(seen('192.0.2.7')).not.toHaveProperty('holder');
    expect(
      serverIdentity(machine('server-2'), '10.0.0.12', answer(403, api('10.0.0.11')), machines, 1),
    ).toBeUndefined();
  });

  it('is told of an agent by the Node that its certificate is made out to', () => {
    const nodes = new Map(machines.map(({ id }) => [id, `${id}.lan`]));
    const seen = (...names: string[]): unknown =>
      kubeletIdentity(machine('agent-1'), '10.0.0.21', answer(401, '', names), nodes, 1);
    expect(seen('server-1.lan', 'localhost')).toMatchObject({ machine: 'agent-1', holder: 'server-1' });
    expect(seen('agent-1.lan', 'localhost')).not.toHaveProperty('holder');
  });
});

describe('what an API server says of a kubelet', () => {
  const asked = (health: DoorAnswer, ready: DoorAnswer = answer(200, 'ok')): Promise<string | undefined> =>
    secondHand('server 3', async (path) => (path === '/readyz' ? ready : health));

  it('is its answer, or that it could not be reached', async () => {
    expect(await asked(answer(200, 'ok'))).toBe('answers');
    expect(await asked(answer(502, 'failed to find Session for client server-3'))).toBe('silent');
    expect(await asked(answer(503, 'error trying to reach service: dial tcp: no route to host'))).toBe('silent');
    expect(await asked({ reached: 'silent' })).toBe('silent');
  });

  it('is nothing where the API server is not well itself, or does not allow to ask', async () => {
    expect(await asked({ reached: 'silent' }, answer(500, '[-]etcd failed'))).toBeUndefined();
    expect(await asked(answer(503, 'apiserver not ready'))).toBeUndefined();
    expect(await asked(answer(403, 'forbidden'))).toBeUndefined();
    expect(await asked({ reached: 'refused' })).toBeUndefined();
  });
});
