import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readScriptFile } from '../../../src/adapters/files/scriptFile';

const SCRIPT = '#!/bin/sh\necho é\n';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'k3s-ha-script-'));
  for (const folder of ['repo', 'home']) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (path: string) => readScriptFile(path, { baseDir: join(root, 'repo'), homeDir: join(root, 'home') });
const put = (name: string, content: string | Buffer = SCRIPT): string => {
  writeFileSync(join(root, name), content, { mode: 0o644 });
  return join(root, name);
};

describe.skipIf(process.platform === 'win32')('an install script of this machine', () => {
  it('is read beside the cluster file, by its absolute path and in the home folder', async () => {
    put('repo/install.sh');
    put('home/own.sh', 'own');
    const absolute = put('other.sh', 'other');
    expect(await read('./install.sh')).toEqual({ ok: true, value: SCRIPT });
    expect(await read('~/own.sh')).toEqual({ ok: true, value: 'own' });
    expect(await read('../other.sh')).toEqual({ ok: true, value: 'other' });
    expect(await read(absolute)).toEqual({ ok: true, value: 'other' });
  });

  it('M8: a link in a repository chooses no other file', async () => {
    put('home/id_ed25519', 'private key');
    symlinkSync(join(root, 'home/id_ed25519'), join(root, 'repo/install.sh'));
    symlinkSync(join(root, 'home'), join(root, 'repo/scripts'));
    for (const path of ['./install.sh', './scripts/id_ed25519'])
      expect(await read(path)).toMatchObject({
        ok: false,
        error: { why: expect.stringContaining('leads out of the folder') },
      });
  });

  it.each([
    [
      'that everybody may write',
      () => chmodSync(put('repo/install.sh'), 0o666),
      'Every user of this machine may change it.',
    ],
    ['that is a folder', () => mkdirSync(join(root, 'repo/install.sh')), 'It is a folder, not a file.'],
    ['of more than 1 MiB', () => truncateSync(put('repo/install.sh'), 2 ** 20 + 1), 'It is larger than 1 MiB.'],
    ['that is no text', () => put('repo/install.sh', Buffer.from([0x7f, 0xff])), 'It is no text in UTF-8.'],
    ['that is empty', () => put('repo/install.sh', '\n'), 'It is empty.'],
  ])('M8: one %s is not used', async (_what, prepare, why) => {
    prepare();
    expect(await read('./install.sh')).toMatchObject({ ok: false, error: { code: 'install-script-unreadable', why } });
  });

  it('that is not there is told with its path', async () => {
    expect(await read('./install.sh')).toMatchObject({
      ok: false,
      error: { why: `There is no file ${join(root, 'repo/install.sh')}.` },
    });
  });
});
