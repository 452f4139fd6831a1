import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFiles } from '../../../src/adapters/files/files';
import { addSecrets } from '../../../src/adapters/secrets/addSecrets';
import { createCliSecrets } from '../../../src/adapters/secrets/cliSecrets';

describe('secrets that are added to a file of the person', () => {
  let folder: string;
  let path: string;
  const files = createFiles({ followLinks: () => true });
  const add = (secrets: Record<string, string>) => addSecrets(path, secrets, files);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'k3s-ha-secrets-'));
    path = join(folder, 'secrets.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are read back as they were, beside those that were there with their comments', async () => {
    writeFileSync(path, '# mine\nother: 007 # keep', { mode: 0o600 });
    const odd = 'a: "b"\n${env:HOME} \\ #\'';
    expect(await add({ 'edge-token': odd, 'edge-db-password': 'yes' })).toEqual({ ok: true, value: undefined });
    const source = createCliSecrets({ file: path, env: {}, baseDir: folder });
    for (const [name, value] of [
      ['edge-token', odd],
      ['edge-db-password', 'yes'],
      ['other', '007'],
    ])
      expect(await source.resolve(`\${secret:${name}}`)).toEqual({ ok: true, value });
    expect(readFileSync(path, 'utf8')).toMatch(/^# mine\nother: 007 # keep\n/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('make a new file that only its owner reads, and are not written twice', async () => {
    await add({ token: 'x' });
    await add({ token: 'x' });
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['"token": "x"\n', 0o600]);
  });

  it('never replace another value, and the message tells none', async () => {
    writeFileSync(path, 'token: old-value\n', { mode: 0o600 });
    const refused = await add({ token: 'new-value', more: 'x' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'secret-differs' } });
    expect(JSON.stringify(refused)).not.toMatch(/old-value|new-value/);
    expect(readFileSync(path, 'utf8')).toBe('token: old-value\n');
  });

  it('do not go into a file that others can read, or that is something else', async () => {
    writeFileSync(path, 'token: x\n');
    chmodSync(path, 0o644);
    expect(await add({ more: 'y' })).toMatchObject({ ok: false, error: { code: 'secret-file-permissions' } });
    writeFileSync(path, '- a list\n');
    chmodSync(path, 0o600);
    expect(await add({ more: 'y' })).toMatchObject({ ok: false, error: { code: 'secret-file-invalid' } });
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});
