import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CliSecretsOptions } from '../../../src/adapters/secrets/cliSecrets';
import { createCliSecrets } from '../../../src/adapters/secrets/cliSecrets';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k3s-ha-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}
const resolve = (text: string, options: Partial<CliSecretsOptions> = {}) =>
  createCliSecrets({ file: join(folder, 'secrets.yaml'), env: {}, baseDir: folder, ...options }).resolve(text);
const UNIX = process.platform !== 'win32';

describe('createCliSecrets', () => {
  test('text without references comes back as it is', async () => {
    expect(await resolve('plain $HOME ${other:x}')).toEqual({ ok: true, value: 'plain $HOME ${other:x}' });
  });

  test('replaces every reference, and never looks into a value for more', async () => {
    await put('secrets.yaml', 'db-password: "${env:TRAP}"\n');
    await put('user.txt', 'ksd\n');
    expect(
      await resolve('mysql://${file:user.txt}:${secret:db-password}@tcp(${env:DB})/k3s', {
        env: { DB: 'db:3306', TRAP: 'boom' },
      }),
    ).toEqual({
      ok: true,
      value: 'mysql://ksd:${env:TRAP}@tcp(db:3306)/k3s',
    });
  });

  test.each([
    ['YAML', '# mine\ntoken: 007\nother: yes\n', '007'],
    ['JSON', '{"token": "a\\"b"}', 'a"b'],
  ])('reads a %s secrets file as text', async (_, text, value) => {
    await put('secrets.yaml', text);
    expect(await resolve('${secret:token}')).toEqual({ ok: true, value });
  });

  test('the environment wins over the secrets file', async () => {
    await put('secrets.yaml', 'edge.db-password: file\n');
    expect(await resolve('${secret:edge.db-password}', { env: { K3S_HA_SECRET_EDGE_DB_PASSWORD: 'env' } })).toEqual({
      ok: true,
      value: 'env',
    });
  });

  test('a file keeps all but its last line break', async () => {
    await mkdir(join(folder, 'keys'));
    await put('keys/token', 'two\nlines\r\n');
    expect(await resolve('${file:keys/token}')).toEqual({ ok: true, value: 'two\nlines' });
    expect(await resolve(`\${file:${join(folder, 'keys/token')}}`)).toEqual({ ok: true, value: 'two\nlines' });
  });

  test.each([
    ['${secret:token}', 'K3S_HA_SECRET_TOKEN'],
    ['${env:TOKEN}', 'Set TOKEN'],
    ['${file:token.txt}', 'token.txt'],
  ])('%s without a value: the problem says how to provide it', async (reference, hint) => {
    const result = await resolve(reference);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'secret-missing', message: `${reference} has no value.` },
    });
    expect(JSON.stringify(result)).toContain(hint);
  });

  test.runIf(UNIX).each([0o644, 0o640, 0o604, 0o620])(
    'files with mode %o are refused, with the command that helps',
    async (mode) => {
      await put('secrets.yaml', 'token: hidden-value\n', mode);
      await put('token.txt', 'hidden-value\n', mode);
      for (const [reference, name] of [
        ['${secret:token}', 'secrets.yaml'],
        ['${file:token.txt}', 'token.txt'],
      ] as const) {
        const result = await resolve(reference);
        expect(result).toMatchObject({
          ok: false,
          error: {
            code: 'secret-file-permissions',
            nextSteps: [`Run \`chmod 600 ${join(folder, name)}\`.`, expect.anything()],
          },
        });
        expect(JSON.stringify(result)).not.toContain('hidden-value');
      }
    },
  );

  test.each([
    ['a broken line', 'ok: 1\ntoken: "hidden-value\n', 'secret-file-invalid'],
    ['a list', '- hidden-value\n', 'secret-file-invalid'],
    ['a nested value', 'token: {a: hidden-value}\n', 'secret-file-invalid'],
    ['an empty value', 'token:\nx: hidden-value\n', 'secret-missing'],
    ['an empty file', '', 'secret-missing'],
  ])('a secrets file with %s is told without its content', async (_, text, code) => {
    await put('secrets.yaml', text);
    const result = await resolve('${secret:token}');
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(JSON.stringify(result)).not.toContain('hidden-value');
  });

  test('a folder instead of a file', async () => {
    expect(await resolve('${file:.}', { baseDir: folder })).toMatchObject({ ok: false });
  });
});
