import { describe, expect, it } from 'vitest';
import type { AddressSight } from '../../../../src/core/loadBalancer/addressSight';
import { addressAdvice, type AddressAdvice } from '../../../../src/engine/planning/addressNotes';
import { badDoor, balancedBy, goodDoor, OTHERS, sight } from '../../../support/addressViews';
import { clusterOf, freshHost } from '../../../support/cluster';
import { scriptedHosts } from '../../../support/scriptedHosts';

const fresh = clusterOf({ agents: 1 });

/** What a plan of fresh machines says when the address answers so to the machines, and so to this computer. */
async function advice(printed: string, here: AddressSight, cluster = fresh): Promise<AddressAdvice> {
  const facts = new Map([...cluster.servers, ...cluster.agents].map(({ id }) => [id, freshHost(id)]));
  const hosts = scriptedHosts(() => ({ stdout: `addresses 10.0.0.100\ndoor 10.0.0.100\n${printed}\nend\n` }));
  const addresses = { look: async () => here };
  const situation = { cluster, facts, unreachable: new Map(), desired: new Map(), balancers: new Map() };
  return addressAdvice(situation, { hosts, addresses, parallel: 4 });
}

describe('A plan of fresh machines behind an address that K3s HA does not carry', () => {
  it('says nothing when nobody listens there yet', async () => {
    expect(await advice('first 7 (7) Connection refused', sight(badDoor('refused')))).toEqual({
      problems: [],
      notes: [],
    });
  });

  it('only notes an address that does not exist yet: what carries it may come with the cluster', async () => {
    const { problems, notes } = await advice('first 7 (7) No route to host', sight(badDoor('no-route')));
    expect(problems).toEqual([]);
    expect(notes.join()).toContain('10.0.0.100:6443 does not answer yet');
  });

  it('is stopped by another cluster there, which agents would ask to join', async () => {
    const { trusted: _t, named: _n, ...door } = goodDoor({ authority: OTHERS, tries: [] });
    const { problems } = await advice(`issuer CN=k3s-server-ca@1\nfirst 0 \nauthority ${OTHERS}`, sight(door));
    expect(problems.map(({ code }) => code)).toEqual(['address-other-cluster']);
  });

  it('is not stopped when no agent joins through it', async () => {
    const { trusted: _t, named: _n, ...door } = goodDoor({ authority: OTHERS, tries: [] });
    const { problems, notes } = await advice(`first 0 \nauthority ${OTHERS}`, sight(door), clusterOf({ agents: 0 }));
    expect(problems).toEqual([]);
    expect(notes.join()).toContain('Another K3s cluster answers at 10.0.0.100:6443');
  });

  it('does not look where the load balancer is yet to be installed', async () => {
    const hosts = scriptedHosts();
    const look = async (): Promise<never> => Promise.reject(new Error('nobody was to look'));
    const situation = {
      cluster: balancedBy({ type: 'kube-vip' }, fresh),
      facts: new Map([['server-1', freshHost('server-1')]]),
      unreachable: new Map(),
      desired: new Map(),
      balancers: new Map(),
    };
    expect(await addressAdvice(situation, { hosts, addresses: { look }, parallel: 4 })).toEqual({
      problems: [],
      notes: [],
    });
    expect(hosts.calls).toEqual([]);
  });
});
