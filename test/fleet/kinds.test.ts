import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { etcdMembers } from '../../src/core/remote/etcd';
import { serverReady } from '../../src/core/remote/readiness';
import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import { ask } from '../fidelity/lab';
import { answerForm, httpTimeline, transcript } from '../fidelity/recorded';
import { recording } from '../support/journals';
import { installByHand, kubeconfigFor, startByHand } from './byHand';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';
import { untilJournalHas } from './driver/services';

const DATA = '/var/lib/rancher/k3s';
const TOKEN = 'a-long-enough-secret';
const NO_API = 'disable-apiserver: true\ndisable-controller-manager: true\ndisable-scheduler: true\n';
/** As in the recordings: h1 has all, h2 no etcd, h3 etcd only, h4 is an agent. */
const HOSTS = ['h1', 'h2', 'h3', 'h4'];

interface Node {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[];
  };
}

/** What tells the kind of a node. */
function kindOf({ metadata, status }: Node): unknown {
  const starting = (all: object, prefix: string): readonly string[] =>
    Object.keys(all)
      .filter((key) => key.startsWith(prefix) && !key.endsWith('local-snapshots-timestamp'))
      .sort();
  const voter = status.conditions.find(({ type }) => type === 'EtcdIsVoter');
  return [
    starting(metadata.labels, 'node-role.'),
    starting(metadata.annotations, 'etcd.k3s.'),
    voter === undefined ? 'no member' : `${voter.status} ${voter.reason}`,
  ];
}

