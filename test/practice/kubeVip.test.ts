import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { controlUnit } from '../../src/core/remote/unit';
import { target } from '../../src/engine/hosts/targets';
import type { Cluster, ClusterNode } from '../../src/core/cluster/cluster';
import type { PreparedPlan } from '../../src/engine/run/prepare';
import { engineLab, stepIds, withServerOption, type EngineLab } from './engineLab';

const MANIFEST = '/var/lib/rancher/k3s/server/manifests/kube-vip.yaml';

/** The practice example with an address that its servers carry themselves. */
const lab = (timeScale?: number, more = ''): Promise<EngineLab> =>
  engineLab(
    (text) => text.replace(/( {2}address: 127\.77\.0\.100\n)(?:.*\n)*?(?=\S)/, `$1  type: kube-vip\n${more}`),
    timeScale,
  );

async function provisioned(timeScale?: number, more?: string): Promise<EngineLab> {
  const them = await lab(timeScale, more);
  expect((await them.run(await them.plan())).problems).toEqual([]);
  return them;
}

const address = ({ cluster }: EngineLab): string => cluster.loadBalancer?.address ?? '';

/** The servers that have the address on an interface. */
function holders(them: EngineLab): string[] {
  return them.cluster.servers
    .map(({ id }) => id)
    .filter((id) => them.fleet.inspect(id).addresses.includes(address(them)));
}

function nodeOf(cluster: Cluster, id: string): ClusterNode {
  const node = cluster.servers.find((server) => server.id === id);
  if (node === undefined) throw new Error(`no server ${id}`);
  return node;
}

/** When a request was sent and when it had failed. */
interface Span {
  readonly began: number;
  readonly ended: number;
}

