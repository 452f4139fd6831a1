import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './run';

describe('k3s-ha lint', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-cli-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };

  it('prints file:line:column severity id message, and ends with 2', async () => {
    const { code, stdout } = await cli(['lint', 'examples/broken/cluster.k3s.yaml']);
    expect(code).toBe(2);
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^examples\/broken\/cluster\.k3s\.yaml:\d+:\d+ (error|warning|info|hint) [a-z0-9-]+ \S/);
    expect(stdout).toMatch(/:\d+:\d+ error endpoint-not-in-tls-san .*10\.0\.0\.100/);
  });

  it('says nothing on standard output for a good file', async () => {
    expect(await cli(['lint', 'examples/practice/cluster.k3s.yaml'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('no findings') });
  });

  it('gives the same as JSON', async () => {
    const { code, stdout } = await cli(['lint', '--json', 'examples/broken/cluster.k3s.yaml']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'mysql-endpoint-missing-tcp', severity: 'error', line: expect.any(Number), column: expect.any(Number) })]));
  });

  it('fails on information only when asked to be strict', async () => {
    const single = file('single.k3s.yaml', 'apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: lab}\nk3s: {version: v1.36.3+k3s1}\ntoken: ${secret:t}\nservers: {nodes: [{host: 10.0.0.1}]}\nagents: {nodes: [{host: 10.0.0.2}]}\n');
    expect(await cli(['lint', single])).toMatchObject({ code: 0, stdout: expect.stringContaining(' info single-server ') });
    expect((await cli(['lint', '--strict', single])).code).toBe(2);
  });

  it.each([
    ['text that is no YAML', 'a: [1, 2\nb: }\n'],
    ['a tab', 'apiVersion: k3s-ha/v1\nservers:\n\tnodes: []\n'],
    ['a YAML bomb', `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefg'[i]}`).join(', ')}]`).join('\n')}\n`],
    ['a list instead of a map', '- 1\n- 2\n'],
  ])('names the place of %s', async (_, text) => {
    const { code, stdout, stderr } = await cli(['lint', file('bad.k3s.yaml', text)]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/bad\.k3s\.yaml:\d+:\d+ error /);
    expect(stderr).not.toContain('Unexpected error');
  });

  it.each([
    ['a file that is not there', ['lint', 'nowhere.k3s.yaml'], 'nowhere.k3s.yaml cannot be read'],
    ['no file', ['lint'], 'lint needs a cluster file'],
    ['an unknown command', ['frobnicate', 'x'], 'There is no command "frobnicate"'],
    ['an unknown option', ['lint', '--frobnicate', 'x'], '--frobnicate'],
    ['no command', [], 'No command was given'],
  ])('ends with 10 for %s', async (_, args, words) => {
    expect(await cli(args)).toMatchObject({ code: 10, stdout: '', stderr: expect.stringContaining(words) });
  });

  it('does not take a folder for a file', async () => {
    mkdirSync(path.join(folder, 'folder.k3s.yaml'), { recursive: true });
    expect((await cli(['lint', path.join(folder, 'folder.k3s.yaml')])).code).toBe(10);
  });
});
