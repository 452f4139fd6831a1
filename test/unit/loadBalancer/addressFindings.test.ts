import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../src/core/base/problem';
import { HERE, type AddressView } from '../../../src/core/loadBalancer/addressFinding';
import { addressFindings } from '../../../src/core/loadBalancer/addressFindings';
import type { AddressSight } from '../../../src/core/loadBalancer/addressSight';
import { ALL, badDoor, balancedBy, ends, goodDoor, lost, OTHERS, sight, viewOf } from '../../support/addressViews';
import { clusterOf } from '../../support/cluster';

/** Everything that is told, as a person reads it, the severity before it. */
function told(view: AddressView): string {
  return addressFindings(view)
    .map(
      ({ severity, stopsJoining, problem }) =>
        `${severity}${stopsJoining ? ' (stops joining)' : ''} ${problem.code}\n${formatProblem(problem)}`,
    )
    .join('\n');
}

const everywhere = (made: AddressSight, { cluster } = viewOf()): Record<string, AddressSight> =>
  Object.fromEntries([...cluster.servers, ...cluster.agents].map(({ id }) => [id, made]).concat([[HERE, made]]));

describe('A fixed address at which all is well', () => {
  it('is not spoken of', () => {
    expect(told(viewOf())).toBe('');
    expect(told(viewOf({ cluster: balancedBy({ type: 'haproxy' }) }))).toBe('');
  });

  it('may lead to one server at a time when it moves among the servers', () => {
    const moving = everywhere(sight(goodDoor({ tries: ends(['10.0.0.12:6443'], 12) })));
    expect(told(viewOf({ cluster: balancedBy({ type: 'kube-vip' }), sights: moving }))).toBe('');
  });

  it('may send each machine to one server of its own', () => {
    const sights = Object.fromEntries(
      ['server-1', 'server-2', 'server-3', 'agent-1'].map((id, i) => [
        id,
        sight(goodDoor({ tries: ends([ALL[i % 2] ?? ''], 12) })),
      ]),
    );
    expect(told(viewOf({ sights: { ...sights, 'agent-2': sight(goodDoor({ tries: [] })) } }))).toBe('');
  });
});

describe('Before the first server runs', () => {
  const before = { running: [], authority: undefined };

  it('nobody has to listen at the address', () => {
    expect(told(viewOf({ ...before, sights: everywhere(sight(badDoor('refused', 'Connection refused'))) }))).toBe('');
    expect(told(viewOf({ ...before, sights: everywhere(sight(badDoor('closed', 'EOF'))) }))).toBe('');
  });

  it('an address that nothing answers for is a note', () => {
    expect(told(viewOf({ ...before, sights: everywhere(sight(badDoor('no-route', 'No route to host'))) })))
      .toMatchInlineSnapshot(`
      "note address-silent-yet
      10.0.0.100:6443 does not answer yet, seen from everywhere
        Why: No route to host
        Next: Nothing has to be behind it before the first server runs; agents and kubectl need the way to it then."
    `);
  });

  it('a stranger that answers stops agents', () => {
    const stranger = { ...goodDoor(), subject: 'CN=proxy.example', issuer: 'CN=Example CA' };
    const { authority: _a, trusted: _t, named: _n, ...door } = { ...stranger, tries: [] };
    expect(told(viewOf({ ...before, sights: everywhere(sight(door)) }))).toMatchInlineSnapshot(`
      "error (stops joining) address-stranger
      What answers at 10.0.0.100:6443 is no K3s, seen from everywhere
        Why: It shows a certificate of CN=proxy.example, issued by CN=Example CA.
        Next: If the load balancer ends TLS, make it pass TCP through: K3s needs the certificates of its clients.
        Next: Else find out who has 10.0.0.100, or write another address or port under loadBalancer."
    `);
  });

  it('another K3s cluster that answers stops agents', () => {
    const { trusted: _t, named: _n, ...door } = goodDoor({ authority: OTHERS, tries: [] });
    expect(told(viewOf({ ...before, sights: everywhere(sight(door)) }))).toMatchInlineSnapshot(`
      "error (stops joining) address-other-cluster
      Another K3s cluster answers at 10.0.0.100:6443, seen from everywhere
        Why: It shows a certificate of O=k3s; CN=k3s, issued by CN=k3s-server-ca@1795737475. No server of this file was started yet.
        Next: Look at the list of servers behind the load balancer: all have to be servers of this file.
        Next: If the servers were installed anew, remove machines of the earlier installation from it."
    `);
  });

  it('a port without TLS stops agents', () => {
    expect(told(viewOf({ ...before, sights: everywhere(sight(badDoor('not-tls', 'wrong version number'))) })))
      .toMatchInlineSnapshot(`
      "error (stops joining) address-not-tls
      What answers at 10.0.0.100:6443 does not speak TLS, seen from everywhere
        Why: wrong version number
        Next: The load balancer has to pass TCP through to the port of the servers (6443), without HTTP of its own.
        Next: If another program has the port, stop it or write another one under loadBalancer.port."
    `);
  });

  it('a machine that has the address itself is told', () => {
    expect(
      told(
        viewOf({
          ...before,
          sights: everywhere(sight(badDoor('refused'))),
          interfaces: { 'agent-1': ['10.0.1.11', '10.0.0.100'] },
        }),
      ),
    ).toMatchInlineSnapshot(`
      "note address-on-machine
      agent-1 has the address 10.0.0.100 itself
        Why: With type external something that this file does not name has to move it to another machine when this one fails.
        Next: If nothing does, let K3s HA install it: type kube-vip, or haproxy with nodes."
    `);
  });
});

