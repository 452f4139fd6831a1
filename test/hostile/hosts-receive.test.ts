import { localFolder } from '../support/localFiles';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSshHosts } from '../../src/adapters/ssh/hosts';
import { err, ok } from '../../src/core/base/result';
import { problem } from '../../src/core/base/problem';
import { renderConfig } from '../../src/core/cluster/configFile';
import { readFile, writeFile } from '../../src/core/remote/file';
import { installK3s } from '../../src/core/remote/install';
import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import type { ClusterNode } from '../../src/core/cluster/cluster';
import { normalise } from '../../src/core/cluster/normalise';
import type { RemoteHosts } from '../../src/engine/ports';
import { preparePlan } from '../../src/engine/run/prepare';
import { contextOf, findingsOf } from '../golden/rules/goldenFile';
import { sha256 } from '../../src/adapters/system/sha256';
import { agreedDoor } from '../support/agreedDoor';
import { fastClock } from '../support/clock';
import { reachableScripts } from '../support/installScripts';
import { freshHost } from '../support/cluster';
import { killGroup, shellHost, type ShellHost } from '../support/shellHost';

const SECRET = 'pr0xy-passw0rd';
const CERTIFICATE =
  '-----BEGIN CERTIFICATE-----\nMIIBdzCCAR2gAwIBAgIBADAKBggqhkjOPQQDAjAj\n-----END CERTIFICATE-----\n';

const cleanups: (() => void)[] = [];
afterEach(() =>
  cleanups
    .splice(0)
    .reverse()
    .forEach((cleanup) => cleanup()),
);

function hostWith(shell: string): ShellHost {
  const host = shellHost(shell);
  cleanups.push(() => host.remove());
  return host;
}

const install = (env: Record<string, string>): RemoteCommand<void> =>
  installK3s({ role: 'server', env }, { url: 'https://get.k3s.io', sha256: sha256(DELIVERED) }, [SECRET]);

/** An install script that writes down what it was given. */
const DELIVERED = 'env -0 > "$HOST/seen"; echo "$#:$*" > "$HOST/words"; cat > "$HOST/input"\n';
const CURL = `printf '%s' '${DELIVERED}'`;

