import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readPrivateFile } from '../../src/adapters/secrets/privateFile';
import { shellWord } from '../../src/core/remote/shell';
import type { SshSettings } from '../../src/core/cluster/cluster';
import type { HostTarget, RemoteOutcome } from '../../src/engine/ports';
import { startSshd, writeKnownHosts, type Sshd } from '../adapters/ssh/support/sshd';
import {
  createWorkplace,
  failure,
  output,
  shell,
  target,
  USER,
  type Workplace,
} from '../adapters/ssh/support/workplace';

/** One server for all tests; each test has a home of its own. */
let servers: Workplace;
let sshd: Sshd;
let place: Workplace;
let heard = 0;
beforeAll(async () => {
  servers = createWorkplace();
  sshd = await startSshd(servers, { authorized: [servers.key('mine')] });
});
afterAll(() => servers.close());
beforeEach(() => {
  place = createWorkplace();
  place.file('mine', readFileSync(join(servers.home, 'mine'), 'utf8'));
  place.file('mine.pub', readFileSync(join(servers.home, 'mine.pub'), 'utf8'));
  heard = sshd.log().length;
});
afterEach(() => place.close());

const accepted = (): boolean => sshd.log().slice(heard).includes('Accepted');
const own = (): string => join(place.home, '.ssh', 'known_hosts');
const at = (more: Partial<SshSettings> = {}, host = '127.0.0.1'): HostTarget =>
  target(host, { port: sshd.port, identityFiles: ['mine'], ...more });
const reach = (to: HostTarget): Promise<RemoteOutcome<unknown>> => place.hosts().run(to, shell('echo reached'));
const otherKey = (): string =>
  readFileSync(`${place.key(`other-${Math.random()}`)}.pub`, 'utf8')
    .split(' ')
    .slice(0, 2)
    .join(' ');

