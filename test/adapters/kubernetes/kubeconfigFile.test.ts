import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createFiles } from '../../../src/adapters/files/files';
import { saveKubeconfig } from '../../../src/adapters/kubernetes/kubeconfigFile';
import { sha256 } from '../../../src/adapters/system/sha256';
import type { MergeMode } from '../../../src/core/kubeconfig/merge';
import type { PreparedKubeconfig } from '../../../src/core/kubeconfig/prepare';
import type { SavedKubeconfig } from '../../../src/core/kubeconfig/saved';
import { rememberMerge, undoMerge } from '../../../src/engine/access/undoMerge';
import { prepared } from '../../unit/kubeconfig/k3sYaml';
import { bundleWorker } from '../files/workerBundle';

const NOW = Date.parse('2026-11-21T01:02:03.456Z');
const files = createFiles({ followLinks: () => true });

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k3s-ha-kubeconfig-'));
  path = join(folder, 'config');
});
afterEach(() => rm(folder, { recursive: true }));

async function save(entry: PreparedKubeconfig, mode: MergeMode = 'overwrite'): Promise<SavedKubeconfig> {
  const result = await saveKubeconfig(files, path, entry, mode, NOW);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
const clusterNames = (text: string): string[] =>
  (parse(text) as { clusters: { name: string }[] }).clusters.map(({ name }) => name);

describe('saveKubeconfig', () => {
  test('creates a private file, and a second save changes nothing', async () => {
    expect(await save(prepared())).toEqual({ path, contextName: 'edge', change: 'created' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const before = await stat(path);
    expect(await save(prepared())).toEqual({ path, contextName: 'edge', change: 'unchanged' });
    expect((await stat(path)).ino).toBe(before.ino);
    expect(await readdir(folder)).toEqual(['config']);
  });

  test('keeps every earlier version in a private copy of its own', async () => {
    const original = '# mine\napiVersion: v1\nkind: Config\n';
    await writeFile(path, original, { mode: 0o644 });
    const first = await save(prepared());
    const middle = await readFile(path, 'utf8');
    const second = await save(prepared('west'));
    expect(first).toEqual({
      path,
      contextName: 'edge',
      change: 'updated',
      backup: `${path}.k3s-ha-20261121T010203456Z.bak`,
      tightened: { from: '0644', to: '0600' },
    });
    expect(second.backup).toBe(`${path}.k3s-ha-20261121T010203456Z-2.bak`);
    expect(await readFile(first.backup ?? '', 'utf8')).toBe(original);
    expect(await readFile(second.backup ?? '', 'utf8')).toBe(middle);
    expect((await stat(first.backup ?? '')).mode & 0o777).toBe(0o600);
  });

  test('a merge is undone to the very bytes from before, and only while the file is as the merge left it', async () => {
    const original = '# mine\r\napiVersion: v1\r\nkind: Config\r\n';
    await writeFile(path, original, { mode: 0o600 });
    const undoPath = join(folder, 'state', 'merge.json');
    const merge = () =>
      saveKubeconfig(files, path, prepared(), 'overwrite', NOW, {
        remember: (change) => rememberMerge(undoPath, change, { files, sha256 }),
      });
    expect((await merge()).ok).toBe(true);
    const merged = await readFile(path, 'utf8');
    await writeFile(path, `${merged}# a note\r\n`);
    const refused = await undoMerge(undoPath, { files, sha256 });
    expect(refused.ok ? undefined : refused.error.code).toBe('merge-changed');
    await writeFile(path, merged);
    expect((await merge()).ok).toBe(true);
    expect((await undoMerge(undoPath, { files, sha256 })).ok).toBe(true);
    expect(await readFile(path, 'utf8')).toBe(original);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('an unreadable file is told and left alone', async () => {
    await writeFile(path, 'clusters: [');
    const result = await saveKubeconfig(files, path, prepared(), 'overwrite', NOW);
    expect(result.ok ? undefined : result.error.code).toBe('kubeconfig-unreadable');
    expect(await readFile(path, 'utf8')).toBe('clusters: [');
    expect(await readdir(folder)).toEqual(['config']);
  });

  test('a file in use and a folder in its place are told, not thrown', async () => {
    await writeFile(`${path}.lock`, '');
    const result = await saveKubeconfig(
      createFiles({ followLinks: () => true, lockTimeoutMs: 30 }),
      path,
      prepared(),
      'overwrite',
      NOW,
    );
    expect(result.ok ? undefined : result.error.code).toBe('file-locked');
    const folderResult = await saveKubeconfig(files, folder, prepared(), 'overwrite', NOW);
    expect(folderResult.ok ? undefined : folderResult.error.code).toBe('file-not-read');
  });

  test('saves of several processes at once all arrive', async () => {
    await writeFile(path, '# keep\napiVersion: v1\nkind: Config\n');
    const scripts = join(folder, 'scripts');
    const script = await bundleWorker(scripts);
    const names = Array.from({ length: 8 }, (_, i) => `cluster-${i}`);
    await Promise.all(
      names.map(async (name) => {
        const child = spawn(process.execPath, [script, 'save', path, name], { stdio: 'inherit' });
        expect(await once(child, 'close')).toEqual([0, null]);
      }),
    );
    const text = await readFile(path, 'utf8');
    expect(clusterNames(text).sort()).toEqual(names);
    expect(text.startsWith('# keep\n')).toBe(true);
    expect((await readdir(folder)).filter((file) => file.endsWith('.bak'))).toHaveLength(8);
  });
});
