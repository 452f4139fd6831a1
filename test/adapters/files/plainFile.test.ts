import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFiles } from '../../../src/adapters/files/files';
import { readPlainFile } from '../../../src/adapters/files/plainFile';

const files = createFiles({ followLinks: () => false });

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k3s-ha-plain-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('readPlainFile', () => {
  const read = (maxBytes = 1000) => readPlainFile(path, { links: 'refuse', own: true, oneName: true }, maxBytes);

  test('a file that another program replaces again and again is read whole, and never taken for a trick', async () => {
    const texts = ['a'.repeat(200_000), 'b'.repeat(200_000)] as const;
    await files.writeAtomic(path, texts[0], 0o600);
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 40; i++) await files.writeAtomic(path, texts[i % 2] ?? '', 0o600);
      writing = false;
    })();
    const seen = new Set<string>();
    while (writing) {
      const text = await read(1_000_000);
      seen.add(text.ok ? String(text.value) : text.error.why);
    }
    await writer;
    expect([...seen].filter((text) => !texts.includes(text))).toEqual([]);
  });

  test('the largest size is allowed, one byte more is not', async () => {
    await writeFile(path, 'x'.repeat(1000));
    expect(await read()).toEqual({ ok: true, value: 'x'.repeat(1000) });
    await writeFile(path, 'x'.repeat(1001));
    expect(await read()).toMatchObject({ ok: false, error: { reason: 'size' } });
  });

  test('no file is undefined; a part of the path that is a file is a failure of the system', async () => {
    expect(await read()).toEqual({ ok: true, value: undefined });
    await writeFile(path, '');
    path = join(path, 'below');
    expect(await read()).toMatchObject({ ok: false, error: { reason: 'system' } });
  });

  // Many files of Linux say that they are empty and are not.
  test.runIf(process.platform === 'linux')('what it reads counts, not the size that the system tells', async () => {
    expect((await stat('/proc/self/status')).size).toBe(0);
    expect(await readPlainFile('/proc/self/status', { links: 'refuse' }, 100)).toMatchObject({
      ok: false,
      error: { reason: 'size' },
    });
  });

  test('a link is followed where the person chose the path', async () => {
    await writeFile(join(folder, 'real'), 'text');
    await symlink('real', path);
    expect(await read()).toMatchObject({ ok: false, error: { reason: 'link' } });
    expect(await readPlainFile(path, { links: 'follow' }, 1000)).toEqual({ ok: true, value: 'text' });
  });
});
