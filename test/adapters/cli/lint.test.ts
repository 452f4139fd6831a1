import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import { cli } from './run';

/** What a program wrote that ended with another status than 0. */
function failing(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

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
    for (const line of stdout.trim().split('\n'))
      expect(line).toMatch(/^examples\/broken\/cluster\.k3s\.yaml:\d+:\d+ (error|warning|info|hint) [a-z0-9-]+ \S/);
    expect(stdout).toMatch(/:\d+:\d+ error endpoint-not-in-tls-san .*10\.0\.0\.100/);
  });

  it('speaks the language of the environment', async () => {
    const { code, stdout } = await cli(['lint', 'examples/broken/cluster.k3s.yaml'], { env: { LANG: 'zh_CN.UTF-8' } });
    expect(code).toBe(2);
    expect(stdout).toMatch(/:\d+:\d+ error endpoint-not-in-tls-san .*10\.0\.0\.100 不在 .* 的 tls-san 中/);
  });

  it('says nothing on standard output for a good file', async () => {
    expect(await cli(['lint', 'examples/practice/cluster.k3s.yaml'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('no findings'),
    });
  });

  it('gives the same as JSON', async () => {
    const { code, stdout } = await cli(['lint', '--json', 'examples/broken/cluster.k3s.yaml']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: 'mysql-endpoint-missing-tcp',
          severity: 'error',
          line: expect.any(Number),
          column: expect.any(Number),
        }),
      ]),
    );
  });

  it('gives what pipelines read', async () => {
    const report = async (format: string): Promise<string> => {
      const { code, stdout } = await cli(['lint', '--format', format, 'examples/broken', 'examples/practice']);
      expect(code).toBe(2);
      return stdout;
    };
    expect(JSON.parse(await report('sarif'))).toMatchObject({
      runs: [{ tool: { driver: { version: manifest.version } }, results: expect.any(Array) }],
    });
    expect(await report('junit')).toMatch(
      /^<\?xml[^]*<failure type="error"[^]*name="no findings"[^]*<\/testsuites>\n$/,
    );
    expect(await report('github')).toMatch(/^::error file=examples\/broken\/cluster\.k3s\.yaml,line=\d+/);
    expect(JSON.parse(await report('gitlab'))).toContainEqual(expect.objectContaining({ severity: 'major' }));
    expect(await cli(['lint', '--format', 'github', 'examples/practice'])).toMatchObject({ code: 0, stdout: '' });
    expect(await cli(['lint', '--format', 'xml', 'examples'])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('--format is text, json, sarif, junit, github or gitlab'),
    });
  });

  it.skipIf(process.platform !== 'linux')('is in color on a terminal, as wide as that', async () => {
    const onTerminal = (env: string): string =>
      execFileSync(
        'script',
        ['-qec', `stty cols 70; ${env} "${process.execPath}" dist/cli.js lint examples/broken`, '/dev/null'],
        {
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], TERM: 'xterm' },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
    const shown = failing(() => onTerminal(''));
    expect(shown).toContain('\u001b[31merror\u001b[0m');
    // eslint-disable-next-line no-control-regex
    const lines = shown.replace(/\u001b\[\d+m/g, '').split('\r\n');
    expect(lines.filter((line) => line.length > 70 && /\S \S/.test(line.trim()))).toEqual([]);
    expect(failing(() => onTerminal('NO_COLOR=1'))).not.toContain('\u001b');
  });

  it('tells its version', async () => {
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('fails on information only when asked to be strict', async () => {
    const single = file(
      'single.k3s.yaml',
      'apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: lab}\nk3s: {version: v1.36.3+k3s1}\ntoken: ${secret:t}\nservers: {nodes: [{host: 10.0.0.1}]}\nagents: {nodes: [{host: 10.0.0.2}]}\n',
    );
    expect(await cli(['lint', single])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(' info single-server '),
    });
    expect((await cli(['lint', '--strict', single])).code).toBe(2);
  });

  it.each([
    ['text that is no YAML', 'a: [1, 2\nb: }\n'],
    ['a tab', 'apiVersion: k3s-ha/v1\nservers:\n\tnodes: []\n'],
    [
      'a YAML bomb',
      `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefgh'
        .split('')
        .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefg'[i]}`).join(', ')}]`)
        .join('\n')}\n`,
    ],
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

  it('answers wrong usage with the problem and one line that tells more, and a question for help on standard output', async () => {
    expect(await cli(['lnt', 'x'])).toEqual({
      code: 10,
      stdout: '',
      stderr: 'There is no command "lnt"; did you mean "lint"?\n  Next: k3s-ha --help\n',
    });
    expect(await cli(['lint', '--fux', 'x'])).toEqual({
      code: 10,
      stdout: '',
      stderr: 'lint has no option --fux; did you mean --fix?\n  Next: k3s-ha lint --help\n',
    });
    expect(await cli(['lint', '--help'])).toEqual({
      code: 0,
      stdout: expect.stringContaining('k3s-ha lint --strict clusters/'),
      stderr: '',
    });
  });

  it('searches folders, and skips what is no YAML', async () => {
    const { code, stdout, stderr } = await cli(['lint', 'examples', 'README.md']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^examples\/broken\/cluster\.k3s\.yaml:/m);
    expect(stdout).toMatch(/^examples\/tutorials\/aliyun-slb-rds\/cluster\.k3s\.yaml:/m);
    expect(stdout).not.toMatch(/^examples\/embedded-etcd\/.* error /m);
    expect(stdout).toMatch(/^examples\/embedded-etcd\/.* in-other-file 10\.0\.0\.100 is the fixed address of /m);
    expect(stderr).toMatch(/findings in \d+ of \d+ files \(1 file that is no YAML skipped\)/);
  });

  it('ends with 10 for a folder without cluster files', async () => {
    mkdirSync(path.join(folder, 'empty'), { recursive: true });
    expect(await cli(['lint', path.join(folder, 'empty')])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('There is no cluster file in'),
    });
  });

  it('makes rules louder, quieter or silent', async () => {
    const pair = file(
      'pair.k3s.yaml',
      'apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: lab}\nk3s: {version: v1.36.3+k3s1}\ndatastore: {type: embedded-etcd}\ntoken: ${secret:t}\nservers: {nodes: [{host: 10.0.0.1}, {host: 10.0.0.2}]}\n',
    );
    expect(await cli(['lint', pair])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining(' error etcd-two-servers '),
    });
    expect(await cli(['lint', '--rule', 'etcd-two-servers=info', pair])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(' info etcd-two-servers '),
    });
    expect((await cli(['lint', '--rule', 'etcd-two-servers=off', pair])).stdout).not.toContain('etcd-two-servers');
    expect(await cli(['lint', '--rule', 'etcd-two-server=off', pair])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('did you mean "etcd-two-servers"?'),
    });
    expect(await cli(['lint', '--rule', 'etcd-two-servers=loud', pair])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('error, warning, info, hint, off'),
    });
  });

  it('heeds ignore comments and reports those without effect', async () => {
    const ignoring = file(
      'ignoring.k3s.yaml',
      '# k3s-ha-ignore-file etcd-two-servers, plaintext-secret\napiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: lab}\nk3s: {version: v1.36.3+k3s1}\ndatastore: {type: embedded-etcd}\ntoken: ${secret:t}\nservers: {nodes: [{host: 10.0.0.1}, {host: 10.0.0.2}]}\n',
    );
    const { code, stdout } = await cli(['lint', ignoring]);
    expect(code).toBe(2);
    expect(stdout).toContain(
      'ignoring.k3s.yaml:1:40 warning unused-ignore There is no finding of plaintext-secret in this file',
    );
    expect(stdout).not.toContain(' etcd-two-servers ');
  });

  it('saves what can be mended without looking', async () => {
    const broken = file('mend.k3s.yaml', readFileSync('examples/broken/cluster.k3s.yaml', 'utf8'));
    const { stdout, stderr } = await cli(['lint', '--fix', broken]);
    expect(stderr).toContain('mend.k3s.yaml: Add 10.0.0.100 to tls-san of every server');
    expect(stdout).not.toContain(' endpoint-not-in-tls-san ');
    expect(stdout).toContain(' duplicate-host-address ');
    expect(readFileSync(broken, 'utf8')).toContain('10.0.0.100');
  });
});
