import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import type { BalancerFacts } from '../../../../src/core/facts/balancerFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { BALANCER_RECORD, balancerRecord, readBalancerRecord } from '../../../../src/core/loadBalancer/balancerRecord';
import type { Plan } from '../../../../src/core/plan/plan';
import { planText } from '../../../../src/core/plan/planText';
import { balancedCluster, balancedFacts, freshBalancer, withFreshBalancers } from '../../../support/balancers';
import { freshHost } from '../../../support/cluster';
import { freshFacts, planFor, TOKEN } from '../../../support/plans';

const ids = ({ steps }: Plan): string[] => steps.map(({ id }) => id);
const codes = ({ problems }: Plan): string[] => problems.map(({ code }) => code);
const after = ({ steps }: Plan, id: string): readonly string[] => steps.find((step) => step.id === id)?.after ?? [];

/** The facts of one machine, changed. */
function change(facts: Map<string, HostFacts>, id: string, more: Partial<HostFacts>): Map<string, HostFacts> {
  return new Map(facts).set(id, { ...(facts.get(id) ?? freshHost(id)), ...more });
}

function changeBalancer(facts: Map<string, HostFacts>, id: string, more: Partial<BalancerFacts>) {
  return change(facts, id, { balancer: { ...freshBalancer(''), ...facts.get(id)?.balancer, ...more } });
}

const fresh = (cluster: Cluster): Map<string, HostFacts> => withFreshBalancers(cluster, freshFacts(cluster));

describe('a load balancer on new machines', () => {
  const cluster = balancedCluster();
  const plan = planFor(cluster, fresh(cluster));

  it('is installed beside the servers, and agents wait for it', () => {
    expect(plan.problems).toEqual([]);
    expect(ids(plan).filter((id) => id.includes(':lb-'))).toEqual([
      'install-packages:lb-1',
      'write-balancer:lb-1:haproxy',
      'write-balancer:lb-1:keepalived',
      'install-packages:lb-2',
      'write-balancer:lb-2:haproxy',
      'write-balancer:lb-2:keepalived',
    ]);
    expect(after(plan, 'install-packages:lb-2')).toEqual([]);
    expect(after(plan, 'start:agent-1')).toEqual(
      expect.arrayContaining(['start:server-1', 'write-balancer:lb-1:haproxy', 'write-balancer:lb-2:keepalived']),
    );
    expect(after(plan, 'start:server-2').filter((id) => id.includes('lb-'))).toEqual([]);
  });

  it('changes one machine after the other', () => {
    expect(after(plan, 'write-balancer:lb-2:haproxy')).toContain('write-balancer:lb-1:keepalived');
  });

  it('is watched by keepalived alone on a machine with OpenRC, which has no drop-ins of systemd', () => {
    const mixed = planFor(cluster, change(fresh(cluster), 'lb-1', { init: 'openrc' }));
    expect(ids(mixed)).toEqual(ids(plan));
    const files = (id: string): readonly string[] =>
      mixed.steps.find((step) => step.id === id)?.differences.map(({ path }) => path) ?? [];
    expect(files('write-balancer:lb-1:haproxy')).toEqual(['/etc/haproxy/haproxy.cfg']);
    expect(files('write-balancer:lb-2:haproxy')).toContain('/etc/systemd/system/haproxy.service.d/k3s-ha.conf');
  });

  it('is told with its hosts, line by line, and without the password', () => {
    const secret = balancedCluster({ more: { vrrp: { password: '${secret:vrrp}' } } });
    const text = JSON.stringify(planFor(secret, fresh(secret)));
    expect(text).toContain('server server-1 10.0.0.11:6443');
    expect(text).toContain('auth_pass «secret»');
    expect(text).not.toContain(TOKEN);
    expect(planText(planFor(secret, fresh(secret)))).toContain('lb-1');
  });

  it('needs no packages that are there', () => {
    const facts = changeBalancer(fresh(cluster), 'lb-1', { programs: ['haproxy', 'keepalived'] });
    const step = planFor(cluster, facts).steps.find(({ id }) => id === 'install-packages:lb-1');
    expect(step?.input).toEqual({ manager: 'apt-get', packages: ['socat'] });
  });

  it('takes the module of nginx from the package that the distribution has it in', () => {
    const nginx = balancedCluster({ type: 'nginx' });
    const facts = changeBalancer(fresh(nginx), 'lb-2', { manager: 'dnf' });
    const packages = (id: string) => planFor(nginx, facts).steps.find((step) => step.id === id)?.input;
    expect(packages('install-packages:lb-1')).toMatchObject({
      packages: ['nginx', 'libnginx-mod-stream', 'keepalived'],
    });
    expect(packages('install-packages:lb-2')).toMatchObject({ packages: ['nginx', 'nginx-mod-stream', 'keepalived'] });
    expect(planFor(nginx, facts).notes.join()).toContain('nginx notices a server that does not answer only when');
  });

  it('says that one machine alone is a single point', () => {
    const alone = balancedCluster({ balancers: [{ host: '10.0.0.5', name: 'lb-1' }] });
    const made = planFor(alone, fresh(alone));
    expect(ids(made).filter((id) => id.includes('lb-1'))).toEqual([
      'install-packages:lb-1',
      'write-balancer:lb-1:haproxy',
    ]);
    expect(made.notes.join('\n')).toContain('lb-1 alone carries 10.0.0.100');
    expect(made.notes.join('\n')).toContain('lb-1 does not have the address 10.0.0.100');
  });
});