describe('What answers at the address', () => {
  it('may be TLS that ends at the load balancer', () => {
    const door = goodDoor({ subject: 'CN=lb.example', issuer: 'CN=Corp CA', trusted: false, tries: [] });
    const { named: _, ...ended } = door;
    expect(told(viewOf({ sights: everywhere(sight(ended)) }))).toMatchInlineSnapshot(`
      "error (stops joining) address-tls-ended
      TLS ends at the load balancer 10.0.0.100:6443 and not at K3s, seen from everywhere
        Why: It shows a certificate of CN=lb.example, issued by CN=Corp CA. Client certificates do not get past it, so neither kubectl nor agents can log in.
        Next: Make it pass TCP through: a TCP (layer 4) listener in a cloud, "mode tcp" in HAProxy, a server in "stream" and not in "http" in nginx. Take its certificate away."
    `);
  });

  it('may end TLS and then find nobody who understands it', () => {
    const door = { ...badDoor('closed', 'Empty reply from server'), subject: 'CN=lb.example', issuer: 'CN=Corp CA' };
    expect(addressFindings(viewOf({ sights: everywhere(sight(door)) }))).toMatchObject([
      { severity: 'error', stopsJoining: true, problem: { code: 'address-stranger' } },
    ]);
  });

  it('may be another cluster', () => {
    const { named: _, ...door } = goodDoor({ authority: OTHERS, trusted: false, tries: [] });
    expect(told(viewOf({ sights: everywhere(sight(door)) }))).toMatchInlineSnapshot(`
      "error (stops joining) address-other-cluster
      Another K3s cluster answers at 10.0.0.100:6443, seen from everywhere
        Why: It shows a certificate of O=k3s; CN=k3s, issued by CN=k3s-server-ca@1795737475. The authority that it hands out is not the one of the servers of this file.
        Next: Look at the list of servers behind the load balancer: all have to be servers of this file.
        Next: If the servers were installed anew, remove machines of the earlier installation from it."
    `);
  });

  it('may be K3s whose certificate lacks the address', () => {
    expect(told(viewOf({ sights: everywhere(sight(goodDoor({ named: false }))) }))).toMatchInlineSnapshot(`
      "error address-not-in-certificate
      The certificate of the API does not list 10.0.0.100
        Why: It comes from K3s itself, so the way is right; kubectl refuses it all the same, and so does whoever checks names.
        Next: See that tls-san under servers.config has 10.0.0.100, then apply: one restarted server renews it for all."
    `);
    const cluster = balancedBy({ tlsServerName: 'k3s.example' });
    expect(told(viewOf({ cluster, sights: everywhere(sight(goodDoor({ named: false }))) }))).toContain(
      'does not list k3s.example',
    );
  });

  it('may be nobody, although servers run', () => {
    const sights = everywhere(sight(badDoor('refused', 'Connection refused')));
    expect(told(viewOf({ sights }))).toMatchInlineSnapshot(`
      "error address-unreachable
      10.0.0.100:6443 refuses connections, seen from everywhere, while K3s runs on server-1, server-2 and server-3
        Why: Connection refused
        Next: See that the load balancer runs, listens on port 6443, and has server-1, server-2 and server-3 behind it on port 6443.
        Next: See that its firewall or security group lets this port in."
    `);
    expect(told(viewOf({ sights, cluster: balancedBy({ type: 'haproxy' }) }))).toContain(
      'Apply the file again: it looks at haproxy',
    );
    expect(told(viewOf({ sights, cluster: balancedBy({ type: 'kube-vip' }) }))).toContain('logs ds/kube-vip-ds');
    expect(told(viewOf({ sights, interfaces: { 'agent-1': ['10.0.0.100'] } }))).toContain(
      'agent-1 has the address 10.0.0.100 itself: a load balancer has to run there',
    );
  });

  it('is not judged by a host that has no authority of its own', () => {
    const { trusted: _t, named: _n, ...door } = goodDoor({ tries: [] });
    expect(told(viewOf({ sights: { 'agent-1': sight(door) } }))).toBe('');
  });

  it('is not judged by an authority that nobody could tell', () => {
    const { trusted: _t, named: _n, ...door } = goodDoor({ tries: [] });
    const unknown = { running: [], unseen: ['server-1', 'server-2', 'server-3'], authority: undefined };
    expect(told(viewOf({ ...unknown, sights: everywhere(sight(door)) }))).toBe('');
  });

  it('may stay hidden from one agent', () => {
    expect(told(viewOf({ sights: { 'agent-1': sight(badDoor('silent', 'Connection timed out')) } })))
      .toMatchInlineSnapshot(`
        "error address-unreachable-from
        10.0.0.100:6443 does not answer when agent-1 asks, and answers server-1, server-2, server-3 and 2 more
          Why: Connection timed out. A firewall or a missing route stands between them.
          Next: Let TCP to 10.0.0.100:6443 through there: "ip route get 10.0.0.100", firewalls, security groups."
      `);
  });

  it('may stay hidden from a server that is behind it', () => {
    expect(told(viewOf({ sights: { 'server-2': sight(badDoor('silent', 'Connection timed out')) } })))
      .toMatchInlineSnapshot(`
        "error address-hairpin
        10.0.0.100:6443 does not answer when server-2 asks, and answers server-1, server-3, agent-1 and 2 more
          Why: Connection timed out. Many load balancers that keep the address of clients cannot lead a server back to itself (hair-pin), or a rule on the server catches the address.
          Next: Switch hair-pin on (NAT loopback), or client addresses off (preserve client IP), or let servers use their own address: nothing of K3s on a server needs this one."
      `);
  });
});

