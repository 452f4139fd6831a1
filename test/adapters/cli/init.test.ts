import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './run';

const CLI = path.join(import.meta.dirname, '../../../dist/cli.js');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-init-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command on a terminal; each question gets the next answer as soon as it is asked. */
async function typing(command: string, answers: readonly string[]): Promise<string> {
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let seen = 0;
  let next = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const asked = /> (?=[^>]*$)/.exec(shown.slice(seen));
    if (asked === null || next >= answers.length) return;
    seen = shown.length;
    child.stdin.write(`${answers[next++]}\r`);
  });
  await new Promise((resolve) => child.once('close', resolve));
  return shown;
}

const ETCD = ['--layout', 'embedded-etcd', '--addresses', 'servers 10.0.0.[11-13], address 10.0.0.100'];

describe('k3s-ha init', () => {
  it('writes a file that lint has nothing against, and never over another one', async () => {
    const file = path.join(folder, 'edge.k3s.yaml');
    expect(await cli(['init', file, ...ETCD, '--name', 'edge'])).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/name: edge\n[^]*host: 10\.0\.0\.\[11-13\]/);
    expect(await cli(['lint', '--strict', file])).toMatchObject({ code: 0 });
    writeFileSync(file, 'mine');
    expect(await cli(['init', file, ...ETCD])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('exists already and is not overwritten'),
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it.each<[string, string[], string]>([
    ['what it would have to ask for', [], 'give --layout'],
    ['the next thing that it would have to ask for', ['--layout', 'single-server'], 'give --addresses'],
    [
      'what is no answer',
      ['--layout', 'single-server', '--addresses', '10.0.0.1 10.0.0.2'],
      '--addresses: This layout has one server',
    ],
    ['a layout that is none', ['--layout', 'two'], '--layout is embedded-etcd, haproxy, kube-vip'],
    [
      'a password in an argument',
      [
        '--layout',
        'external-datastore',
        '--addresses',
        '10.0.0.1 10.0.0.2 address 10.0.0.9',
        '--endpoint',
        'mysql://k:pw@tcp(db:3306)/k',
      ],
      'write ${secret:db-password}',
    ],
  ])('without a terminal refuses and tells %s', async (_, args, words) => {
    const { code, stderr } = await cli(['init', path.join(folder, 'no.k3s.yaml'), ...args]);
    expect({ code, stderr }).toEqual({ code: 10, stderr: expect.stringContaining(words) });
    expect(stderr).not.toContain('pw@');
  });

  it.skipIf(process.platform !== 'linux')(
    'asks on a terminal, again after a wrong answer, and keeps the password out of the file',
    async () => {
      const secrets = path.join(folder, 'secrets.yaml');
      const shown = await typing(`"${process.execPath}" "${CLI}" init --secrets ${secrets}`, [
        '9',
        '4',
        '10.0.0.1',
        'servers 10.0.0.1 10.0.0.2 address 10.0.0.9',
        'mysql://k:pa55word@tcp(db:3306)/k3s',
      ]);
      expect(shown).toContain('Type a number from 1 to 8.');
      expect(shown).toContain('Type at least two servers');
      expect(shown).toContain('Written: cluster.k3s.yaml');
      expect(readFileSync(path.join(folder, 'cluster.k3s.yaml'), 'utf8')).toContain('${secret:');
      expect(readFileSync(path.join(folder, 'cluster.k3s.yaml'), 'utf8')).not.toContain('pa55word');
      expect(readFileSync(secrets, 'utf8')).toContain('pa55word');
    },
  );
});