describe('a load balancer that runs', () => {
  const cluster = balancedCluster();

  it('is left alone when all is as the file says', () => {
    expect(ids(planFor(cluster, balancedFacts(cluster)))).toEqual([]);
  });

  it('gets a new server before the server starts, by a reload', () => {
    const bigger = balancedCluster();
    const grown: Cluster = {
      ...bigger,
      servers: [
        ...bigger.servers,
        {
          ...(bigger.servers[0] as (typeof bigger.servers)[0]),
          id: 'server-4',
          name: 'server-4',
          host: '10.0.0.14',
          address: '10.0.0.14',
        },
      ],
    };
    const facts = change(balancedFacts(cluster), 'server-4', {});
    const plan = planFor(grown, facts);
    const step = plan.steps.find(({ id }) => id === 'write-balancer:lb-1:haproxy');
    expect(step?.says.title).toContain('reload haproxy; connections that run stay');
    expect(step?.differences).toHaveLength(1);
    expect(ids(plan)).not.toContain('write-balancer:lb-1:keepalived');
  });

  it('is changed before a server is restarted, and each server is taken out of it meanwhile', () => {
    const changed = balancedCluster({ serverConfig: { 'kube-apiserver-arg': ['v=1'] } });
    const plan = planFor(changed, balancedFacts(cluster));
    for (const server of ['server-2', 'server-3']) {
      expect(ids(plan).filter((id) => id.endsWith(`:${server}`))).toEqual([
        `put-aside:${server}`,
        `write-config:${server}`,
        `take-out:${server}`,
        `restart:${server}`,
        `put-back:${server}`,
        `put-in:${server}`,
      ]);
    }
    const back = plan.steps.find(({ id }) => id === 'put-in:server-1');
    expect(back?.always).toBe(true);
    expect(after(plan, 'put-aside:server-2')).toContain('put-in:server-1');
  });

  it('keeps the only server with an API', () => {
    const cluster1: Cluster = { ...cluster, servers: cluster.servers.slice(0, 1) };
    const seen = balancedFacts(cluster1);
    const pending = change(seen, 'server-1', { restartPending: true });
    const plan = planFor(cluster1, pending);
    expect(ids(plan)).toContain('restart:server-1');
    expect(ids(plan)).not.toContain('take-out:server-1');
  });

  it('gets a server back that a run which was cut off has left out', () => {
    const facts = changeBalancer(balancedFacts(cluster), 'lb-2', { drained: ['server-3'] });
    const plan = planFor(cluster, facts);
    expect(plan.steps.map(({ id, input }) => [id, input])).toContainEqual(['put-in:server-3', { balancers: ['lb-2'] }]);
  });

  it('is started again where it was stopped', () => {
    const units = new Map([
      ['haproxy', { active: 'failed', enabled: true }],
      ['keepalived', { active: 'active', enabled: false }],
    ] as const);
    const plan = planFor(cluster, changeBalancer(balancedFacts(cluster), 'lb-1', { units }));
    const reasons = plan.steps.flatMap(({ id, says }) => (id.startsWith('write-balancer') ? [[id, says.reason]] : []));
    expect(reasons).toEqual([
      ['write-balancer:lb-1:haproxy', 'it is failed'],
      ['write-balancer:lb-1:keepalived', 'it is not started at boot'],
    ]);
  });

  it('goes on with the machines that answer', () => {
    const facts = balancedFacts(cluster);
    facts.delete('lb-2');
    const silent = problem('ssh-timeout', 'lb-2 does not answer', { host: 'lb-2' });
    const plan = planFor(cluster, facts, { unreachable: new Map([['lb-2', silent]]) });
    expect(codes(plan)).toEqual([]);
    expect(ids(plan)).toEqual([]);
    expect(plan.notes.join()).toContain('lb-2 does not answer and is left out');
  });
});

