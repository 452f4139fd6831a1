import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { normalise } from '../../../src/core/cluster/normalise';
import { planFleet, startFleet, type PracticeFleet } from '../../../src/practice/fleet';
import { s3Double } from '../../support/s3Double';
import { practiceAllowances } from '../../support/allowances';
import { cli, type CliResult } from './run';

const NETWORK = `127.${200 + (process.pid % 50)}.9.`;
const FOLDER = '/var/lib/rancher/k3s/server/db/snapshots';
const FILE = 'cluster.k3s.yaml';

/** Snapshots from the first one to the restored cluster; each test goes on where the last one ended. */
describe('k3s-ha snapshot on the practice fleet', () => {
  let folder: string;
  let fleet: PracticeFleet;
  const allowances = practiceAllowances(['11', '12', '13', '21', '22'].map((last) => `${NETWORK}${last}`));
  const run = (...args: readonly string[]): Promise<CliResult> =>
    cli([...args, ...allowances], {
      cwd: folder,
      env: {
        HOME: folder,
        XDG_STATE_HOME: path.join(folder, 'state'),
        XDG_CACHE_HOME: path.join(folder, '.cache'),
      },
    });
  const names = (): readonly string[] =>
    fleet
      .inspect('server-1')
      .below(FOLDER)
      .map((file) => file.slice(FOLDER.length + 1));
  const first = (): string => names()[0] ?? '';

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-snapshots-'));
    const example = path.join(import.meta.dirname, '../../../examples/practice/cluster.k3s.yaml');
    const text = readFileSync(example, 'utf8').replaceAll('127.77.0.', NETWORK);
    writeFileSync(path.join(folder, FILE), text);
    const options = planFleet(normalise(parseDocument(text).data));
    fleet = await startFleet({ ...options, directory: folder, timeScale: 0.01 });
    expect((await run('apply', FILE, '--yes')).code).toBe(0);
  }, 120_000);
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('saves one without a question and tells what it is', async () => {
    const saved = await run('snapshot', 'save', FILE, '--as', 'before', '--on', 'server-1');
    expect(saved.code).toBe(0);
    expect(saved.stderr).toMatch(/saved before-server-1-\d+: 0\.0 MB, sha256 [0-9a-f]{64}/);
    expect(first()).toMatch(/^before-server-1-\d+$/);
  });

  it('lists them as a table and for programs', async () => {
    const shown = await run('snapshot', 'list', FILE);
    expect([shown.code, shown.stdout.split('\n')[0]]).toEqual([
      0,
      expect.stringMatching(/^NAME +SAVED +SIZE +WHERE +KIND$/),
    ]);
    expect(shown.stdout).toMatch(new RegExp(`^${first()} .* server-1 +on demand, "before"$`, 'm'));
    const told = await run('snapshot', 'list', FILE, '--json');
    expect(JSON.parse(told.stdout)).toMatchObject({
      cluster: 'practice',
      unseen: [],
      snapshots: [{ name: first(), places: [{ kind: 'disk', server: 'server-1', path: `${FOLDER}/${first()}` }] }],
    });
  });

  it('N23: copies one here, for its owner only, whole, with what opens it beside it and without the token', async () => {
    const copied = await run('snapshot', 'copy', FILE, first(), '--to', 'backup');
    expect(copied.code).toBe(0);
    const file = path.join(folder, 'backup', first());
    const bytes = readFileSync(file);
    expect(bytes.equals(fleet.inspect('server-1').bytes(`${FOLDER}/${first()}`))).toBe(true);
    const text = readFileSync(`${file}.json`, 'utf8');
    expect([file, `${file}.json`].map((one) => statSync(one).mode & 0o777)).toEqual([0o600, 0o600]);
    const token = readFileSync(path.join(folder, '.practice/token'), 'utf8').trim();
    expect(JSON.parse(text)).toMatchObject({
      cluster: 'practice',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      version: 'v1.36.3+k3s1',
      caHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      tokenHashes: [createHash('sha256').update(token).digest('hex').slice(0, 12)],
      token: '${file:.practice/token}',
      servers: [{ name: 'server-1', address: `${NETWORK}11` }, {}, {}],
    });
    expect(text).not.toContain(token);
    // The same copy again is as good as the first; another file of that name stays.
    expect((await run('snapshot', 'copy', FILE, first(), '--to', 'backup')).code).toBe(0);
    writeFileSync(file, 'something else');
    const again = await run('snapshot', 'copy', FILE, first(), '--to', 'backup');
    expect(readFileSync(file, 'utf8')).toBe('something else');
    expect([again.code, again.stderr]).toEqual([12, expect.stringContaining('is there already, and is not replaced')]);
  });

  it('restores the cluster only by its name', async () => {
    const refused = await run('snapshot', 'restore', FILE, first(), '--yes');
    expect([refused.code, refused.stderr]).toEqual([13, expect.stringContaining('--name practice')]);
    const wrong = await run('snapshot', 'restore', FILE, first(), '--name', 'other');
    expect(wrong.code).toBe(13);
    expect(fleet.inspect('server-1').unit('k3s').active).toBe('active');
    const restored = await run('snapshot', 'restore', FILE, first(), '--name', 'practice');
    expect([restored.code, restored.stderr]).toEqual([
      0,
      expect.stringContaining('practice is restored, and all of it is proved'),
    ]);
    expect((await run('plan', FILE)).code).toBe(0);
  }, 60_000);

  it('N21: restores one that is in S3 only, and gets nothing with a wrong key', async () => {
    const keys = { accessKey: 'AKIDEXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
    const service = await s3Double({ bucket: 'backup', ...keys });
    onTestFinished(() => service.close());
    // The time in the name is when it was saved.
    const name = first().replace('before', 'far');
    service.objects.set(`k3s/${name}`, fleet.inspect('server-1').bytes(`${FOLDER}/${first()}`) ?? Buffer.alloc(0));
    const file = path.join(folder, FILE);
    const before = readFileSync(file, 'utf8');
    const withKey = (key: string): void =>
      writeFileSync(
        file,
        before.replace(
          /^servers:\n {2}config:$/m,
          `servers:
  config:
    etcd-s3: true
    etcd-s3-endpoint: 127.0.0.1:${service.port}
    etcd-s3-insecure: true
    etcd-s3-bucket: backup
    etcd-s3-folder: k3s
    etcd-s3-access-key: ${keys.accessKey}
    etcd-s3-secret-key: ${key}`,
        ),
      );
    withKey('wrong');
    const refused = await run('snapshot', 'restore', FILE, name, '--name', 'practice');
    expect([refused.code, refused.stdout]).toEqual([11, expect.stringContaining('SignatureDoesNotMatch')]);
    expect(refused.stdout).toContain('Check etcd-s3-access-key and etcd-s3-secret-key');
    withKey(keys.secretKey);
    const restored = await run('snapshot', 'restore', FILE, name, '--name', 'practice');
    expect(restored.stdout).toContain(
      `Send what this computer got from http://127.0.0.1:${service.port}/backup/k3s/${name}`,
    );
    expect([restored.code, restored.stderr]).toEqual([
      0,
      expect.stringContaining('practice is restored, and all of it is proved'),
    ]);
    expect(restored.stdout + restored.stderr).not.toContain(keys.secretKey);
    expect(readdirSync(path.join(folder, '.cache/k3s-ha/objects'))).toEqual([]);
    writeFileSync(file, before);
    expect((await run('apply', FILE, '--yes')).code).toBe(0);
  }, 120_000);

  it('prunes and deletes', async () => {
    for (const _ of [1, 2])
      expect((await run('snapshot', 'save', FILE, '--as', 'many', '--on', 'server-1')).code).toBe(0);
    const many = names().filter((name) => name.startsWith('many-'));
    expect(many).toHaveLength(2);
    expect((await run('snapshot', 'prune', FILE, '--base', 'many', '--keep', '1', '--yes')).code).toBe(0);
    expect(names().filter((name) => name.startsWith('many-'))).toEqual(many.slice(1));
    expect((await run('snapshot', 'delete', FILE, many[1] ?? '', '--yes')).code).toBe(0);
    expect(names().filter((name) => name.startsWith('many-'))).toEqual([]);
    const unknown = await run('snapshot', 'delete', FILE, 'nosuch', '--yes');
    expect([unknown.code, unknown.stdout]).toEqual([11, expect.stringContaining('There is no snapshot nosuch')]);
  });

  it('says what is wrong with a command line', async () => {
    const verb = await run('snapshot', 'restor', FILE);
    expect([verb.code, verb.stderr]).toEqual([10, expect.stringContaining('did you mean "restore"?')]);
    expect((await run('snapshot', 'list')).stderr).toContain('needs a cluster file');
  });
});