/** Somebody who asks the API at the address again and again, each time through a connection of its own. */
function client(them: EngineLab): { stop(): Promise<{ asked: number; failures: string[]; lost: Span[] }> } {
  const failures: string[] = [];
  const lost: Span[] = [];
  let asked = 0;
  let goesOn = true;
  const ask = (): Promise<string> =>
    new Promise((resolve) => {
      const sent = request(
        { host: address(them), port: 6443, path: '/readyz', rejectUnauthorized: false, agent: false },
        (answer) => {
          answer.resume();
          answer.on('end', () => resolve((answer.statusCode ?? 0) < 500 ? '' : `status ${answer.statusCode}`));
        },
      );
      sent.on('error', (error) => resolve(error.message));
      sent.end();
    });
  const asking = (async () => {
    while (goesOn) {
      const began = performance.now();
      const failure = await ask();
      asked += 1;
      if (failure !== '') {
        failures.push(failure);
        lost.push({ began, ended: performance.now() });
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return {
    async stop() {
      goesOn = false;
      await asking;
      return { asked, failures, lost };
    },
  };
}

function withType(cluster: Cluster, more: Partial<NonNullable<Cluster['loadBalancer']>>): Cluster {
  if (cluster.loadBalancer === undefined) throw new Error('no load balancer');
  return { ...cluster, loadBalancer: { ...cluster.loadBalancer, ...more } };
}

/** The practice example with HAProxy and keepalived on two further hosts. */
const balanced = (): Promise<EngineLab> =>
  engineLab((text) =>
    text.replace(
      /( {2}address: 127\.77\.0\.100\n)(?:.*\n)*?(?=\S)/,
      '$1  type: haproxy\n  nodes:\n    - { host: 127.77.0.5, name: lb-1 }\n    - { host: 127.77.0.6, name: lb-2 }\n',
    ),
  );

/** Runs a plan beside a client, who may lose requests from the first step of one kind until the last of another has ended. */
async function losesOnlyBetween(them: EngineLab, prepared: PreparedPlan, from: RegExp, to: RegExp): Promise<void> {
  const began: number[] = [];
  const ended: number[] = [];
  const asking = client(them);
  const report = await them.run(prepared, (event) => {
    if (event.type !== 'step') return;
    if (event.state === 'running' && from.test(event.step)) began.push(performance.now());
    if (event.state === 'done' && to.test(event.step)) ended.push(performance.now());
  });
  const { asked, lost } = await asking.stop();
  expect(report.problems).toEqual([]);
  expect([began.length > 0, ended.length > 0, asked > 20]).toEqual([true, true, true]);
  expect(lost.filter((one) => one.ended < Math.min(...began) || one.began > Math.max(...ended))).toEqual([]);
}

describe('kube-vip on the practice fleet', () => {
  it('gives the address to exactly one server, and nodes join through it', async () => {
    const them = await lab();
    const first = await them.plan();
    expect(stepIds(first)).toContain(`prove-address:server-1:${address(them)}`);
    expect((await them.run(first)).problems).toEqual([]);
    expect(holders(them)).toHaveLength(1);
    expect(stepIds(await them.plan())).toEqual([]);
  });

  it('loses no request while the servers are restarted one after another', async () => {
    const them = await provisioned(0.03);
    them.cluster = withServerOption(them.cluster, 'kube-apiserver-arg', ['v=1']);
    const prepared = await them.plan();
    expect(stepIds(prepared).filter((id) => id.startsWith('restart:'))).toHaveLength(3);
    const asking = client(them);
    const report = await them.run(prepared);
    const { asked, failures } = await asking.stop();
    expect(report.problems).toEqual([]);
    expect(asked).toBeGreaterThan(20);
    expect(failures).toEqual([]);
    expect(holders(them)).toHaveLength(1);
  });

  it('loses none either where every server announces the address to routers', async () => {
    const them = await provisioned(0.03, '  bgp: { as: 65000, peers: [{ address: 127.77.0.1, as: 65100 }] }\n');
    const all = them.cluster.servers.map(({ id }) => id);
    await expect.poll(() => holders(them)).toEqual(all);
    them.cluster = withServerOption(them.cluster, 'kube-apiserver-arg', ['v=1']);
    const asking = client(them);
    const report = await them.run(await them.plan());
    const { failures } = await asking.stop();
    expect(report.problems).toEqual([]);
    expect(failures).toEqual([]);
    await expect.poll(() => holders(them), { timeout: 10_000 }).toEqual(all);
  });

  it('refuses requests for the whole restart of the holder when nobody moves the address', async () => {
    const them = await provisioned(0.03);
    const [holder = ''] = holders(them);
    const asking = client(them);
    const node = nodeOf(them.cluster, holder);
    const before = them.fleet.inspect(holder).unit('k3s').invocation;
    expect((await them.hosts.run(target(node), controlUnit('restart', 'k3s'))).kind).toBe('done');
    await expect
      .poll(() => {
        const { active, invocation } = them.fleet.inspect(holder).unit('k3s');
        return active === 'active' && invocation !== before;
      })
      .toBe(true);
    const { failures } = await asking.stop();
    expect(failures).not.toEqual([]);
    // The container outlives the unit, and so do lease and address.
    expect(holders(them)).toEqual([holder]);
  });

  it('stops before the restart when no other server takes the address, and names who has it', async () => {
    const them = await provisioned();
    const [holder = ''] = holders(them);
    const others = them.cluster.servers.map(({ id }) => id).filter((id) => id !== holder);
    // kube-vip cannot run anywhere else.
    for (const id of others) {
      them.fleet.missImages(id);
      await them.fleet.restart(id);
      await expect.poll(() => them.fleet.inspect(id).unit('k3s').active, { timeout: 10_000 }).toBe('active');
    }
    const before = them.fleet.inspect(holder).unit('k3s').invocation;
    them.cluster = withServerOption(them.cluster, 'kube-apiserver-arg', ['v=1']);
    const prepared = await them.plan();
    expect(prepared.plan.problems).toEqual([]);
    const report = await them.run(prepared);
    expect(report.problems[0]).toMatchObject({
      code: expect.stringMatching(/^address-(?:stays|silent)$/),
      host: holder,
    });
    expect(them.fleet.inspect(holder).unit('k3s')).toMatchObject({ active: 'active', invocation: before });
    await expect.poll(() => holders(them)).toEqual([holder]);
  });

  it('goes from the cluster with its type: objects, manifests, and the address from every interface', async () => {
    const them = await provisioned();
    them.cluster = withType(them.cluster, { type: 'external' });
    const prepared = await them.plan();
    expect(prepared.plan.problems).toEqual([]);
    expect(stepIds(prepared).filter((id) => id.startsWith('delete-manifest'))).toEqual([
      `delete-manifest:server-1:${MANIFEST}`,
    ]);
    expect((await them.run(prepared)).problems).toEqual([]);
    expect(holders(them)).toEqual([]);
    for (const { id } of them.cluster.servers) expect(them.fleet.inspect(id).file(MANIFEST)).toBeUndefined();
    // It does not come back with a server that starts.
    await them.fleet.restart('server-2');
    await expect.poll(() => them.fleet.inspect('server-2').unit('k3s').active, { timeout: 10_000 }).toBe('active');
    expect(stepIds(await them.plan())).toEqual([]);
    expect(holders(them)).toEqual([]);
  });

  it('comes to a running cluster and goes again, and nothing is lost at the address but while the plan says so', async () => {
    const them = await balanced();
    expect((await them.run(await them.plan())).problems).toEqual([]);
    const { nodes = [] } = them.cluster.loadBalancer ?? {};
    // Without a word about its hosts it is refused: they answer at the address.
    them.cluster = withType(them.cluster, { type: 'kube-vip', nodes: [] });
    expect((await them.plan()).plan.problems).toMatchObject([
      { code: 'balancer-address-in-use', message: `Another machine already answers at ${address(them)}` },
    ]);

    them.cluster = withType(them.cluster, { former: nodes });
    const there = await them.plan();
    expect(there.plan.problems).toEqual([]);
    expect(there.plan.notes.join('\n')).toContain(
      `${address(them)} passes from keepalived on lb-1 and lb-2 to kube-vip: nothing answers there from when`,
    );
    await losesOnlyBetween(them, there, /^remove-balancer:/, /^prove-address:/);
    expect(holders(them)).toHaveLength(1);
    const after = await them.plan();
    expect(stepIds(after)).toEqual([]);
    expect(after.plan.notes.join('\n')).toContain('lb-1 and lb-2 under loadBalancer.former have nothing of the load');

    them.cluster = withType(them.cluster, { type: 'haproxy', nodes, former: [] });
    const back = await them.plan();
    expect(back.plan.problems).toEqual([]);
    expect(back.plan.notes.join('\n')).toContain(
      `${address(them)} passes from kube-vip to keepalived: for some seconds nothing answers there.`,
    );
    await losesOnlyBetween(them, back, /^delete-manifest:/, /^write-balancer:.*:keepalived$/);
    expect(holders(them)).toEqual([]);
    expect(stepIds(await them.plan())).toEqual([]);
  });

  it('leaves the former address when the file has another one', async () => {
    const them = await provisioned();
    const before = address(them);
    const former = holders(them);
    them.cluster = withType(them.cluster, { address: before.replace(/\.100$/, '.101') });
    const prepared = await them.plan();
    expect(stepIds(prepared)).toContain(`release-address:server-3:${before}`);
    expect(former).toHaveLength(1);
  });

  it('that outlives a stopped K3s is ended before that starts, and the address goes to one that answers', async () => {
    const them = await provisioned();
    const [holder = ''] = holders(them);
    expect((await them.hosts.run(target(nodeOf(them.cluster, holder)), controlUnit('stop', 'k3s'))).kind).toBe('done');
    expect(holders(them)).toEqual([holder]);
    const prepared = await them.plan();
    expect(prepared.plan.problems).toEqual([]);
    expect(stepIds(prepared)).toContain(`release-address:${holder}:${address(them)}`);
    expect((await them.run(prepared)).problems).toEqual([]);
    expect(holders(them)).toHaveLength(1);
  });
});
