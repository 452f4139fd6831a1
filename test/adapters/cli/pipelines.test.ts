import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import manifest from '../../../package.json';

const ROOT = path.join(import.meta.dirname, '../../..');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-pipelines-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly said: string;
}
const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended => {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { code: status, said: `${stdout}${stderr}` };
};

describe('the package for npm', () => {
  it('has the command line and nothing else, and lints where it is installed', () => {
    const tarball = path.join(ROOT, `k3s-ha-${manifest.version}.tgz`);
    if (!existsSync(tarball)) throw new Error(`${tarball} does not exist. Run: npm run package`);
    const place = path.join(folder, 'installed');
    mkdirSync(place);
    writeFileSync(path.join(place, 'package.json'), '{}');
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball], {
      cwd: place,
    });
    const own = path.join(place, 'node_modules', 'k3s-ha');
    expect(readdirSync(own).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    expect(readdirSync(path.join(own, 'dist')).sort()).toEqual([
      'archives.js',
      'cli.js',
      'databases.js',
      'imports.js',
      'kube.js',
      'l10n',
      'objects.js',
      'practice.js',
      'releases.js',
      'ssh.js',
    ]);
    const program = path.join(place, 'node_modules', '.bin', 'k3s-ha');
    expect(run(program, ['lint', 'examples/practice'])).toEqual({ code: 0, said: '1 file, no findings\n' });
    expect(run(program, ['lint', 'examples/broken']).code).toBe(2);
    expect(run(program, ['--version']).said).toBe(`${manifest.version}\n`);
  });
});

describe('the hooks for pre-commit', () => {
  interface Hook {
    readonly id: string;
    readonly entry: string;
    readonly args?: readonly string[];
    readonly files: string;
  }
  const hooks = parse(readFileSync(path.join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as readonly Hook[];
  /** What pre-commit does with a hook of language system: entry, args and the files of the commit that match. */
  const commit = (id: string, ...files: string[]): Ended => {
    const hook = hooks.find((each) => each.id === id);
    if (hook === undefined) throw new Error(`there is no hook ${id}`);
    const meant = files.filter((file) => new RegExp(hook.files).test(file));
    const launcher = path.join(folder, 'k3s-ha');
    writeFileSync(launcher, `#!/bin/sh\nexec "${process.execPath}" "${ROOT}/dist/cli.js" "$@"\n`);
    chmodSync(launcher, 0o755);
    const [program = '', ...args] = [...hook.entry.split(' '), ...(hook.args ?? []), ...meant];
    return run(program, args, { PATH: `${folder}:${process.env['PATH']}` });
  };

  it.skipIf(process.platform === 'win32')('let a good cluster file pass and stop a bad one', () => {
    const good = 'examples/haproxy-keepalived/cluster.k3s.yaml';
    expect(commit('k3s-ha-lint', 'README.md', good, 'package.json')).toEqual({
      code: 0,
      said: '1 file, no findings\n',
    });
    expect(commit('k3s-ha-lint', 'examples/broken/cluster.k3s.yaml', good)).toMatchObject({
      code: 2,
      said: expect.stringContaining('error endpoint-not-in-tls-san'),
    });
    expect(commit('k3s-ha-survive', good, 'examples/kube-vip/cluster.k3s.yaml').code).toBe(0);
  });
});

describe('the action for GitHub', () => {
  interface Step {
    readonly run?: string;
    readonly if?: string;
    readonly env?: Readonly<Record<string, string>>;
  }
  const action = parse(readFileSync(path.join(ROOT, 'action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly runs: { readonly steps: readonly Step[] };
  };
  /** What the runner does: each step with a script, its expressions filled in, until one fails. */
  const act = (inputs: Readonly<Record<string, string>>): Ended => {
    const value = (name: string): string => inputs[name] ?? action.inputs[name]?.default ?? `no input ${name}`;
    let all = '';
    for (const { run: script, if: when, env = {} } of action.runs.steps) {
      if (script === undefined) continue;
      expect(script).not.toContain('${{');
      const name = /^inputs\.(\w+) != ''$/.exec(when ?? '')?.[1];
      if (when !== undefined && name !== undefined && value(name) === '') continue;
      const filled = Object.entries(env).map(([key, text]) => [
        key,
        text.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, input: string) => value(input)),
      ]);
      const { code, said } = run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
        ...Object.fromEntries(filled),
        GITHUB_ACTION_PATH: ROOT,
      });
      all += said;
      if (code !== 0) return { code, said: all };
    }
    return { code: 0, said: all };
  };

  it.skipIf(process.platform === 'win32')(
    'marks findings, writes reports, and is red when availability is lost',
    () => {
      expect(act({ paths: 'examples/practice examples/haproxy-keepalived' })).toEqual({
        code: 0,
        said: '2 files, no findings\n',
      });
      expect(act({ paths: 'examples/broken' })).toMatchObject({
        code: 2,
        said: expect.stringMatching(/^::error file=examples\/broken\/cluster\.k3s\.yaml,line=/m),
      });
      const report = path.join(folder, 'k3s-ha.sarif');
      expect(act({ paths: 'examples/broken', format: 'sarif', output: report }).code).toBe(2);
      expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ version: '2.1.0' });
      const mysql = 'examples/mysql-slb/cluster.k3s.yaml';
      expect(act({ paths: mysql, require: 'any-server' })).toMatchObject({
        code: 0,
        said: expect.stringContaining('holds any-server'),
      });
      expect(act({ paths: mysql, require: 'balancer' })).toMatchObject({
        code: 2,
        said: expect.stringContaining('fails balancer'),
      });
      expect(act({ paths: '$(touch /tmp/x)' }).code).toBe(10);
    },
  );
});
