import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { etcdMembers } from '../../src/core/remote/etcd';
import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import { target } from '../../src/engine/hosts/targets';
import { ask } from '../fidelity/lab';
import { answerForm, transcript } from '../fidelity/recorded';
import { expectNodes } from './byHand';
import { clusterFile, TOKEN } from './clusterFile';
import { DEFAULT_K3S_VERSION, startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { startHaproxy } from './driver/services';
import { engineFor, type Engine } from './engine';
import { watchApi, watchPort } from './fromOutside';

const ETCD = ['etcd-1', 'etcd-2', 'etcd-3'];
const CONTROL = ['control-1', 'control-2'];
const SERVERS = [...ETCD, ...CONTROL];
const NODES = [...SERVERS, 'agent-1'];
const NEWER = 'v1.36.4+k3s1';
const ETCD_ONLY = 'disable-apiserver: true, disable-controller-manager: true, disable-scheduler: true';
const PORTS = [2379, 2380, 2381, 2382, 6443];

const options = (name: string): string =>
  ETCD.includes(name) ? `{${ETCD_ONLY}}` : CONTROL.includes(name) ? '{disable-etcd: true}' : '{}';

describe.skipIf(fleetSkipReason() !== undefined)(
  'three servers for etcd, two for the control plane, and an agent',
  () => {
    let fleet: Fleet;
    let engine: Engine;
    let kubeconfig: string;

    const described = (more: { readonly version?: string; readonly serverConfig?: string } = {}): string =>
      clusterFile(fleet, {
        servers: SERVERS,
        agents: ['agent-1'],
        balancer: fleet.host('lb').address,
        more: (name) => `      config: ${options(name)}\n`,
        ...more,
      });

    /** Another state of the cluster file. */
    async function edited(text: string): Promise<void> {
      await engine?.dispose();
      engine = await engineFor(fleet, text, { token: TOKEN });
    }

    const stepIds = async (): Promise<readonly string[]> => {
      const { plan } = await engine.plan();
      expect(plan.problems).toEqual([]);
      return plan.steps.map(({ id }) => id);
    };

    /** Which run of K3s each host has. */
    const invocations = (): Promise<readonly string[]> =>
      Promise.all(
        NODES.map(async (name) =>
          (await fleet.host(name).mustExec('systemctl show -p InvocationID --value k3s k3s-agent')).trim(),
        ),
      );

    /** Carries the plan out while the API is asked and the ports of etcd and of all servers are watched. */
    async function undisturbed(): Promise<void> {
      const hosts = SERVERS.map((name) => fleet.host(name));
      const [api, servers] = [watchApi(kubeconfig), watchPort(hosts, 6443)];
      const report = await engine.run(await engine.plan());
      const [asked, down] = [await api.stop(), await servers.stop()];
      expect(report).toMatchObject({ problems: [], result: 'done' });
      expect(asked.unanswered).toEqual([]);
      expect(asked.asked).toBeGreaterThan(20);
      // Each was away, and never two at the same time.
      expect(down).toMatchObject({ most: 1 });
    }

    beforeAll(async () => {
      fleet = await startFleet({
        hosts: [...NODES.map((name) => ({ name })), { name: 'lb', services: true }],
        k3sVersions: [DEFAULT_K3S_VERSION, NEWER],
      });
      await startHaproxy(
        fleet.host('lb'),
        CONTROL.map((name) => fleet.host(name)),
        'readyz',
      );
      await edited(described());
    });

    afterAll(async () => {
      await engine?.dispose();
      await fleet?.stop();
      expect(await fleet?.leftovers()).toEqual([]);
    });

    it('are provisioned: the first founds etcd before there is any API', async () => {
      const report = await engine.run(await engine.plan());
      expect(report).toMatchObject({ problems: [], result: 'done' });
      const fetched = await fetchKubeconfig(engine.cluster, engine.hosts, engine.api);
      if (!fetched.ok) throw new Error(fetched.error.message);
      kubeconfig = fetched.value.prepared.text;
      await expectNodes(fleet, kubeconfig, Object.fromEntries(NODES.map((name) => [name, 'Ready'])));
      const { stdout } = await fleet.kubectl(kubeconfig, ['get', 'nodes', '--no-headers']);
      const roles = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/))
        .map(([name, , role]) => `${name} ${role}`);
      expect(roles).toEqual([
        'agent-1 <none>',
        'control-1 control-plane',
        'control-2 control-plane',
        'etcd-1 etcd',
        'etcd-2 etcd',
        'etcd-3 etcd',
      ]);
    });

    it('have etcd where it belongs, and the ports and answers of their kind', async () => {
      const first = engine.cluster.servers[0];
      if (first === undefined) throw new Error('the cluster has no servers');
      const etcd = await engine.hosts.run(target(first), etcdMembers('/var/lib/rancher/k3s'));
      if (etcd.kind !== 'done') throw new Error(etcd.problem.message);
      expect(etcd.value.members.map(({ nodeName, learner }) => [nodeName, learner]).sort()).toEqual(
        ETCD.map((name) => [name, false]),
      );
      const portsIn = (text: string): readonly number[] => {
        const all = [...text.matchAll(/^tcp \S+:(\d+) /gm)].map((match) => Number(match[1]));
        return PORTS.filter((port) => all.includes(port));
      };
      for (const name of SERVERS) {
        // In the recordings h2 is a control plane without etcd and h3 etcd alone.
        const like = ETCD.includes(name) ? 'h3' : 'h2';
        const recorded = transcript('ports-four-kinds.txt').find(({ host }) => host === like)?.out ?? '';
        const open = await fleet.host(name).mustExec(`ss -lntH | awk '{print "tcp", $4, $5}'`);
        expect(portsIn(open), name).toEqual(portsIn(recorded));
        const { status, body } = await ask(fleet.host(name).address, '/readyz');
        expect(answerForm(status, body), name).toBe(
          ETCD.includes(name) ? '503 apiserver disabled, by the supervisor' : '401 Unauthorized',
        );
      }
    });

    it('stay as they are in a second run', async () => {
      const before = await invocations();
      expect(await stepIds()).toEqual([]);
      expect(await engine.run(await engine.plan())).toMatchObject({ problems: [], result: 'done' });
      expect(await invocations()).toEqual(before);
    });

    it('restart one after another for another configuration, and the API answers all the time', async () => {
      await edited(described({ serverConfig: "    write-kubeconfig-mode: '0640'\n" }));
      expect((await stepIds()).filter((id) => id.startsWith('restart:'))).toEqual(
        SERVERS.map((name) => `restart:${name}`),
      );
      const before = await invocations();
      await undisturbed();
      const after = await invocations();
      expect(NODES.filter((_, i) => before[i] === after[i])).toEqual(['agent-1']);
      for (const name of SERVERS)
        expect(await fleet.host(name).mustExec('stat -c %a /etc/rancher/k3s/k3s.yaml'), name).toBe('640\n');
      expect(await stepIds()).toEqual([]);
    });

    it('are upgraded one after another, and the API answers all the time', async () => {
      await edited(described({ version: NEWER, serverConfig: "    write-kubeconfig-mode: '0640'\n" }));
      await undisturbed();
      const { stdout } = await fleet.kubectl(kubeconfig, [
        'get',
        'nodes',
        '-o',
        'jsonpath={.items[*].status.nodeInfo.kubeletVersion}',
      ]);
      expect(stdout.split(' ')).toEqual(NODES.map(() => NEWER));
      expect(await stepIds()).toEqual([]);
    });
  },
);