describe('C3: where host keys are written', () => {
  it.each([
    ['accepted by the person', ''],
    ['accepted by StrictHostKeyChecking accept-new', 'StrictHostKeyChecking accept-new\n'],
    ['accepted by StrictHostKeyChecking no', 'StrictHostKeyChecking no\n'],
  ])(
    'C3: a host named as an option of authorized_keys, behind a jump host, adds no line to it (%s)',
    async (_name, config) => {
      const mine = place.file('.ssh/authorized_keys', 'ssh-ed25519 AAAA mine\n');
      // ssh takes `no-pty` for a host name. The attacker's jump host would connect it to anything; here ssh_config does.
      place.file(
        '.ssh/config',
        `${config}Host no-pty\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  HostKeyAlias no-pty\n`,
      );
      const cluster = {
        port: sshd.port,
        identityFiles: ['mine'],
        proxyJump: `127.0.0.1:${sshd.port}`,
        knownHostsFile: '~/.ssh/authorized_keys',
      };
      output((await place.hosts().run(target('no-pty', cluster), shell('true'))) as never);
      expect(readFileSync(mine, 'utf8')).toBe('ssh-ed25519 AAAA mine\n');
      expect(readFileSync(own(), 'utf8')).toMatch(/^(\[127\.0\.0\.1\]:\d+ ssh-ed25519 \S+\nno-pty ssh-ed25519 \S+\n)$/);
      if (config === '') for (const question of place.keyQuestions) expect(question.rememberedIn).toBe(own());
    },
  );

  it('C3: no file that a cluster file names is made, whatever the path', async () => {
    for (const knownHostsFile of ['new/known_hosts', '${HOME}/made', join(place.home, 'absolute'), '.bashrc']) {
      rmSync(own(), { force: true });
      output((await reach(at({ knownHostsFile }))) as never);
    }
    expect(['new', 'made', 'absolute', '.bashrc'].filter((name) => existsSync(join(place.home, name)))).toEqual([]);
  });

  it.each([
    'no-pty,permitopen="x"',
    'a b',
    '@cert-authority',
    '@revoked',
    '*',
    '!a',
    '|1|c2FsdA==|aGFzaA==',
    '[prod]:2222',
    'a\nb',
    'a\u0000',
    'ä.example',
    '..',
    '../x',
    'a/b',
    'user@host',
    '-oProxyCommand=x',
    '$(id)',
    '`id`',
  ])('C3: %j is no host, for a host and for a jump host', async (name) => {
    const direct = failure(place, await reach(at({}, name)));
    expect(direct.code).toBe('ssh-host-invalid');
    if (!/[@,:\s]/.test(name))
      expect(failure(place, await reach(at({ proxyJump: name }))).code).toBe('ssh-host-invalid');
    expect(existsSync(own())).toBe(false);
    expect(place.keyQuestions).toEqual([]);
  });

  it('C3: the user of a cluster file never reaches the shell of "Match exec", nor a path of ssh_config', async () => {
    place.file(
      '.ssh/config',
      `Match exec "echo %r >> ${place.home}/seen"\n  UserKnownHostsFile ${place.home}/hosts-of-%r\n`,
    );
    for (const user of [
      `$(touch ${place.home}/executed)`,
      '`touch executed`',
      "x'y",
      'x;touch executed',
      '../.bashrc',
      '-x',
      'a b',
      'a\u001b[2J',
      '',
    ]) {
      expect(failure(place, await reach(at({ user }))).code, user).toBe('ssh-user-invalid');
      if (!/[@,\s]/.test(user) && user !== '')
        expect(failure(place, await reach(at({ proxyJump: `${user}@127.0.0.1` }))).code, user).toMatch(
          /^ssh-(user|host)-invalid$/,
        );
    }
    expect(existsSync(join(place.home, 'executed'))).toBe(false);
    expect(
      new Set(readFileSync(join(place.home, 'seen'), 'utf8').trim().split('\n')),
      'asked for the hosts in front of which the jump hosts stand',
    ).toEqual(new Set([USER]));
  });

  it('C3: a list of keys in the repository silences no question, and a path of invisible characters is not asked about', async () => {
    place.answer.hostKey = 'reject';
    const team = place.file('kh', `${sshd.knownHostsLine('ed25519')}\n`);
    expect(failure(place, await reach(at({ knownHostsFile: 'kh' }))).code).toBe('ssh-host-key-rejected');
    expect(place.keyQuestions).toMatchObject([{ vouchedBy: team, rememberedIn: own() }]);
    expect(failure(place, await reach(at({ knownHostsFile: 'kh\u202e\u001b[1A' }))).code).toBe('ssh-path-invalid');
    expect(place.keyQuestions).toHaveLength(1);
    expect(accepted()).toBe(false);
  });
});

it.each([
  String.raw`\\attacker\share\kh`,
  '//attacker/share/kh',
  String.raw`\\.\pipe\kh`,
  '"//attacker/share"',
  '${LOGON}.attacker/share',
  'kh\u0007',
])('C3: %j is no file of this machine, so nobody reads it', async (path) => {
  place.env['LOGON'] = String.raw`\\server`;
  for (const more of [{ knownHostsFile: path }, { identityFiles: [path] }])
    expect(failure(place, await reach(at(more))).code).toBe('ssh-path-invalid');
});