describe('a load balancer that is wanted no longer', () => {
  const onServers = [
    { host: '10.0.0.11', name: 'server-1' },
    { host: '10.0.0.12', name: 'server-2' },
  ];

  it('goes from a server when nothing comes through it any more', () => {
    const before = balancedCluster({ balancers: onServers, more: { port: 8443 } });
    const facts = balancedFacts(before);
    const after1 = balancedCluster({ balancers: [], more: { type: 'external', port: 8443, address: '10.0.0.101' } });
    const plan = planFor(after1, facts);
    const removals = plan.steps.filter(({ kind }) => kind === 'remove-balancer');
    expect(removals.map(({ id, input }) => [id, input])).toEqual([
      ['remove-balancer:server-1', { units: ['haproxy', 'keepalived'] }],
      ['remove-balancer:server-2', { units: ['haproxy', 'keepalived'] }],
    ]);
    expect(removals[0]?.after).toContain('put-back:agent-1');
  });

  it('makes room for one of another kind, whose port it holds', () => {
    const facts = balancedFacts(balancedCluster());
    const nginx = balancedCluster({ type: 'nginx' });
    const plan = planFor(nginx, change(facts, 'lb-1', { listeningPorts: [22, 6443] }));
    expect(plan.problems).toEqual([]);
    expect(ids(plan).filter((id) => id.includes(':lb-1'))).toEqual([
      'remove-balancer:lb-1',
      'install-packages:lb-1',
      'write-balancer:lb-1:nginx',
      'write-balancer:lb-1:keepalived',
    ]);
  });

  it('is told of a machine that the file does not name any more', () => {
    const facts = balancedFacts(balancedCluster());
    const alone = balancedCluster({ balancers: [{ host: '10.0.0.5', name: 'lb-1' }] });
    const plan = planFor(alone, facts);
    expect(ids(plan)).toContain('remove-balancer:lb-1');
    expect(plan.notes.join('\n')).toContain('10.0.0.6 carried the load balancer');
    const unrecorded = [...facts].map(([id, seen]) => [id, { ...seen, files: new Map(), placed: new Map() }] as const);
    expect(planFor(alone, new Map(unrecorded)).notes.join('\n')).toContain('10.0.0.6 carried the load balancer, too');
  });

  it('that leaves the file whole is told with what stops it, because the servers remember its machines', () => {
    const external = balancedCluster({ more: { type: 'external', nodes: [] } });
    const plan = planFor(external, balancedFacts(balancedCluster()));
    const told = plan.notes.find((note) => note.startsWith('10.0.0.5 and 10.0.0.6 carried the load balancer'));
    expect(told).toContain(
      'answering at 10.0.0.100 until it is stopped. Under loadBalancer.former a run takes it away; by hand:',
    );
    expect(told).toContain(
      `for host in 10.0.0.5 10.0.0.6; do ssh "$host" 'for unit in keepalived haproxy; do sudo systemctl disable --now $unit; done; sudo rm -f /etc/keepalived/keepalived.conf /etc/haproxy/haproxy.cfg`,
    );
    expect(ids(plan).filter((id) => !id.startsWith('await'))).toEqual(
      [1, 2, 3].map((i) => `remove-file:server-${i}:${BALANCER_RECORD}`),
    );
  });

  it('goes from hosts that the file names as former ones, which it says, and after which the lines may go', () => {
    const former = [
      { host: '10.0.0.5', name: 'lb-1' },
      { host: '10.0.0.6', name: 'lb-2' },
    ];
    const external = balancedCluster({ balancers: [], more: { type: 'external', former } });
    const facts = balancedFacts(balancedCluster());
    const plan = planFor(external, facts);
    expect(plan.problems).toEqual([]);
    expect(ids(plan)).toEqual(expect.arrayContaining(['remove-balancer:lb-1', 'remove-balancer:lb-2']));
    const told = plan.notes.join('\n');
    expect(told).toContain('keepalived goes from lb-1 and lb-2, and the address that it carries with it');
    expect(told).not.toContain('any more. What K3s HA has set up there');
    for (const id of ['lb-1', 'lb-2']) facts.set(id, freshHost(id));
    const again = planFor(external, facts);
    expect(ids(again).filter((id) => id.includes('balancer:'))).toEqual([]);
    expect(again.notes.join('\n')).toContain('lb-1 and lb-2 under loadBalancer.former have nothing');
    facts.delete('lb-2');
    const silent = problem('ssh-timeout', 'lb-2 does not answer', { host: 'lb-2' });
    expect(planFor(external, facts, { unreachable: new Map([['lb-2', silent]]) }).notes.join('\n')).toContain(
      'lb-2 under loadBalancer.former does not answer: what runs there may still answer at the address.',
    );
  });

  it('gives the address of former hosts up when the new proxies are there, and before their keepalived takes it', () => {
    const moved = balancedCluster({
      balancers: [
        { host: '10.0.0.7', name: 'lb-3' },
        { host: '10.0.0.8', name: 'lb-4' },
      ],
      more: { former: ['10.0.0.5', '10.0.0.6'] },
    });
    const facts = balancedFacts(balancedCluster());
    for (const [id, name] of [
      ['lb-1', '10.0.0.5'],
      ['lb-2', '10.0.0.6'],
    ] as const)
      facts.set(name, {
        ...(facts.get(id) ?? freshHost(id)),
        addresses: [name, ...(id === 'lb-1' ? ['10.0.0.100'] : [])],
      });
    for (const [id, address] of [
      ['lb-3', '10.0.0.7'],
      ['lb-4', '10.0.0.8'],
    ] as const)
      facts.set(id, { ...freshHost(id), balancer: freshBalancer(address, { addressAnswers: true }) });
    const plan = planFor(moved, facts);
    expect(plan.problems).toEqual([]);
    const step = (id: string) => plan.steps.find((one) => one.id === id);
    expect(step('remove-balancer:10.0.0.5')?.after).toContain('write-balancer:lb-4:haproxy');
    expect(step('write-balancer:lb-3:keepalived')?.after).toEqual(
      expect.arrayContaining(['remove-balancer:10.0.0.5', 'remove-balancer:10.0.0.6']),
    );
  });

  it('is remembered by the servers only where its machines are no nodes', () => {
    const onServers = balancedCluster({ balancers: ['10.0.0.11', '10.0.0.12'], more: { port: 8443 } });
    const records = (of: Cluster): string[] => ids(planFor(of, fresh(of))).filter((id) => id.includes(BALANCER_RECORD));
    expect(records(onServers)).toEqual([]);
    expect(records(balancedCluster())).toEqual([1, 2, 3].map((i) => `place-file:server-${i}:${BALANCER_RECORD}`));
  });

  it('takes no word of a record into a command that could do something else there', () => {
    const text = balancerRecord([
      { address: '10.0.0.100', proxy: 'haproxy', host: '10.0.0.5' },
      { address: '10.0.0.100', proxy: 'haproxy', host: '-oProxyCommand=x' },
      { address: '10.0.0.100', proxy: 'haproxy', host: '$(reboot)' },
    ]);
    expect(readBalancerRecord(text).map(({ host }) => host)).toEqual(['10.0.0.5']);
  });

  it('stays where K3s HA has not installed it', () => {
    const files = new Map([['/etc/haproxy/haproxy.cfg', 'frontend web\n']]);
    const facts = changeBalancer(balancedFacts(balancedCluster()), 'server-1', { files });
    expect(ids(planFor(balancedCluster(), facts))).toEqual([]);
  });
});

