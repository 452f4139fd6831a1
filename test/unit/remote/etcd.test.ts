import { describe, expect, it } from 'vitest';
import { etcdMembers } from '../../../src/core/remote/etcd';
import { recording } from '../../support/journals';

const MEMBERS = recording('etcd-member-list.json').trim();
const STATUS = recording('etcd-status.json').trim();
const HEALTHY = '{"health":"true","reason":""}';
const NOTHING = "curl: (7) Failed to connect to 127.0.0.1 port 2382 after 0 ms: Couldn't connect to server";

type Answers = Readonly<Record<'members' | 'status' | 'health' | 'readyz', readonly [string, number]>>;

const WELL: Answers = { members: [MEMBERS, 200], status: [STATUS, 200], health: [HEALTHY, 200], readyz: ['ok\n', 200] };

/** What the script prints: curl writes its own words behind the status. */
function printed(answers: Answers): string {
  return Object.entries(answers)
    .map(([name, [body, status]]) => {
      const code = String(status).padStart(3, '0');
      return status === 0 ? `>>> ${name}\n\n<<< ${code}\n${body}\n` : `>>> ${name}\n${body}\n<<< ${code}\n`;
    })
    .join('');
}

function read(answers: Partial<Answers>): ReturnType<ReturnType<typeof etcdMembers>['parse']> {
  return etcdMembers('/var/lib/rancher/k3s').parse({
    stdout: printed({ ...WELL, ...answers }),
    stderr: '',
    exitCode: 0,
  });
}

describe('the members of etcd', () => {
  it('are read from the recorded answers, with their ids digit by digit', () => {
    expect(read({})).toEqual({
      ok: true,
      value: {
        members: [
          {
            id: '2677674080080550774',
            name: 'h1-d2528eb7',
            nodeName: 'h1',
            peerUrls: ['https://10.77.0.11:2380'],
            clientUrls: ['https://10.77.0.11:2379'],
            learner: false,
          },
          {
            id: '13149774859393149721',
            name: 'h3-159d7810',
            nodeName: 'h3',
            peerUrls: ['https://10.77.0.13:2380'],
            clientUrls: ['https://10.77.0.13:2379'],
            learner: false,
          },
        ],
        leader: '2677674080080550774',
        self: '2677674080080550774',
        healthy: true,
        ready: true,
      },
    });
  });

  it('keep their ids where etcd writes them as bare numbers', () => {
    const bare = MEMBERS.replaceAll(/"(ID|member_id)":"(\d+)"/g, '"$1":$2');
    expect(bare).toContain('"ID":13149774859393149721');
    expect(read({ members: [bare, 200] })).toEqual(read({}));
  });

  it('tell a learner and a member that has not started yet', () => {
    const joining = MEMBERS.replace(
      ']}]}',
      '],"isLearner":true},{"ID":"7","peerURLs":["https://10.77.0.12:2380"],"isLearner":true}]}',
    );
    const view = read({ members: [joining, 200] });
    expect(view.ok && view.value.members.map(({ nodeName, learner }) => [nodeName, learner])).toEqual([
      ['h1', false],
      ['h3', true],
      ['', true],
    ]);
  });

  it('are told by a server that the others do not reach, which has no leader', () => {
    const status = STATUS.replace('"leader":"2677674080080550774",', '"errors":["etcdserver: no leader"],');
    const view = read({
      status: [status, 200],
      health: ['{"health":"false","reason":"RAFT NO LEADER"}', 503],
      readyz: ['curl: (28) Operation timed out after 3001 milliseconds with 0 bytes received', 0],
    });
    expect(view).toMatchObject({ ok: true, value: { healthy: false, ready: false, why: 'RAFT NO LEADER' } });
    expect(view.ok && 'leader' in view.value).toBe(false);
    expect(view.ok && view.value.members).toHaveLength(2);
  });

  it('say why a healthy etcd is not ready', () => {
    const checks =
      '[+]serializable_read ok\n[+]linearizable_read ok\n[-]non_learner failed: not supported for learner\n[+]data_corruption ok';
    expect(read({ readyz: [checks, 503] })).toMatchObject({
      value: { healthy: true, ready: false, why: '[-]non_learner failed: not supported for learner' },
    });
  });

  it('are a problem of its own where etcd does not run, and where curl is missing', () => {
    const off = read({ members: [NOTHING, 0], status: [NOTHING, 0], health: [NOTHING, 0], readyz: [NOTHING, 0] });
    expect(off).toMatchObject({ ok: false, error: { code: 'etcd-not-answering', why: NOTHING } });
    const bare = etcdMembers('/var/lib/rancher/k3s').parse({ stdout: '', stderr: '', exitCode: 3 });
    expect(bare).toMatchObject({ ok: false, error: { code: 'curl-missing' } });
    const cut = etcdMembers('/var/lib/rancher/k3s').parse({ stdout: '', stderr: 'Killed\n', exitCode: 137 });
    expect(cut).toMatchObject({ ok: false, error: { code: 'address-not-asked', why: 'Killed' } });
  });
});