describe('M5: policies of ssh_config', () => {
  it('M5: a key in RevokedHostKeys is refused though known_hosts has it', async () => {
    writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
    place.file('revoked', `${sshd.knownHostsLine('ed25519').split(' ').slice(1).join(' ')}\n`);
    place.file('.ssh/config', 'RevokedHostKeys ~/revoked\n');
    const problem = failure(place, await reach(at()));
    expect(problem.code).toBe('ssh-host-key-revoked');
    expect(problem.why).toContain(join(place.home, 'revoked'));
    expect(accepted()).toBe(false);
  });

  it('M5: a revocation list that nobody can evaluate refuses', async () => {
    writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
    execFileSync('ssh-keygen', ['-q', '-k', '-f', join(place.home, 'krl'), `${place.key('other')}.pub`]);
    place.file('.ssh/config', `RevokedHostKeys ${join(place.home, 'krl')}\n`);
    output((await reach(at())) as never);
    place.env['PATH'] = join(place.home, 'empty');
    const problem = failure(place, await reach(at()));
    expect(problem.code).toBe('ssh-known-hosts-unreadable');
    expect(problem.why).toContain('no ssh-keygen');
  });

  it.each([
    ['ssh -G', true],
    ['our own parser', false],
  ])(
    'M5: a server with SHA-1 signatures only is refused, even a new one with accept-new (%s)',
    async (_name, withSsh) => {
      if (!withSsh) place.env['PATH'] = join(place.home, 'empty');
      const old = await startSshd(place, {
        authorized: [join(place.home, 'mine')],
        hostKeyTypes: ['rsa'],
        config: ['HostKeyAlgorithms ssh-rsa'],
      });
      const to = target('127.0.0.1', { port: old.port, identityFiles: ['mine'] });
      for (const config of ['', 'StrictHostKeyChecking accept-new\n']) {
        place.file('.ssh/config', config);
        expect(failure(place, await reach(to)).code).toBe('ssh-no-common-algorithm');
      }
      place.file('.ssh/config', 'HostKeyAlgorithms +ssh-rsa\n');
      output((await reach(to)) as never);
    },
  );

  it('M5: lists that leave nothing of what is built in are told, with what to allow', async () => {
    for (const [keyword, value] of [
      ['KexAlgorithms', 'sntrup761x25519-sha512@openssh.com'],
      ['MACs', 'umac-128-etm@openssh.com'],
      ['HostKeyAlgorithms', 'ssh-ed25519-cert-v01@openssh.com'],
    ] as const) {
      place.file('.ssh/config', `${keyword} ${value}\n`);
      const problem = failure(place, await reach(at()));
      expect(problem.code).toBe('ssh-algorithms-unsupported');
      expect(problem.nextSteps.join('\n')).toContain(`to ${keyword} for this host`);
    }
    expect(place.keyQuestions).toEqual([]);
  });

  it('M5: what cannot be honoured is said once for a host, and helps no key', async () => {
    place.file(
      '.ssh/config',
      `KnownHostsCommand /bin/echo ${sshd.knownHostsLine('ed25519')}\nVerifyHostKeyDNS yes\nUserKnownHostsFile /dev/null\n`,
    );
    const hosts = place.hosts();
    for (const id of ['a', 'b'])
      output(
        (await hosts.run(
          { ...at(), id, ssh: { ...at().ssh, client: 'builtin', sudoPassword: id } },
          shell('true'),
        )) as never,
      );
    expect(place.keyQuestions.length).toBeGreaterThan(0);
    for (const keyword of ['KnownHostsCommand', 'VerifyHostKeyDNS'])
      expect(place.said.filter((line) => line.startsWith(`${keyword} in ssh_config is not supported`))).toHaveLength(1);
  });
});

describe('L10: lists of keys that cannot be read', () => {
  const broken: readonly [string, (path: string) => void][] = [
    ['a folder', (path) => mkdirSync(path)],
    ['a pipe that nobody fills', (path) => execFileSync('mkfifo', [path])],
    ['larger than 16 MiB', (path) => writeFileSync(path, Buffer.alloc(16 * 1024 * 1024 + 1, '#'))],
    ['below a file', () => undefined],
    ['a loop of links', (path) => execFileSync('ln', ['-s', path, path])],
  ];
  it.each(broken)(
    'L10: %s is no empty known_hosts: the host is refused with the name of the file, accept-new or not',
    async (name, make) => {
      const path = join(place.home, name === 'below a file' ? 'mine/kh' : 'kh');
      make(path);
      const settings: readonly [string, Partial<SshSettings>][] = [
        [`UserKnownHostsFile ${path}`, {}],
        [`GlobalKnownHostsFile ${path}`, {}],
        [`RevokedHostKeys ${path}`, {}],
        ['', { knownHostsFile: path }],
      ];
      for (const [config, more] of settings) {
        place.file('.ssh/config', `StrictHostKeyChecking accept-new\n${config}\n`);
        const problem = failure(place, await reach(at(more)));
        expect(problem.code, config).toBe('ssh-known-hosts-unreadable');
        expect(problem.message, config).toContain(path);
      }
      expect(accepted()).toBe(false);
    },
  );

  it('L10: a missing file and /dev/null are empty', async () => {
    place.file('.ssh/config', `UserKnownHostsFile /dev/null\nGlobalKnownHostsFile ${place.home}/nowhere\n`);
    output((await reach(at({ knownHostsFile: 'nowhere either' }))) as never);
    expect(place.keyQuestions).toHaveLength(1);
  });
});