function seen(host: ShellHost): Record<string, string> {
  const entries = readFileSync(join(host.folder, 'seen'), 'utf8')
    .split('\0')
    .filter((entry) => entry !== '');
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

/** A plan over hosts that answer the probe and take down every other text that they get. */
async function planOf(k3s: object, secrets: Record<string, string>) {
  const cluster = normalise({
    metadata: { name: 'edge' },
    k3s: { version: 'v1.36.3+k3s1', ...k3s },
    token: '${secret:token}',
    servers: { nodes: [{ host: '10.0.0.11', name: 'server-1' }] },
  });
  const received: string[] = [];
  const hosts = {
    mask: (text: string) => text,
    run: async (target: { id: string }, command: RemoteCommand<unknown>) => {
      received.push(...command.args, String(command.stdin ?? ''));
      if (command.script.id !== 'probe')
        return { kind: 'failed', problem: problem('not-asked', 'This host tells facts only') };
      return { kind: 'done', value: freshHost(target.id) };
    },
  } as unknown as RemoteHosts;
  const resolve = async (text: string) => {
    const value = { '${secret:token}': 'a-long-enough-token', ...secrets }[text];
    return value === undefined ? err(problem('missing', text)) : ok(value);
  };
  const { plan } = await preparePlan(cluster, {
    hosts,
    secrets: agreedDoor({ resolve }),
    clock: fastClock(),
    sha256: (text) => text,
    scripts: reachableScripts(),
    ...localFolder(),
    parallel: 1,
  });
  return { plan, received: received.join('\n') };
}

describe('M9: the environment of the install script', () => {
  it('M9: a second line never becomes a variable of its own: the editor marks it, the plan refuses it', async () => {
    const env = 'k3s: {version: v1.36.3+k3s1, install: {env: {NO_PROXY: "10.0.0.0/8\\nPATH=/tmp/evil"}}}';
    const text = `apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: edge}\n${env}\nservers: {nodes: [{host: 10.0.0.11}]}\n`;
    const found = findingsOf(contextOf(text)).filter(({ finding }) => finding.severity === 'error');
    expect(found.map(({ line, finding }) => [line, finding.ruleId])).toEqual([[4, 'value-not-sendable']]);

    const { plan } = await planOf({ install: { env: { NO_PROXY: '10.0.0.0/8\nPATH=/tmp/evil' } } }, {});
    expect(plan.steps).toEqual([]);
    expect(plan.problems).toMatchObject([
      {
        code: 'environment-not-sendable',
        message: expect.stringContaining('NO_PROXY'),
        why: expect.stringContaining('line end'),
      },
    ]);
  });

  it('M9: a certificate behind a reference is refused in words, and no host gets a byte of it', async () => {
    const { plan, received } = await planOf(
      { install: { env: { PROXY_CA: '${secret:ca}' } } },
      { '${secret:ca}': CERTIFICATE },
    );
    expect(plan.steps).toEqual([]);
    expect(plan.problems[0]).toMatchObject({
      code: 'environment-not-sendable',
      message: expect.stringContaining('PROXY_CA'),
    });
    expect(plan.problems[0]?.nextSteps.join(' ')).toContain('certificate');
    expect(JSON.stringify(plan) + received).not.toContain('MIIBdzCC');
  });

  it.each([
    ['the release', { version: 'v1.36.3+k3s1\nPATH=/tmp/evil' }],
    ['the channel', { version: undefined, channel: 'stable\nPATH=/tmp/evil' }],
    ['a name', { install: { env: { 'A\nPATH': '/tmp/evil' } } }],
    ['a name with a dash', { install: { env: { 'A-B': 'x' } } }],
    ['a carriage return', { install: { env: { A: 'x\rPATH=/tmp/evil' } } }],
    ['a NUL', { install: { env: { A: 'x\0y' } } }],
  ])('M9: %s adds no line either', async (_, k3s) => {
    const { plan } = await planOf(k3s, {});
    expect(plan.steps).toEqual([]);
    expect(plan.problems.map(({ code }) => code)).toContain('environment-not-sendable');
  });

  it('M9: a second line of the channel is part of its address, and no variable', async () => {
    const { plan, received } = await planOf({ version: undefined, channel: 'stable\nPATH=/tmp/evil' }, {});
    expect(received).toContain('https://update.k3s.io/v1-release/channels/stable%0APATH%3D%2Ftmp%2Fevil');
    expect(received + JSON.stringify(plan.steps)).not.toMatch(/^PATH=/m);
  });

  it('M9: a NUL in an option of K3s is refused as well, wherever it comes from', async () => {
    const { plan } = await planOf({}, { '${secret:token}': 'half\0token' });
    expect(plan.steps).toEqual([]);
    expect(plan.problems).toMatchObject([
      { code: 'option-not-sendable', message: expect.stringContaining('token'), why: expect.stringContaining('NUL') },
    ]);
  });

  it.each([
    ['a path with a NUL', readFile('/etc/rancher/k3s/k3s.yaml\0.txt')],
    ['half a surrogate pair', writeFile('/etc/rancher/k3s/config.yaml', '0600', 'token: \ud83d')],
  ])('M9: %s is refused before anything connects, whatever made the command', async (_, command) => {
    const quiet = (): void => undefined;
    const log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
    const secrets = agreedDoor({ resolve: async (text) => err(problem('missing', text)) });
    const prompter = { confirmHostKey: async () => 'reject' as const, askSecret: async () => undefined };
    const hosts = createSshHosts({ secrets, prompter, log, baseDir: '/', homeDir: '/', env: {} });
    const outcome = await hosts.run(
      { id: 'server-1', host: '127.0.0.1', ssh: { port: 1, identityFiles: [] } },
      command as RemoteCommand<unknown>,
    );
    await hosts.dispose();
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code: 'command-not-sendable', host: 'server-1' } });
  });

  it('M9: what gets past the plan is not sent: the command cannot be made', () => {
    expect(() => install({ A: 'x\nPATH=/tmp/evil' })).toThrow('line end');
    expect(() => install({ 'A;B': 'x' })).toThrow('no name');
  });
});

