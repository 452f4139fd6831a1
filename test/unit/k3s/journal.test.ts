import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { journalCause, type JournalCause } from '../../../src/core/k3s/journal/journalCause';
import { JOURNAL_CAUSES } from '../../../src/core/k3s/journal/journalCauses';
import { journalPhase } from '../../../src/core/k3s/journal/journalPhases';
import { messages, recordedFaults, recording } from '../../support/journals';

type Expected = readonly [id: string | undefined, cures?: JournalCause['cures'], advice?: string];

/** What each recorded fault means; undefined where the line says nothing about why K3s does not come up. */
const MEANINGS: Readonly<Record<string, Expected>> = {
  'token-wrong-server': ['token-wrong', 'never', '/var/lib/rancher/k3s/server/token'],
  'token-wrong-agent': ['token-wrong', 'never', 'agent-token'],
  'token-ca-hash': ['token-ca-hash', 'never', 'servers of another cluster'],
  'token-without-hash': [undefined],
  'server-unreachable-server': ['server-unreachable', 'itself', 'reaches the registration address'],
  'server-unreachable-agent': ['server-unreachable', 'itself', 'reaches the registration address'],
  'agent-waits-for-server': ['server-not-ready', 'itself', 'Look at the servers'],
  'join-tls-unrecognized-name': ['joins-itself', 'itself', 'Wait until another server is ready'],
  'cidr-mismatch': ['critical-mismatch', 'never', 'equal on all servers'],
  'join-sqlite': ['etcd-disabled', 'never', 'from SQLite to etcd'],
  'server-option-on-agent': ['server-option-on-agent', 'never', 'agents.config'],
  'unknown-key-server': [undefined],
  'yaml-broken': ['yaml-broken', 'never', 'config.yaml'],
  'node-name-taken-agent': ['node-name-taken', 'never', 'node-password.k3s'],
  'node-name-taken-server-side': [undefined],
  'etcd-duplicate-name': ['etcd-duplicate-name', 'never', 'delete its old Node'],
  'etcd-removed-running': ['etcd-removed-while-running', 'perhaps', 'Restart K3s'],
  'etcd-removed-stopped': ['etcd-removed-while-stopped', 'never', 'move /var/lib/rancher/k3s/server/db/etcd away'],
  'etcd-learner-busy': ['etcd-learner-busy', 'itself', 'one after the other'],
  'etcd-quorum-lost': ['leader-lost', 'itself', 'Bring the other servers up'],
  'etcd-quorum-lost-waiting': [undefined],
  'etcd-learner-normal': [undefined],
  'kubelet-cgroup-v1': ['cgroup-v1', 'never', 'cgroup v2'],
  'mysql-password': ['database-login', 'never', 'Check user and password'],
  'db-unreachable': ['database-unreachable', 'itself', 'the database runs'],
  'db-other-token': ['database-other-token', 'never', 'token of the first server'],
  'db-lost': ['database-unreachable', 'itself', 'the database runs'],
  'port-taken': ['port-taken', 'perhaps', 'ss -lntp'],
  'reset-twice': ['reset-again', 'never', 'reset-flag'],
  'reset-with-server': ['reset-with-server', 'never', 'Remove server:'],
  'reset-path-alone': ['invalid-flags', 'never', 'Change the options'],
  'reset-path-missing': ['snapshot-missing', 'never', 'etcd-snapshot ls'],
  'reset-done': [undefined],
  'cluster-id-mismatch': ['etcd-cluster-id', 'never', 'Decide which server'],
  'snapshot-on-agent': ['unknown', 'perhaps'],
  'snapshot-bad-name': ['unknown', 'perhaps'],
  harmless: [undefined],
};

