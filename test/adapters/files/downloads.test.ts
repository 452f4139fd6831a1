import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloads } from '../../../src/adapters/files/downloads';
import type { Download } from '../../../src/engine/ports';

describe('a file that comes to this machine', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'k3s-ha-downloads-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function begin(name = 'a/x'): Promise<Download> {
    const begun = await downloads.begin(join(folder, name));
    if (!begun.ok) throw new Error(begun.error.message);
    return begun.value;
  }

  it('is there under its name when it is whole, for its owner only', async () => {
    const file = await begin();
    await file.write(Buffer.from('one '));
    await file.write(Buffer.from('two'));
    expect(file.state()).toEqual({
      size: 7,
      sha256: '8ab63e29a4ba14e4e1688f9c15e5af90895421358c945b0431f85d66977bd3d2',
    });
    expect(existsSync(join(folder, 'a/x'))).toBe(false);
    expect(await file.keep()).toEqual({ ok: true, value: undefined });
    expect(readFileSync(join(folder, 'a/x'), 'utf8')).toBe('one two');
    expect(statSync(join(folder, 'a/x')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'a'))).toEqual(['x']);
  });

  it('tells what is in a file that is there, and nothing of a link or a folder', async () => {
    writeFileSync(join(folder, 'x'), 'one two');
    symlinkSync(join(folder, 'x'), join(folder, 'link'));
    expect(await downloads.look(join(folder, 'x'))).toEqual({
      size: 7,
      sha256: '8ab63e29a4ba14e4e1688f9c15e5af90895421358c945b0431f85d66977bd3d2',
    });
    for (const other of ['link', 'none', '.']) expect(await downloads.look(join(folder, other))).toBeUndefined();
  });

  it('leaves nothing when it is dropped, and replaces nothing, a link and a late comer included', async () => {
    await (await begin()).drop();
    expect(readdirSync(join(folder, 'a'))).toEqual([]);
    symlinkSync('/nowhere', join(folder, 'link'));
    expect(await downloads.begin(join(folder, 'link'))).toMatchObject({ ok: false, error: { code: 'file-exists' } });
    const file = await begin('late');
    await file.write(Buffer.from('new'));
    writeFileSync(join(folder, 'late'), 'of somebody else');
    expect(await file.keep()).toMatchObject({ ok: false });
    expect(readFileSync(join(folder, 'late'), 'utf8')).toBe('of somebody else');
    expect(readdirSync(folder).sort()).toEqual(['a', 'late', 'link']);
  });
});
