import { describe, expect, it } from 'vitest';
import { askEtcd, votersOf } from '../../../../src/engine/hosts/etcdVoters';
import { clusterOf } from '../../../support/cluster';
import { provisionedFacts } from '../../../support/plans';
import { etcdText, nodesText, scriptedHosts, type Answer, type ScriptedMember } from '../../../support/scriptedHosts';
import { stepContext } from '../../../support/stepContext';
import { apiNode, SERVER_LABELS, SILENT } from '../../health/nodes';

const cluster = clusterOf();
const MEMBERS: readonly ScriptedMember[] = [1, 2, 3].map((id) => ({ id, name: `server-${id}` }));

/** The voters as these servers tell them, each with its fault; `''` for one that is alive. */
async function voters(answer: Answer, asked: readonly string[] = ['server-2', 'server-3']) {
  const hosts = scriptedHosts(answer);
  const at = stepContext({ cluster, hosts, on: 'server-1', facts: provisionedFacts(cluster) });
  const views = await askEtcd(
    cluster.servers.filter(({ id }) => asked.includes(id)),
    at,
  );
  const found = await votersOf(views, at);
  return {
    voters: found.map(({ name, node, fault = '' }) => [name, node !== undefined, fault]),
    asked: hosts.asked(),
  };
}

const tells =
  (members: readonly ScriptedMember[], nodes: readonly unknown[] = []): Answer =>
  (host, script) =>
    script === 'nodes' ? { stdout: nodesText(...nodes) } : { stdout: etcdText(members, Number(host.slice(-1))) };

describe('the voters of etcd', () => {
  it('are the members of its own list; the server that is to be stopped is not asked', async () => {
    const found = await voters(tells(MEMBERS));
    expect(found.voters).toEqual([
      ['server-1', true, ''],
      ['server-2', true, ''],
      ['server-3', true, ''],
    ]);
    expect([...found.asked].sort()).toEqual(['etcd-members server-2', 'etcd-members server-3']);
  });

  it('count as dead when they do not answer themselves, whatever the list says', async () => {
    const answer = tells(MEMBERS);
    const found = await voters((host, script, turn) => (host === 'server-3' ? 'cut off' : answer(host, script, turn)));
    expect(found.voters.at(-1)).toEqual(['server-3', true, 'does not answer: The connection to server-3 was lost']);
  });

  it('count as dead when they cannot write', async () => {
    const found = await voters((host) => ({
      stdout: etcdText(MEMBERS, Number(host.slice(-1)), host === 'server-2' ? 'RAFT NO LEADER' : undefined),
    }));
    expect(found.voters[1]).toEqual(['server-2', true, 'has an etcd member that is not healthy: RAFT NO LEADER']);
  });

  it('leave learners out: they have no vote to give', async () => {
    const learning = MEMBERS.map((member) => ({ ...member, learner: member.id === 3 }));
    expect((await voters(tells(learning))).voters.map(([name]) => name)).toEqual(['server-1', 'server-2']);
  });

  it('are recognised by their address when they call themselves otherwise', async () => {
    const renamed = MEMBERS.map((member) => ({ ...member, name: `ip-10-0-0-1${member.id}` }));
    const found = await voters(tells(renamed), ['server-2']);
    expect(found.voters.map(([name, declared]) => [name, declared])).toEqual([
      ['server-1', true],
      ['server-2', true],
      ['server-3', true],
    ]);
  });

  it('that the file does not name are judged by their Node', async () => {
    const more = [...MEMBERS, { id: 4, name: 'old-4' }, { id: 5, name: 'old-5' }, { id: 6, name: 'old-6' }];
    const nodes = [
      apiNode({ name: 'old-4', ip: '10.0.0.14', labels: SERVER_LABELS }),
      apiNode({ name: 'old-5', ip: '10.0.0.15', labels: SERVER_LABELS, ready: SILENT }),
    ];
    const found = await voters(tells(more, nodes));
    expect(found.voters.slice(3)).toEqual([
      ['old-4', false, ''],
      ['old-5', false, expect.stringMatching(/^is unreachable/) as string],
      ['old-6', false, 'has no Node that could tell whether it is there'],
    ]);
  });

  it('that the file does not name are looked for at the next server when one has no API', async () => {
    const node = apiNode({ name: 'old-4', ip: '10.0.0.14', labels: SERVER_LABELS });
    const answer = tells([...MEMBERS, { id: 4, name: 'old-4' }], [node]);
    const found = await voters((host, script, turn) =>
      script === 'nodes' && host === 'server-1' ? { stderr: 'refused', exitCode: 1 } : answer(host, script, turn),
    );
    expect(found.voters[3]).toEqual(['old-4', false, '']);
    expect(found.asked.slice(2)).toEqual(['nodes server-1', 'nodes server-2']);
  });

  it('are told by a member that can write, not by one that is cut off from the others', async () => {
    const stale = MEMBERS.slice(0, 2);
    const found = await voters((host) => ({
      stdout: host === 'server-2' ? etcdText(stale, 2, 'RAFT NO LEADER') : etcdText(MEMBERS, 3),
    }));
    expect(found.voters).toHaveLength(3);
  });
});