describe('Behind the address', () => {
  it('a server that never gets a connection is missing', () => {
    const sights = everywhere(sight(goodDoor({ tries: ends(ALL.slice(0, 2), 6) })));
    expect(told(viewOf({ sights: { ...sights, [HERE]: sight(goodDoor({ tries: [] })) } }))).toMatchInlineSnapshot(`
      "warning balancer-server-missing
      10.0.0.100:6443 never leads to server-3: 60 connections ended at server-1 and server-2
        Why: K3s runs on server-3. Either it is not in the list of the load balancer, or its health check fails there, or it always sends to one server.
        Next: Behind the load balancer belong server-1 (10.0.0.11:6443), server-2 (10.0.0.12:6443) and server-3 (10.0.0.13:6443).
        Next: If they are there, see why it takes them for down: K3s answers GET /readyz without a certificate by 401, which a check that expects 200 refuses."
    `);
  });

  it('nobody is missing after few connections, or while it does not run', () => {
    const sights = everywhere(sight(goodDoor({ tries: [] })));
    const few = { ...sights, 'server-1': sight(goodDoor({ tries: ends(ALL.slice(0, 2), 3) })) };
    expect(told(viewOf({ sights: few }))).toBe('');
    const many = everywhere(sight(goodDoor({ tries: ends(ALL.slice(0, 2), 6) })));
    expect(told(viewOf({ sights: many, running: ['server-1', 'server-2'] }))).toBe('');
  });

  it('a server that is down gets connections all the same', () => {
    const sights = everywhere(sight(goodDoor({ tries: [...ends(ALL.slice(0, 2)), ...lost(4)] })));
    expect(told(viewOf({ sights, running: ['server-1', 'server-2'] }))).toMatchInlineSnapshot(`
      "error balancer-server-down
      24 of 72 connections through 10.0.0.100:6443 failed, from server-1, server-2, server-3 and 3 more
        Why: Connection timed out after 2001 milliseconds. server-3 is down, and the load balancer goes on sending connections there.
        Next: Have it check the servers: GET /readyz over HTTPS, 200 or 401 is good (a check of the TCP port is better than none), every few seconds.
        Next: Start K3s on server-3."
    `);
  });

  it('one connection of many may fail on a busy machine', () => {
    const tries = [...ends(ALL, 4).slice(1), ...lost(1)];
    expect(told(viewOf({ sights: { 'agent-1': sight(goodDoor({ tries })) } }))).toBe('');
  });

  it('a machine that the file does not know is down', () => {
    const sights = everywhere(sight(goodDoor({ tries: [...ends(ALL, 3), ...lost(3, 'Empty reply from server')] })));
    expect(told(viewOf({ sights }))).toContain(
      'Behind it belong server-1 (10.0.0.11:6443), server-2 (10.0.0.12:6443) and server-3 (10.0.0.13:6443), and nothing else.',
    );
  });

  it('a server meets all but itself', () => {
    const looped = sight(goodDoor({ tries: [...ends([ALL[0] ?? '', ALL[2] ?? '']), ...lost(4)] }), {
      self: '10.0.0.12:6443',
    });
    expect(told(viewOf({ sights: { 'server-2': looped } }))).toMatchInlineSnapshot(`
      "error address-hairpin
      server-2 cannot reach itself through 10.0.0.100:6443: 4 of 12 connections failed
        Why: Connection timed out after 2001 milliseconds. Others reach every server there, and from server-2 every connection that is led back to it fails: the load balancer keeps the address of clients, and the answer takes the short way (hair-pin).
        Next: Switch NAT loopback on at the load balancer, or client addresses off (preserve client IP).
        Next: Or let the servers join and ask each other by their own addresses, as K3s HA has them do: then only kubectl on a server is concerned."
    `);
  });

  it('a home of etcd alone gets connections', () => {
    const cluster = clusterOf();
    const servers = cluster.servers.map((server, i) =>
      i === 2 ? { ...server, config: { ...server.config, 'disable-apiserver': true } } : server,
    );
    const split = { ...cluster, servers };
    const without = Array.from({ length: 4 }, () => ({ reach: 'answered', withoutApi: true }) as const);
    const sights = everywhere(sight(goodDoor({ tries: [...ends(ALL.slice(0, 2)), ...without] })));
    expect(told(viewOf({ cluster: split, sights }))).toMatchInlineSnapshot(`
      "error balancer-server-without-api
      10.0.0.100:6443 also leads to servers without an API: 24 of 72 connections ended there
        Why: K3s there says "apiserver disabled"; in the file server-3 is a home of etcd alone. Its port is open and /ping answers, so a check of these sees nothing.
        Next: Take server-3 out of the load balancer, or have it check GET /readyz over HTTPS and expect 200 or 401."
    `);
  });

  it('a server of the cluster gets connections that the file does not name', () => {
    const sights = everywhere(sight(goodDoor({ tries: ends([...ALL, '10.0.0.77:6443']) })));
    expect(told(viewOf({ sights }))).toMatchInlineSnapshot(`
      "warning balancer-server-unknown
      10.0.0.100:6443 also leads to 10.0.0.77:6443, which the file does not name
        Why: It is a server of this cluster: its certificate comes from the authority of the cluster.
        Next: Add it to servers.nodes, or take it out of the load balancer if it is to leave the cluster."
    `);
  });

  it('servers that all call themselves as the load balancer are told, and not taken for one', () => {
    const own = { self: '10.0.0.100:6443' };
    const made = sight(goodDoor({ tries: ends(['10.0.0.100:6443'], 12) }), own);
    expect(told(viewOf({ sights: { 'server-1': made, 'server-2': made, 'server-3': made } }))).toMatchInlineSnapshot(`
      "warning address-advertised
      server-1, server-2 and server-3 all advertise 10.0.0.100 as their own address
        Why: What K3s and its agents remember as the list of servers then has only this address, so that all of them hang on what answers there.
        Next: Take advertise-address out of the configuration of the servers, or give each its own, then apply."
    `);
  });

  it('two machines have the address at once', () => {
    const interfaces = { 'server-1': ['10.0.0.100'], 'server-2': ['10.0.0.100'] };
    expect(told(viewOf({ interfaces }))).toMatchInlineSnapshot(`
      "error address-twice
      server-1 and server-2 have the address 10.0.0.100 at the same time
        Why: Machines of the network reach now one of them, now another one, and lose connections each time.
        Next: See what moves it there (keepalived, kube-vip): its members do not hear each other. Take it off all but one."
    `);
  });
});