describe.each(['/bin/dash', '/bin/bash'])('scripts under %s', (shell) => {
  const ODD = {
    INSTALL_K3S_SKIP_START: 'true',
    HTTPS_PROXY: `http://user:${SECRET}@proxy:3128/?a=b&c='d' "e" $(id) \`id\` \\n *`,
    EMPTY: '',
    SPACES: '  two  ',
    base: '/tmp/elsewhere',
    rc: '7',
    IFS: '/',
  };

  it('M9: gives every value to the installer as it stands in the file, and none of them moves the script', async () => {
    const host = hostWith(shell);
    host.program('curl', CURL);
    expect(await host.run(install(ODD))).toMatchObject({ exitCode: 0 });
    const { IFS: _reset, ...kept } = ODD; // every shell sets IFS anew
    expect(seen(host)).toMatchObject(kept);
    expect(readFileSync(join(host.folder, 'words'), 'utf8')).toBe('1:server\n');
    expect(readFileSync(join(host.folder, 'input'), 'utf8')).toBe('');
    expect(host.filesWith(SECRET)).toEqual([join(host.folder, 'seen')]);
    expect(readdirSync(join(host.folder, 'state')).sort()).toEqual([
      'install.inputs',
      'install.lock',
      'install.log',
      'install.pid',
      'install.rc',
      'install.sh',
    ]);
  });

  it('M9: leaves no secret behind when it is killed while the environment arrives', async () => {
    const host = hostWith(shell);
    const child = host.start(install(ODD));
    child.stdin?.write(`HTTPS_PROXY=${SECRET}`);
    const arrived = (): string =>
      fileOf(child.pid, 3).endsWith('(deleted)') ? readFileSync(`/proc/${child.pid}/fd/4`, 'utf8') : '';
    await expect.poll(arrived).toContain(SECRET);
    expect(host.filesWith(SECRET)).toEqual([]);
    const ended = new Promise((resolve) => child.on('close', resolve));
    killGroup(child.pid);
    await ended;
    expect(host.filesWith(SECRET)).toEqual([]);
  });

  it('M9: leaves no secret behind when it is killed while it downloads', async () => {
    const host = hostWith(shell);
    execFileSync('mkfifo', [join(host.folder, 'never')]);
    host.program('curl', 'echo downloading >> "$HOST/curl.log"; cat "$HOST/never"');
    const running = host.run(install(ODD));
    await expect.poll(() => host.filesWith('downloading').length).toBe(2);
    killGroup(Number(readFileSync(join(host.folder, 'state/install.pid'), 'utf8')));
    expect(await running).toMatchObject({ exitCode: 98, stderr: expect.stringContaining('interrupted') });
    expect(host.filesWith(SECRET)).toEqual([]);
  });

  it('M9: removes what an earlier run has left behind, links and folders included', async () => {
    const host = hostWith(shell);
    host.program('curl', CURL);
    const state = join(host.folder, 'state');
    mkdirSync(join(state, 'install.rc'), { recursive: true });
    writeFileSync(join(host.folder, 'precious'), 'precious');
    symlinkSync(join(host.folder, 'precious'), join(state, 'install.env'));
    expect(await host.run(install(ODD))).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(host.folder, 'precious'), 'utf8')).toBe('precious');
    expect(host.filesWith(SECRET)).toEqual([join(host.folder, 'seen')]);
  });

  it('M9: runs nothing with half of an environment, as a lost connection leaves it', async () => {
    const host = hostWith(shell);
    host.program('curl', CURL);
    const whole = install(ODD);
    const cut = { ...whole, stdin: String(whole.stdin ?? '').slice(0, 40) };
    expect(await host.run(cut)).toMatchObject({
      exitCode: 1,
      stderr: "only a part of the installation's inputs arrived\n",
    });
    expect(existsSync(join(host.folder, 'seen'))).toBe(false);
  });

  it('L13: a folder in place of the file is refused, and nothing is put into it', async () => {
    const host = hostWith(shell);
    const path = join(host.folder, 'config.yaml');
    mkdirSync(path);
    const command = writeFile(path, '0600', `token: ${SECRET}\n`);
    const output = await host.run(command);
    expect(output).toMatchObject({ exitCode: 1, stderr: `${path} is a folder\n` });
    expect(command.parse(output)).toMatchObject({
      ok: false,
      error: { code: 'write-failed', nextSteps: [expect.stringContaining('move it away')] },
    });
    expect(host.filesWith(SECRET)).toEqual([]);
    expect(readdirSync(host.folder).sort()).toEqual(['bin', 'config.yaml']);
  });

  it('L13: a link to a folder is refused, a link to a file is replaced and the file that it led to stays', async () => {
    const host = hostWith(shell);
    mkdirSync(join(host.folder, 'elsewhere'));
    symlinkSync('elsewhere', join(host.folder, 'folder'));
    expect(await host.run(writeFile(join(host.folder, 'folder'), '0600', SECRET))).toMatchObject({ exitCode: 1 });
    expect(readdirSync(join(host.folder, 'elsewhere'))).toEqual([]);

    writeFileSync(join(host.folder, 'old.yaml'), 'old');
    symlinkSync('old.yaml', join(host.folder, 'config.yaml'));
    expect(await host.run(writeFile(join(host.folder, 'config.yaml'), '0600', 'new'))).toMatchObject({ exitCode: 0 });
    expect(['old.yaml', 'config.yaml'].map((name) => readFileSync(join(host.folder, name), 'utf8'))).toEqual([
      'old',
      'new',
    ]);
  });
});