/** The same for texts out of reports of operators, by file. */
const REPORTED: Readonly<Record<string, Expected>> = {
  '01-not-member': ['etcd-not-a-member', 'never', 'old address'],
  '02-etcd-learner-unreachable': ['etcd-join-timeout', 'perhaps', '2379 and 2380'],
  '03-unhealthy-cluster': ['etcd-unhealthy', 'itself', 'Bring the other servers up'],
  '04-server-500-wrong-token': ['token-wrong-older', 'perhaps', 'token of the cluster'],
  '05-no-iface': ['interface-without-address', 'never', 'flannel-iface'],
  '06-cgroup-v2': ['memory-cgroup', 'never', 'cgroup_enable=memory'],
  '07-ipfamily': ['ip-family-mismatch', 'never', 'node-ip'],
  '08-pg-auth': ['database-login', 'never', 'Check user and password'],
  '09-pg-hba': ['postgres-host-refused', 'never', 'pg_hba.conf'],
  '11-nodepw-agent': ['node-name-taken', 'never', 'kubectl delete node'],
  '12-too-many-learners': ['etcd-learner-busy', 'itself', 'one after the other'],
  '13-etcd36-zombie': ['etcd-zombie-members', 'never', 'zombie_members_upgrade'],
  '14-downgrade': ['etcd-downgrade', 'never', 'newer etcd'],
  '15-nm-cloud-setup': ['nm-cloud-setup', 'never', 'systemctl disable nm-cloud-setup'],
  '16-selinux-exec': ['not-executable', 'perhaps', 'restorecon'],
  '18-secrets-mismatch': ['critical-mismatch', 'never', 'equal on all servers'],
  '20-token-ca-hash': ['token-ca-hash', 'never', 'another cluster'],
  '21-reset-flag': ['reset-again', 'never', 'reset-flag'],
  '33-old-error-new-state': ['unknown', 'perhaps'],
};