describe('a load balancer is refused before anything is touched', () => {
  const cluster = balancedCluster();
  const found = (facts: Map<string, HostFacts>, of = cluster) => planFor(of, facts);

  it('at an address that a stranger answers at', () => {
    const plan = found(changeBalancer(fresh(cluster), 'lb-2', { addressAnswers: true }));
    expect(plan.problems).toMatchObject([
      { code: 'balancer-address-in-use', message: 'Another machine already answers at 10.0.0.100' },
    ]);
    expect(plan.steps).toEqual([]);
  });

  it('but not when one of ours carries it, or may', () => {
    const other = changeBalancer(balancedFacts(cluster), 'lb-2', { addressAnswers: true });
    expect(codes(found(change(other, 'lb-1', { addresses: ['10.0.0.5', '10.0.0.100'] })))).toEqual([]);
    other.delete('lb-1');
    const silent = problem('ssh-timeout', 'lb-1 does not answer', { host: 'lb-1' });
    expect(codes(planFor(cluster, other, { unreachable: new Map([['lb-1', silent]]) }))).toEqual([]);
  });

  it('at an address of a node, or of a machine whose own it is', () => {
    const node = found(change(fresh(cluster), 'agent-1', { addresses: ['10.0.1.11', '10.0.0.100'] }));
    expect(node.problems).toMatchObject([{ code: 'balancer-address-in-use', host: 'agent-1' }]);
    const own = found(change(fresh(cluster), 'lb-1', { addresses: ['10.0.0.5', '10.0.0.100'] }));
    expect(own.problems).toMatchObject([{ code: 'balancer-address-in-use', host: 'lb-1' }]);
  });

  it('where HAProxy of somebody else runs, but not with what a package brought', () => {
    const running = (config: string) =>
      found(
        changeBalancer(fresh(cluster), 'lb-1', {
          programs: ['haproxy'],
          units: new Map([['haproxy', { active: 'active', enabled: true }]]),
          files: new Map([['/etc/haproxy/haproxy.cfg', config]]),
        }),
      );
    expect(running('frontend web\n  bind *:80\n').problems).toMatchObject([
      { code: 'balancer-not-ours', host: 'lb-1' },
    ]);
    expect(codes(running('defaults\n  mode http\n'))).toEqual([]);
  });

  it('where its port is taken', () => {
    const plan = found(change(fresh(cluster), 'lb-1', { listeningPorts: [22, 6443] }));
    expect(plan.problems).toMatchObject([{ code: 'port-in-use', host: 'lb-1' }]);
  });

  it('where no interface belongs to the address, with the names of those that are there', () => {
    const plan = found(
      changeBalancer(fresh(cluster), 'lb-2', { interfaces: [{ name: 'ens3', address: '172.16.0.6', prefix: 24 }] }),
    );
    expect(plan.problems).toMatchObject([
      { code: 'balancer-interface-unknown', host: 'lb-2', nextSteps: [expect.stringContaining('ens3')] },
    ]);
    const named = balancedCluster({ more: { interface: 'eth1' } });
    expect(codes(found(fresh(named), named))).toEqual(['balancer-interface-unknown', 'balancer-interface-unknown']);
  });

  it('where nothing can install it, or nothing can start it', () => {
    const { manager: _manager, ...none } = freshBalancer('10.0.0.5');
    expect(codes(found(change(fresh(cluster), 'lb-1', { balancer: none })))).toEqual(['no-package-manager']);
    expect(codes(found(change(fresh(cluster), 'lb-1', { init: 'none' })))).toEqual(['no-service-manager']);
  });

  it('under a name, when the address is to move', () => {
    const named = balancedCluster({ more: { address: 'k3s.lan' } });
    expect(codes(found(fresh(named), named))).toContain('balancer-address-name');
  });

  it('as long as none of its machines answers and no server runs', () => {
    const facts = freshFacts(cluster);
    const unreachable = new Map(
      ['lb-1', 'lb-2'].map((id) => [id, problem('ssh-timeout', `${id} does not answer`, { host: id })]),
    );
    expect(codes(planFor(cluster, facts, { unreachable }))).toEqual(['ssh-timeout', 'ssh-timeout']);
  });

  it('with a text that would become another word of a configuration', () => {
    const evil = balancedCluster({ serverConfig: { 'node-ip': '10.0.0.1 inter 1' } });
    expect(codes(found(fresh(evil), evil))).toContain('balancer-address-not-plain');
  });
});