describe('L3: config.yaml', () => {
  const cluster = (value: string) =>
    normalise({
      metadata: { name: 'edge' },
      token: value,
      servers: { nodes: [{ host: '10.0.0.11' }], config: { 'node-label': [value], [value]: 'x' } },
    });
  const written = (value: string): string => {
    const one = cluster(value);
    return renderConfig(one, one.servers[0] as ClusterNode, { kind: 'found' });
  };

  it.each([
    '0o17',
    '0B1',
    '0X1f',
    '1e3_',
    '8e_30',
    '-0b1',
    '+0x1',
    '1_000',
    '.inf',
    'y',
    'Off',
    '~',
    '2001-1-1',
    '<<',
    'a\u2028b',
    'a\u0085b',
    'a\ufeff',
    '\x7f',
    'a\t',
    '\ta\nb',
  ])('L3: %j is quoted as a value, in a list and as a key', (value) => {
    // Double quotes and ASCII are read alike by all: that is JSON.
    const json = JSON.stringify(value).replaceAll(
      /[^ -~]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    expect(written(value)).toContain(`\ntoken: ${json}\n`);
    expect(written(value)).toContain(`\n  - ${json}\n`);
    expect(written(value)).toContain(`\n${json}: x\n`);
  });

  it('L3: what was right before is written as before, so that an upgrade of this tool restarts nothing', () => {
    expect(written('0123456789abcdef')).toContain('\ntoken: 0123456789abcdef\n');
    expect(written('k3s.example.com:6443/a-b_c')).toContain('\ntoken: k3s.example.com:6443/a-b_c\n');
  });

  it('L3: a number that loses digits on the way is marked where it stands', () => {
    const text = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: edge}
k3s: {version: v1.36.3+k3s1, install: {env: {CHANNEL_NUMBER: 1.30}}}
servers:
  config:
    etcd-snapshot-retention: 90071992547409931
  nodes: [{host: 10.0.0.11}]
`;
    expect(
      findingsOf(contextOf(text))
        .filter(({ finding }) => finding.ruleId === 'yaml-ambiguous-scalar')
        .map(({ line }) => line),
    ).toEqual([4, 7]);
  });
});

/** What a descriptor of a process leads to; empty when it is not open. */
function fileOf(pid: number | undefined, descriptor: number): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    return '';
  }
}
