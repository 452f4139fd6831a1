import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { controlUnit } from '../../src/core/remote/unit';
import { target } from '../../src/engine/hosts/targets';
import type { Cluster, ClusterNode } from '../../src/core/cluster/cluster';
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

/** Somebody who asks the API at the address again and again, each time through a connection of its own. */
function client(them: EngineLab): { stop(): Promise<{ asked: number; failures: string[] }> } {
  const failures: string[] = [];
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
      const failure = await ask();
      asked += 1;
      if (failure !== '') failures.push(failure);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  return {
    async stop() {
      goesOn = false;
      await asking;
      return { asked, failures };
    },
  };
}

function withType(cluster: Cluster, more: Partial<NonNullable<Cluster['loadBalancer']>>): Cluster {
  if (cluster.loadBalancer === undefined) throw new Error('no load balancer');
  return { ...cluster, loadBalancer: { ...cluster.loadBalancer, ...more } };
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

  it('is refused while the hosts of the former load balancer answer at the address', async () => {
    const them = await engineLab((text) =>
      text.replace(
        /( {2}address: 127\.77\.0\.100\n)(?:.*\n)*?(?=\S)/,
        '$1  type: haproxy\n  nodes:\n    - { host: 127.77.0.5, name: lb-1 }\n    - { host: 127.77.0.6, name: lb-2 }\n',
      ),
    );
    expect((await them.run(await them.plan())).problems).toEqual([]);
    them.cluster = withType(them.cluster, { type: 'kube-vip', nodes: [] });
    expect((await them.plan()).plan.problems).toMatchObject([
      { code: 'balancer-address-in-use', message: `Another machine already answers at ${address(them)}` },
    ]);
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
