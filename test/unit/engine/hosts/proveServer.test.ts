import { describe, expect, it } from 'vitest';
import { proveServer } from '../../../../src/engine/hosts/proveServer';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { clusterOf } from '../../../support/cluster';
import { etcdText, httpText, scriptedHosts, type Answer, type Reply } from '../../../support/scriptedHosts';
import { stepContext } from '../../../support/stepContext';

const MEMBERS = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));
const VOTES: Reply = { stdout: etcdText(MEMBERS, 1) };

/** What a server says when it is asked whether it is ready, and of etcd; the last answer of each stays. */
const server =
  (ready: readonly Reply[], etcd: readonly Reply[] = [VOTES]): Answer =>
  (_, script, turn) => {
    const answers = script === 'server-ready' ? ready : etcd;
    return answers[Math.min(turn, answers.length - 1)] ?? {};
  };

const readiness = (supervisor: readonly [number, string], api: readonly [number, string]): Reply => ({
  stdout: httpText({ supervisor, api }),
});
const READY = readiness([200, 'ok'], [200, 'ok']);

async function prove(answer: Answer, cluster: Cluster = clusterOf(), on = 'server-1') {
  const hosts = scriptedHosts(answer);
  const at = stepContext({ cluster, hosts, on, startTimeoutMs: 10_000 });
  return { outcome: await proveServer(at.node(on), at), told: at.told, asked: hosts.asked() };
}

describe('the proof that a server is back', () => {
  it('is its readiness and its vote, each waited for in words', async () => {
    const learner = MEMBERS.map((member) => ({ ...member, learner: member.id === 1 }));
    const { outcome, told } = await prove(
      server(
        [readiness([503, 'starting'], [0, 'curl: (7)']), READY],
        [
          { stdout: httpText({ members: [0, 'curl: (7) Failed to connect to 127.0.0.1 port 2382'] }) },
          { stdout: etcdText(MEMBERS.slice(1), 1) },
          { stdout: etcdText(learner, 1) },
          { stdout: etcdText(MEMBERS, 1, 'RAFT NO LEADER') },
          VOTES,
        ],
      ),
    );
    expect(outcome).toEqual({ kind: 'done' });
    expect(told).toEqual([
      'its server is not ready: starting',
      'etcd: curl: (7) Failed to connect to 127.0.0.1 port 2382',
      'etcd: this server is no member',
      'etcd: learner, waiting to be promoted',
      'etcd: RAFT NO LEADER',
    ]);
  });

  it('fails with what it still lacks when the time is over', async () => {
    const never = server([readiness([200, 'ok'], [500, '[-]poststarthook/rbac failed'])]);
    expect((await prove(never)).outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'server-not-ready',
        host: 'server-1',
        message: 'K3s runs on server-1, but it is not ready',
        why: 'its server is not ready: [-]poststarthook/rbac failed',
        nextSteps: [expect.stringContaining('journalctl -u k3s')],
      },
    });
  });

  it('asks a server of etcd alone for no API, and one without etcd for no vote', async () => {
    const disabled = readiness([200, 'ok'], [503, '{"message":"apiserver disabled"}']);
    expect((await prove(server([disabled]))).outcome).toEqual({ kind: 'done' });
    const without = clusterOf({ serverConfig: { 'disable-etcd': true } });
    expect((await prove(server([READY]), without)).asked).toEqual(['server-ready server-1']);
    const sql = clusterOf({ datastore: { type: 'mysql', endpoint: 'mysql://u:p@tcp(db:3306)/k3s' } });
    expect((await prove(server([READY]), sql)).asked).toEqual(['server-ready server-1']);
  });

  it('asks the port and the folder that the file gives the server', async () => {
    const cluster = clusterOf({ serverConfig: { 'https-listen-port': 7443, 'data-dir': '/data/k3s' } });
    const hosts = scriptedHosts(server([READY]));
    const at = stepContext({ cluster, hosts, on: 'server-1' });
    await proveServer(at.node('server-1'), at);
    expect(hosts.calls.map(({ args }) => args)).toEqual([['/data/k3s', '7443'], ['/data/k3s']]);
  });

  it('without curl is what systemd says', async () => {
    expect(await prove(server([{ exitCode: 3 }]))).toEqual({
      outcome: { kind: 'done' },
      told: [],
      asked: ['server-ready server-1'],
    });
  });

  it('of an agent is its Node, which another step waits for', async () => {
    expect(await prove(server(['cut off']), clusterOf(), 'agent-1')).toMatchObject({
      outcome: { kind: 'done' },
      asked: [],
    });
  });

  it('is unknown when the connection breaks, in either question', async () => {
    expect((await prove(server(['cut off']))).outcome.kind).toBe('unknown');
    expect((await prove(server([READY], ['cut off']))).outcome.kind).toBe('unknown');
  });
});