it.skipIf(process.platform === 'win32')(
  'L11: an ssh in the folder of the cluster file is never run, though PATH names that folder',
  async () => {
    writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
    const project = join(place.home, 'project');
    mkdirSync(join(project, 'bin'), { recursive: true });
    for (const name of ['ssh', 'ssh-keygen', 'bin/ssh'])
      chmodSync(place.file(`project/${name}`, `#!/bin/sh\ntouch ${place.home}/executed\n`), 0o755);
    copyFileSync(join(place.home, 'mine'), join(project, 'mine'));
    chmodSync(join(project, 'mine'), 0o600);
    const before = process.cwd();
    process.chdir(project);
    try {
      place.env['PATH'] = `:.:bin:${process.env['PATH'] ?? ''}`;
      output((await place.hosts({}, { baseDir: project }).run(at(), shell('true'))) as never);
    } finally {
      process.chdir(before);
    }
    expect(existsSync(join(place.home, 'executed'))).toBe(false);
  },
);

describe('L4: commands in advice', () => {
  /** Runs every command of an advice in a shell whose programs only tell their arguments. */
  const words = (text: string): readonly string[][] => {
    mkdirSync(join(place.home, 'told'), { recursive: true });
    for (const name of ['ssh', 'ssh-keygen', 'chmod'])
      chmodSync(place.file(`told/${name}`, '#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done\n'), 0o755);
    return [...text.matchAll(/`((?:ssh|ssh-keygen|chmod) (?:'(?:[^'])*'|\\'|[^`'])*)`/g)].map((match) =>
      execFileSync('sh', ['-c', match[1] ?? ''], {
        cwd: place.home,
        env: { PATH: `${join(place.home, 'told')}:/usr/bin:/bin` },
      })
        .toString()
        .trimEnd()
        .split('\n'),
    );
  };

  it('L4: the command that removes a changed key names a file of any name as one word', async () => {
    const file = place.file("it's `touch executed` $(touch executed).kh", `[127.0.0.1]:${sshd.port} ${otherKey()}\n`);
    const problem = failure(place, await reach(at({ knownHostsFile: file })));
    expect(problem.code).toBe('ssh-host-key-changed');
    expect(words(problem.nextSteps.join('\n'))).toContainEqual(['-R', `[127.0.0.1]:${sshd.port}`, '-f', file]);
    expect(existsSync(join(place.home, 'executed'))).toBe(false);
  });

  it('L4: a key file that is open to others is closed by the advice, whatever it is called', async () => {
    const name = 'my `touch executed` key';
    copyFileSync(join(place.home, 'mine'), join(place.home, name));
    chmodSync(join(place.home, name), 0o644);
    const text = failure(place, await reach(at({ identityFiles: [name] }))).nextSteps.join('\n');
    expect(words(text)).toContainEqual(['600', join(place.home, name)]);
    const secret = await readPrivateFile(place.file("a'b;touch executed", 'x', 0o644), 'The token');
    expect(words(secret.ok ? '' : secret.error.nextSteps.join('\n'))).toEqual([
      ['600', join(place.home, "a'b;touch executed")],
    ]);
    expect(existsSync(join(place.home, 'executed'))).toBe(false);
  });

  it('L4: `ssh -G` with a host that a shell would run is never advised: such a host is none', async () => {
    place.file('.ssh/config', 'Hosst edge\n');
    expect(failure(place, await reach(at({}, 'x`reboot`'))).nextSteps.join('\n')).not.toContain('reboot');
    expect(words(failure(place, await reach(at({}, 'edge'))).nextSteps.join('\n'))).toEqual([['-G', 'edge']]);
  });

  it('L4: plain words stay bare, everything else is one word again', () => {
    for (const word of ['/home/a/.ssh/known_hosts', 'user@10.0.0.1', 'a-b_c.d', '10.0.0.1:6443'])
      expect(shellWord(word)).toBe(word);
    for (const word of ['', ' ', "'", '$(x)', '`x`', '~', '[h]:22', 'a\nb', '*', '#', '-a b', 'ä'])
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`]).toString()).toBe(word);
  });
});
