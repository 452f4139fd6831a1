import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/core/base/problem';
import { err, ok } from '../../../src/core/base/result';
import type { HostFacts } from '../../../src/core/facts/probe';
import { readCopy, type SnapshotCopy } from '../../../src/engine/snapshots/readCopy';
import { clusterOf } from '../../support/cluster';
import { localFolder } from '../../support/localFiles';
import { freshFacts, sha256, TOKEN } from '../../support/plans';
import { factsWithSnapshots, planned } from '../../support/snapshots';

const cluster = clusterOf();
const NAME = 'before-server-1-1795739771';
const AUTHORITY = factsWithSnapshots(cluster, {}).get('server-1')?.caHash;
const SHEET = {
  cluster: 'edge',
  snapshot: NAME,
  size: 13,
  sha256: sha256('what etcd has'),
  created: '2026-11-27T00:36:11.000Z',
  version: cluster.k3s.version,
  caHash: AUTHORITY,
  tokenHashes: [sha256(TOKEN).slice(0, 12)],
  token: '${secret:edge-token}',
  savedOn: 'server-1',
  servers: cluster.servers.map(({ id, address }) => ({ name: id, address })),
};
const COPY = { path: `/home/ada/${NAME}`, name: NAME, size: 13, sha256: SHEET.sha256, sheet: SHEET } as SnapshotCopy;

const restoring = (copy: SnapshotCopy, facts: ReadonlyMap<string, HostFacts>, more: object = {}) =>
  planned('restore', cluster, facts, { copyPath: copy.path, copy, ...more });
const running = factsWithSnapshots(cluster, {});

describe('a snapshot on this computer', () => {
  const read = (texts: Readonly<Record<string, string>>) =>
    readCopy(
      `/home/ada/${NAME}`,
      localFolder(Object.fromEntries(Object.entries(texts).map(([name, text]) => [`/home/ada/${name}`, text])))
        .artifacts,
    );

  it('is read with what was written down beside it, or without', async () => {
    const whole = await read({ [NAME]: 'what etcd has', [`${NAME}.json`]: JSON.stringify(SHEET) });
    expect(whole).toMatchObject({ ok: true, value: { name: NAME, size: 13, sheet: { savedOn: 'server-1' } } });
    const bare = await read({ [NAME]: 'what etcd has' });
    expect(bare).toMatchObject({ ok: true, value: { name: NAME } });
    expect(bare.ok && bare.value.sheet).toBe(undefined);
  });

  it.each([
    ['other bytes than were copied', { [NAME]: 'what etcd', [`${NAME}.json`]: JSON.stringify(SHEET) }, 'copy-damaged'],
    ['a sheet that is none', { [NAME]: 'what etcd has', [`${NAME}.json`]: '[1]' }, 'copy-sheet-unreadable'],
    [
      'a sheet with half of what it has to tell',
      { [NAME]: 'what etcd has', [`${NAME}.json`]: JSON.stringify({ ...SHEET, servers: [{ name: 1 }] }) },
      'copy-sheet-unreadable',
    ],
    ['a sheet without end', { [NAME]: 'what etcd has', [`${NAME}.json`]: ' '.repeat(70_000) }, 'copy-sheet-unreadable'],
    ['nothing there', {}, 'file-missing'],
  ])('is refused with %s', async (_, texts, code) => {
    expect(await read(texts as Readonly<Record<string, string>>)).toMatchObject({ ok: false, error: { code } });
  });

  it('cannot have a name that means something to a shell, and is not the sheet itself', async () => {
    const open = async () => err(problem('never', 'never asked'));
    for (const path of ['/home/ada/a b', '/home/ada/$(x)', `/home/ada/${NAME}.json`])
      expect(await readCopy(path, { open, list: async () => ok([]) })).toMatchObject({ error: { code: 'copy-name' } });
  });

  it('goes to a server of the cluster and is proved there before any server stops', () => {
    const { draft, steps, problems } = restoring(COPY, running);
    expect(problems).toEqual([]);
    expect(steps.slice(0, 3)).toEqual(['send-snapshot:server-1', 'prove-snapshot:server-1', 'halt-server:server-1']);
    expect(draft.steps[0]?.input).toMatchObject({ copy: COPY.path, sha256: COPY.sha256 });
    expect(restoring(COPY, running, { from: 'server-3' }).steps[0]).toBe('send-snapshot:server-3');
  });

  it('N21: is refused with another token, of another cluster, and while a server of then may run', () => {
    const other = (sheet: object, facts = running) =>
      restoring({ ...COPY, sheet: { ...SHEET, ...sheet } as never }, facts);
    expect(other({ tokenHashes: ['0123456789ab'] }).draft.problems).toMatchObject([
      { code: 'copy-other-token', nextSteps: [expect.stringContaining('${secret:edge-token}')] },
    ]);
    expect(other({ caHash: 'f'.repeat(64) }).problems).toEqual(['copy-of-another-cluster']);
    const servers = [...SHEET.servers, { name: 'server-9', address: '10.0.0.99' }];
    expect(other({ servers }).draft.problems).toMatchObject([
      { code: 'server-not-proved-stopped', nextSteps: [expect.stringContaining('--gone 10.0.0.99')] },
    ]);
    const copy = { ...COPY, sheet: { ...SHEET, servers } as never };
    expect(restoring(copy, running, { gone: ['10.0.0.99'] }).problems).toEqual([]);
  });

  it('N23: begins on the first server where no machine has a cluster, with the release of then', () => {
    const fresh = freshFacts(cluster);
    const { steps, problems, draft } = restoring(COPY, fresh);
    expect(problems).toEqual([]);
    expect(steps).toEqual([
      'write-config:server-1',
      'install:server-1',
      'send-snapshot:server-1',
      'prove-snapshot:server-1',
      'halt-server:server-1',
      'reset-cluster:server-1',
      'start:server-1',
      'forget-nodes:server-1',
      'prove-restore:server-1',
      'await-nodes:server-1',
      'end-restore:server-1',
    ]);
    expect(draft.steps.find(({ kind }) => kind === 'forget-nodes')?.input).toEqual({
      own: 'server-1',
      keep: ['server-1'],
    });
    expect(restoring(COPY, fresh, { from: 'server-2' }).problems).toEqual(['copy-no-server']);
    const older = { ...COPY, sheet: { ...SHEET, version: 'v1.30.1+k3s1' } as never };
    expect(restoring(older, fresh).problems).toEqual(['copy-other-release']);
  });

  it('deletes the Node of a server that never comes back, at the end of any restore', () => {
    const facts = new Map(running);
    facts.delete('server-3');
    expect(restoring(COPY, facts).problems).toEqual(['server-not-proved-stopped']);
    const { steps } = restoring(COPY, facts, { gone: ['server-3'] });
    expect(steps.slice(-2)).toEqual(['delete-node:server-1:server-3', 'end-restore:server-1']);
  });
});