function expectMeaning(cause: JournalCause | undefined, [id, cures, advice]: Expected): void {
  expect(cause?.id).toBe(id);
  expect(cause?.cures).toBe(cures);
  expect(cause?.text ?? '').not.toMatch(/level=|\\"|^\{/);
  if (advice === undefined) expect(cause?.nextSteps ?? []).toEqual([]);
  else expect(cause?.nextSteps.join(' ')).toContain(advice);
}

describe('the cause of a recorded fault', () => {
  // Shortened in the recording: klog's head.
  const faults = recordedFaults().map((fault) => ({
    ...fault,
    journal: fault.journal.map((line) => line.replace(/^E… /, 'E1127 00:20:00.123456     271 ')),
  }));

  it('is known for every one of them', () =>
    expect(Object.keys(MEANINGS).sort()).toEqual(faults.map(({ id }) => id).sort()));

  it.each(faults)('$id', ({ id, role, journal }) => {
    for (const one of ['server', 'agent'] as const)
      if (role.includes(one)) expectMeaning(journalCause(journal, one), MEANINGS[id] ?? [undefined]);
  });
});

describe('the cause of a reported fault', () => {
  const files = globSync('test/fixtures/k3s/reported/*.txt', { cwd: join(import.meta.dirname, '../../..') });

  it('is known for every one of them', () =>
    expect(Object.keys(REPORTED).sort()).toEqual(files.map((file) => basename(file, '.txt')).sort()));

  it.each(files.map((file) => [basename(file, '.txt'), file]))('%s', (id, file) => {
    const lines = readFileSync(join(import.meta.dirname, '../../..', file), 'utf8')
      .trim()
      .split('\n');
    expectMeaning(journalCause(lines, id.includes('agent') ? 'agent' : 'server'), REPORTED[id] ?? [undefined]);
  });
});

describe('a journal without a cause', () => {
  const starts = [
    ...(['agent', 'cponly', 'embedded', 'etcdonly'] as const).map(
      (kind) => [kind, messages(recording(`journal-start-${kind}.txt`))] as const,
    ),
    ...['h1', 'h2', 'h3'].map(
      (host) => [`embedded on ${host}`, messages(recording('learner-promotion.txt'), host)] as const,
    ),
  ];

  it.each(starts)('is at every moment that of a healthy start: %s', (kind, lines) => {
    expect(lines.length).toBeGreaterThan(4);
    for (let end = 1; end <= lines.length; end += 1)
      expect(journalCause(lines.slice(0, end), kind === 'agent' ? 'agent' : 'server'), lines[end - 1]).toBeUndefined();
  });
});

describe('journalCause', () => {
  const k3s = (level: string, text: string): string =>
    `time="2026-08-12T10:00:00Z" level=${level} msg=${JSON.stringify(text)}`;

  it('never advises to delete a Node because of a token', () => {
    for (const role of ['server', 'agent'] as const) {
      const cause = journalCause(
        [k3s('error', 'token CA hash does not match the Cluster CA certificate hash: 1 != 2')],
        role,
      );
      expect(cause?.nextSteps.join(' ')).not.toMatch(/delete|Node\b/);
    }
  });

  it('looks at the end of what an agent waits for', () => {
    const waits = (end: string): string =>
      k3s('info', `Waiting to retrieve agent configuration; server is not ready: ${end}`);
    const [busy, refused] = [
      waits('https://127.0.0.1:6444/v1-k3s/readyz: 503 Service Unavailable'),
      waits('failed to retrieve configuration from server: not authorized'),
    ];
    expect(journalCause([refused, busy], 'agent')?.id).toBe('server-not-ready');
    expect(journalCause([busy, refused], 'agent')?.id).toBe('token-wrong');
  });

  it('says which option differs', () => {
    const lines = [
      k3s('warning', 'critical configuration mismatched: secrets-encryption'),
      k3s('fatal', 'Error: critical configuration value mismatch between servers'),
    ];
    expect(journalCause(lines, 'server')?.text).toContain('(secrets-encryption)');
  });

  it('skips what was answered to clients, but not a lost tunnel', () => {
    expect(
      journalCause([k3s('error', 'Sending HTTP/1.1 401 response to 10.0.0.9:4711: not authorized')], 'server'),
    ).toBeUndefined();
    expect(
      journalCause(
        [k3s('error', 'Sending HTTP/1.1 502 response to 127.0.0.1:60022: failed to find Session for client h4')],
        'server',
      )?.id,
    ).toBe('tunnel-lost');
  });

  it('says that etcd has no quorum when its status was asked for in vain twice', () => {
    const line = k3s('error', 'Failed to check local etcd status for learner management: context deadline exceeded');
    expect(journalCause([line], 'server')).toBeUndefined();
    expect(journalCause([line, line], 'server')?.id).toBe('etcd-no-answer');
  });

  it('does not take the check for nm-cloud-setup, which every start on such a host shows, for its failure', () => {
    expect(
      journalCause(
        ['+ /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service', k3s('info', 'Starting k3s v1.36.3+k3s1')],
        'server',
      ),
    ).toBeUndefined();
  });

  it('finds the removed member behind what follows from it', () => {
    expect(journalCause(messages(recording('removed-then-started.txt')), 'server')?.id).toBe(
      'etcd-removed-while-stopped',
    );
  });

  it('gives an unknown last line as it is', () => {
    expect(journalCause([k3s('fatal', 'Error: the moon is in the wrong phase')], 'server')).toEqual({
      id: 'unknown',
      text: 'Error: the moon is in the wrong phase',
      nextSteps: [],
      cures: 'perhaps',
      last: true,
    });
    expect(journalCause(['{"level":"panic","msg":"index out of range","error":"bad disk"}'], 'server')?.text).toBe(
      'index out of range: bad disk',
    );
    expect(journalCause(['F1127 00:20:00.123456     271 main.go:1] cannot go on'], 'agent')?.text).toBe('cannot go on');
  });

  it('knows each of its texts by one id', () => {
    expect(new Set(JOURNAL_CAUSES.map(({ id }) => id)).size).toBe(JOURNAL_CAUSES.length);
    for (const { id, says, pattern } of JOURNAL_CAUSES)
      if (pattern !== undefined) expect(says.replace(/ … 503$/, ''), id).toMatch(pattern);
  });
});

describe('journalPhase', () => {
  /** The phases in the order in which a journal shows them. */
  const phases = (lines: readonly string[]): string[] => {
    const all = lines.map((_, end) => journalPhase(lines.slice(0, end + 1))).filter((phase) => phase !== undefined);
    return all.filter((phase, i) => phase !== all[i - 1]);
  };

  it.each([
    [
      'agent',
      [
        'unpacking',
        'starting',
        'containerd starting',
        'kubelet starting',
        'pod network starting',
        'loading images',
        'pod network starting',
        'running',
      ],
    ],
    [
      'cponly',
      ['unpacking', 'starting', 'waiting for etcd', 'kubelet starting', 'waiting for etcd', 'etcd: ready', 'running'],
    ],
    [
      'embedded',
      [
        'starting',
        'etcd: beginning a new cluster',
        'waiting for the API server',
        'kubelet starting',
        'loading images',
        'running',
      ],
    ],
    [
      'etcdonly',
      [
        'unpacking',
        'starting',
        'asking the cluster for its data',
        'etcd: learner, waiting to be promoted',
        'kubelet starting',
        'etcd: voting member',
        'running',
      ],
    ],
  ])('tells a start in words: %s', (kind, expected) => {
    const told = phases(messages(recording(`journal-start-${kind}.txt`)));
    expect(told.join(', ')).toMatch(new RegExp(expected.join('.*')));
    expect(told.join()).not.toMatch(/level=|msg=|\{/);
  });

  it('tells a learner from a voter', () => {
    expect(phases(messages(recording('learner-promotion.txt'), 'h2')).slice(0, 2)).toEqual([
      'etcd: learner, waiting to be promoted',
      'etcd: voting member',
    ]);
  });
});