describe.skipIf(fleetSkipReason() !== undefined)(
  'a server of each kind and an agent, held against the recordings',
  () => {
    let fleet: Fleet;
    let kubeconfig: string;
    const run = async <T>(name: string, command: RemoteCommand<T>): Promise<ReturnType<typeof command.parse>> => {
      const { code, stdout, stderr } = await fleet.host(name).exec(command.script.text, { args: command.args });
      return command.parse({ exitCode: code, stdout, stderr });
    };
    const nodes = async (): Promise<ReadonlyMap<string, Node>> => {
      const { stdout } = await fleet.kubectl(kubeconfig, ['get', 'nodes', '-o', 'json']);
      return new Map((JSON.parse(stdout) as { items: Node[] }).items.map((node) => [node.metadata.name, node]));
    };
    const members = async (): Promise<readonly (readonly [string, boolean])[]> => {
      const view = await run('h1', etcdMembers(DATA));
      return view.ok ? view.value.members.map(({ nodeName, learner }) => [nodeName, learner] as const).sort() : [];
    };

    beforeAll(async () => {
      fleet = await startFleet({ hosts: [...HOSTS, 'h5'].map((name) => ({ name })) });
      const url = `server: https://${fleet.host('h1').address}:6443\n`;
      const token = `token: ${TOKEN}\n`;
      const configs = [
        `cluster-init: true\n${token}`,
        `${url}${token}disable-etcd: true\n`,
        `${url}${token}${NO_API}`,
        `${url}${token}`,
      ];
      for (const [i, name] of HOSTS.entries()) {
        const role = name === 'h4' ? 'agent' : 'server';
        await installByHand(fleet, name, role, configs[i] ?? '');
        await startByHand(fleet, name, role);
      }
      kubeconfig = await kubeconfigFor(fleet, 'h1', fleet.host('h1').address);
    });

    afterAll(async () => {
      await fleet?.stop();
      expect(await fleet?.leftovers()).toEqual([]);
    });

    it('have the roles, annotations and conditions of their kind', async () => {
      const recorded = (JSON.parse(recording('nodes-four-kinds.json')) as { items: Node[] }).items;
      const wanted = recorded.map((node) => [node.metadata.name, kindOf(node)]);
      const all = async (): Promise<unknown> => [...(await nodes())].map(([name, node]) => [name, kindOf(node)]);
      await until(
        'four nodes',
        30_000,
        async () => (JSON.stringify(await all()) === JSON.stringify(wanted) ? true : undefined),
        200,
      ).catch(async () => expect(await all()).toEqual(wanted));
    });

    it('listen where they were recorded', async () => {
      const ports = (text: string): readonly string[] =>
        [...text.matchAll(/^tcp \S+:(2379|2380|2381|2382|6443) /gm)].map((match) => match[1] ?? '').sort();
      for (const name of HOSTS) {
        const listening = await fleet.host(name).mustExec(`ss -lntH | awk '{print "tcp", $4, $5}'`);
        const recorded = transcript('ports-four-kinds.txt').find(({ host }) => host === name)?.out ?? '';
        expect([...new Set(ports(listening))], name).toEqual([...new Set(ports(recorded))]);
      }
    });

    it('are ready each in its own way', async () => {
      for (const name of HOSTS.slice(0, 3))
        expect(await run(name, serverReady(DATA, 6443)), name).toEqual({
          ok: true,
          value: { ready: true, says: 'ok' },
        });
      const last = (name: string, question: string): string | undefined =>
        httpTimeline(name).get(question)?.at(-1)?.answer;
      const shown = async (name: string, path: string): Promise<string> => {
        const { status, body } = await ask(fleet.host(name).address, path);
        return answerForm(status, body);
      };
      for (const [name, file] of [
        ['h2', 'http-6443-control-plane-only-starting.txt'],
        ['h3', 'http-6443-etcd-only-starting.txt'],
      ] as const)
        for (const [question, path] of [
          ['ping', '/ping'],
          ['cacerts', '/cacerts'],
          ['readyz', '/readyz'],
          ['v1k3s', '/v1-k3s/readyz'],
        ] as const)
          expect(await shown(name, path), `${name} ${path}`).toBe(last(file, question));
      expect(await members()).toEqual([
        ['h1', false],
        ['h3', false],
      ]);
      expect(await run('h2', etcdMembers(DATA))).toMatchObject({ error: { code: 'etcd-not-answering' } });
    });

    it('let kubectl work on every server', async () => {
      for (const name of HOSTS.slice(0, 3))
        expect(await fleet.host(name).mustExec('k3s kubectl get --raw /readyz'), name).toBe('ok');
      expect((await fleet.host('h4').exec('k3s kubectl get nodes')).stderr).toContain('localhost:8080 was refused');
    });

    it('show one certificate, with the names of all', async () => {
      const shown = (name: string): Promise<readonly [string, string]> =>
        new Promise((resolve, reject) => {
          const socket = connect({ host: fleet.host(name).address, port: 6443, rejectUnauthorized: false }, () => {
            const { serialNumber, subjectaltname = '' } = socket.getPeerCertificate();
            socket.destroy();
            resolve([serialNumber, subjectaltname]);
          });
          socket.on('error', reject);
        });
      const all = (): Promise<(readonly [string, string])[]> => Promise.all(HOSTS.slice(0, 3).map(shown));
      const same = async (): Promise<true | undefined> =>
        new Set((await all()).map(([serial]) => serial)).size === 1 ? true : undefined;
      await until('one certificate', 10_000, same, 200);
      for (const name of HOSTS.slice(0, 3)) expect((await shown('h1'))[1]).toContain(`DNS:${name}`);
    });

    it('answer on 6443 in the recorded order while they start', async () => {
      const { address } = fleet.host('h3');
      const recorded = (httpTimeline('http-6443-etcd-only-starting.txt').get('readyz') ?? []).map(
        ({ answer }) => answer,
      );
      await fleet.host('h3').mustExec('systemctl stop k3s');
      const seen: string[] = [];
      await fleet.host('h3').mustExec('systemctl start --no-block k3s');
      await until(
        'the last answer',
        20_000,
        async () => {
          const { status, body } = await ask(address, '/readyz');
          const answer = answerForm(status, body);
          if (seen.at(-1) !== answer) seen.push(answer);
          return answer === recorded.at(-1) ? true : undefined;
        },
        5,
      );
      expect(seen).toEqual(recorded);
      await startByHand(fleet, 'h3', 'server');
    });

    it('are active with etcd alone before there is a control plane, and say what they wait for', async () => {
      const readiness = async (): Promise<string> => {
        const { status, body } = await ask(fleet.host('h5').address, '/v1-k3s/readyz', { auth: `node:${TOKEN}` });
        return answerForm(status, body);
      };
      await installByHand(fleet, 'h5', 'server', `cluster-init: true\ntoken: ${TOKEN}\n${NO_API}`);
      await startByHand(fleet, 'h5', 'server');
      // One that founds a cluster was not recorded; h3 wrote this while it could not read the addresses either.
      const waiting = 'Waiting for control-plane node to register apiserver addresses in etcd';
      expect(recording('journal-start-etcdonly.txt')).toContain(waiting);
      await untilJournalHas(fleet.host('h5'), 'k3s', waiting);
      expect(await fleet.host('h5').mustExec('systemctl is-active k3s')).toBe('active\n');
      expect(await readiness()).toBe('503 runtime core not ready, by the supervisor');
      expect(await run('h5', etcdMembers(DATA))).toMatchObject({ value: { healthy: true, ready: true } });
    });

    it('run on without etcd when their member is removed by annotation, and join again after a restart', async () => {
      const removed = 'etcd.k3s.cattle.io/remove';
      expect(await fleet.kubectl(kubeconfig, ['annotate', 'node', 'h3', `${removed}=true`])).toMatchObject({ code: 0 });
      await untilJournalHas(
        fleet.host('h3'),
        'k3s',
        'This node has been removed from the cluster - please restart k3s',
      );
      expect(await members()).toEqual([['h1', false]]);
      expect(await fleet.host('h3').mustExec('systemctl show k3s -p ActiveState -p NRestarts')).toBe(
        'NRestarts=0\nActiveState=active\n',
      );
      expect((await ask(fleet.host('h3').address, '/ping')).body).toBe('pong');
      expect(await run('h3', etcdMembers(DATA))).toMatchObject({ error: { code: 'etcd-not-answering' } });
      await until(
        'NotAMember',
        10_000,
        async () => (JSON.stringify((await nodes()).get('h3')?.status).includes('NotAMember') ? true : undefined),
        200,
      );
      await fleet.kubectl(kubeconfig, ['annotate', 'node', 'h3', `${removed}-`]);
      await fleet.host('h3').mustExec('systemctl restart k3s');
      expect(await members()).toEqual([
        ['h1', false],
        ['h3', false],
      ]);
    });
  },
);