describe('A name', () => {
  const cluster = balancedBy({ type: 'dns', address: 'k3s.example' });
  const doors = ['10.0.0.11', '10.0.0.12', '10.0.0.13'].map((address) => goodDoor({ address }));
  const good: AddressSight = { addresses: doors.map(({ address }) => address), doors };
  const all = everywhere(good);

  it('that stands for exactly the servers is not spoken of', () => {
    expect(told(viewOf({ cluster, sights: all }))).toBe('');
  });

  it('is unknown on some machines', () => {
    const unknown: AddressSight = { addresses: [], doors: [] };
    expect(told(viewOf({ cluster, sights: { ...all, 'agent-1': unknown, [HERE]: unknown } }))).toMatchInlineSnapshot(`
      "error (stops joining) address-name-unknown
      k3s.example stands for no address, seen from agent-1 and this computer
        Why: The resolver there (getent ahosts; here the one of the system) knows no A or AAAA record of it.
        Next: Add the record to the DNS zone, or the name to /etc/hosts of these machines.
        Next: See that /etc/resolv.conf there names a server that answers for this zone: "getent ahosts NAME" on the machine tells."
    `);
  });

  it('that the file itself makes known on a machine stops nobody', () => {
    const sights = everywhere({ addresses: [], doors: [] });
    const files = [{ from: './hosts', to: '/etc/hosts', mode: '0644', restart: false, path: ['files', 0] }];
    const made = { ...cluster, agents: cluster.agents.map((agent) => ({ ...agent, files })) };
    expect(addressFindings(viewOf({ cluster, sights }))[0]?.stopsJoining).toBe(true);
    expect(addressFindings(viewOf({ cluster: made, sights }))[0]?.stopsJoining).toBe(false);
  });

  it('stands for something else on one machine: what is stale there', () => {
    const stale: AddressSight = {
      addresses: ['10.0.0.99'],
      doors: [badDoor('no-route', 'No route to host', '10.0.0.99')],
    };
    expect(told(viewOf({ cluster, sights: { ...all, 'agent-2': stale } }))).toMatchInlineSnapshot(`
      "error address-name-strange
      k3s.example also stands for 10.0.0.99, which is no server with an API, seen from agent-2
        Why: No machine of the cluster file has this address: it is old, or belongs to somebody else.
        Next: Take the record of 10.0.0.99 out of the zone: every client that gets it first waits, or meets a stranger.
        Next: If it is a server behind address translation, name it as node-external-ip of that server.
      warning address-name-differs
      k3s.example stands for different addresses, depending on who asks
        Why: Different name servers, a hosts file, or an old answer that is still remembered.
          server-1, server-2, server-3 and 2 more: 10.0.0.11, 10.0.0.12, 10.0.0.13
          agent-2: 10.0.0.99
        Next: If that is not meant (split DNS), make them the same: look into /etc/hosts and /etc/resolv.conf there."
    `);
  });

  it('lacks a server, and has an agent in its place', () => {
    const wrong = {
      addresses: ['10.0.0.11', '10.0.0.12', '10.0.1.11'],
      doors: [...doors.slice(0, 2), badDoor('refused', 'Connection refused', '10.0.1.11')],
    };
    expect(told(viewOf({ cluster, sights: everywhere(wrong) }))).toMatchInlineSnapshot(`
      "error address-name-strange
      k3s.example also stands for 10.0.1.11, which is no server with an API, seen from everywhere
        Why: It is agent-1, which is no server.
        Next: Take the record of 10.0.1.11 out of the zone: every client that gets it first waits, or meets a stranger.
      warning address-name-incomplete
      k3s.example does not stand for server-3
        Why: Nobody who knows only the name reaches that server, so it is no help when the others fail.
        Next: Add a record of 10.0.0.13 to the zone."
    `);
  });

  it('stands for the outer address of a server', () => {
    const outer = {
      ...cluster,
      servers: cluster.servers.map((server, i) =>
        i === 2 ? { ...server, config: { ...server.config, 'node-external-ip': '198.51.100.3' } } : server,
      ),
    };
    const seen = {
      addresses: ['10.0.0.11', '10.0.0.12', '198.51.100.3'],
      doors: [...doors.slice(0, 2), goodDoor({ address: '198.51.100.3' })],
    };
    expect(told(viewOf({ cluster: outer, sights: everywhere(seen) }))).toBe('');
  });

  it('stands for a server that is down', () => {
    const down = { ...good, doors: [...doors.slice(0, 2), badDoor('refused', 'Connection refused', '10.0.0.13')] };
    expect(told(viewOf({ cluster, sights: everywhere(down), running: ['server-1', 'server-2'] })))
      .toMatchInlineSnapshot(`
      "warning address-name-down
      k3s.example stands for server-3, too, which does not answer at port 6443
        Why: Connection refused
        Next: Start K3s on server-3. A name takes no server out that is down: clients try it, wait, and go on."
    `);
  });

  it('is remembered for long', () => {
    expect(told(viewOf({ cluster, sights: { ...all, [HERE]: { ...good, ttl: 3600 } } }))).toMatchInlineSnapshot(`
      "note address-name-long-lived
      Name servers remember k3s.example for 60 minutes
        Why: For so long clients ask a server that is gone or was replaced.
        Next: Give the records a time to live of 300 s or less."
    `);
    expect(told(viewOf({ cluster, sights: { ...all, [HERE]: { ...good, ttl: 60 } } }))).toBe('');
  });

  it('of a load balancer is compared between machines, and not with the servers', () => {
    const one = sight(goodDoor({ address: '10.0.0.100' }));
    const other = { ...sight(goodDoor({ address: '10.0.0.101' })) };
    const external = balancedBy({ address: 'lb.example' });
    expect(
      addressFindings(viewOf({ cluster: external, sights: { ...everywhere(one), 'agent-1': other } })).map(
        ({ problem }) => problem.code,
      ),
    ).toEqual(['address-name-differs']);
  });
});
