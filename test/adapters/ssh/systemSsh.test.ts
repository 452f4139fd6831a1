import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort, startSshd, writeKnownHosts, type Sshd } from './support/sshd';
import { createWorkplace, eventually, failure, output, shell, target, USER, type Workplace } from './support/workplace';

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => place.close());

async function known(options: Parameters<typeof startSshd>[1]): Promise<Sshd> {
  const sshd = await startSshd(place, options);
  writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
  return sshd;
}

/** Signs the key so that it may log in as this user where `authority` is trusted. */
function certify(authority: string, key: string): void {
  execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'alice', '-n', USER, `${key}.pub`]);
}

const SAID = 'is reached by the system';

test('a host behind a ProxyCommand of the own ssh_config is reached, by itself', async () => {
  const sshd = await startSshd(place, { authorized: [place.key('mine')] });
  writeKnownHosts(place, sshd.knownHostsLine('ed25519').replace(/^\S+/, 'inside'));
  const relay = place.file(
    'relay.js',
    'const s=require("net").connect(+process.argv[2],"127.0.0.1");process.stdin.pipe(s).pipe(process.stdout);',
  );
  place.file(
    '.ssh/config',
    `Host inside\n  ProxyCommand ${process.execPath} ${relay} ${sshd.port}\n  IdentityFile ${join(place.home, 'mine')}\n`,
  );
  const hosts = place.hosts();
  expect(output(await hosts.run(target('inside'), shell('cat', { stdin: 'through it' }))).stdout).toBe('through it');
  expect(place.said.join('\n')).toContain(`${USER}@inside ${SAID}'s ssh: a ProxyCommand leads there.`);
  expect(failure(place, await hosts.run(target('inside', { client: 'builtin' }), shell('true')))).toMatchObject({
    code: 'ssh-proxy-command',
  });
});

test('a certificate beside a key of the cluster file logs in, where the plain key would not', async () => {
  const authority = place.key('authority');
  certify(authority, place.key('mine'));
  const sshd = await known({ config: [`TrustedUserCAKeys ${authority}.pub`] });
  const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] });
  output(await place.hosts().run(at, shell('true')));
  expect(place.said.join('\n')).toContain(`${SAID}'s ssh: ${place.home}/mine-cert.pub is a certificate.`);
  const plain = { ...at, ssh: { ...at.ssh, client: 'builtin' as const } };
  expect(failure(place, await place.hosts().run(plain, shell('true'))).code).toMatch(/^ssh-(auth-failed|key-)/);
});

test('the connection that a person has open is used where nobody could log in anew, and goes on afterwards', async () => {
  const sshd = await known({ authorized: [place.key('one-time')] });
  const config = place.file('.ssh/config', `Host *\n  ControlPath ${place.home}/cm-%C\n`);
  const ssh = (...args: readonly string[]): string =>
    execFileSync('ssh', ['-F', config, '-p', String(sshd.port), '-l', USER, ...args, '127.0.0.1'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  ssh('-M', '-f', '-N', '-i', join(place.home, 'one-time'), '-o', `UserKnownHostsFile=${place.home}/.ssh/known_hosts`);
  place.atEnd(async () => void ssh('-O', 'exit'));
  const hosts = place.hosts();
  const at = target('127.0.0.1', { port: sshd.port });
  expect(output(await hosts.run(at, shell('cat', { stdin: 'shared' }))).stdout).toBe('shared');
  expect(place.said.join('\n')).toContain(`${SAID}'s ssh: your own ssh is connected there and shares that`);
  await hosts.dispose();
  expect(sshd.log().match(/Accepted publickey/g)).toHaveLength(1);
  expect(ssh('-O', 'check')).toBe('');
  expect(
    failure(place, await place.hosts().run(target('127.0.0.1', { port: sshd.port, client: 'builtin' }), shell('true')))
      .code,
  ).toMatch(/^ssh-auth-failed/);
});

test('a shared connection that is the same for every host, or that nobody holds any more, is not taken', async () => {
  const sshd = await known({ authorized: [place.key('mine')] });
  const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] });
  const listeners = [createServer().listen(join(place.home, 'one-for-all'))];
  place.atEnd(async () => void listeners.forEach((listener) => listener.close()));
  for (const path of ['one-for-all', 'gone-%C']) {
    place.file('.ssh/config', `Host *\n  ControlPath ${place.home}/${path}\n`);
    output(await place.hosts().run(at, shell('true')));
  }
  expect(place.said.join('\n')).not.toContain(SAID);
});

test('a host whose key only an authority vouches for (@cert-authority) is known without a question', async () => {
  const authority = place.key('host-authority');
  const sshd = await startSshd(place, { authorized: [place.key('mine')], hostCertificate: authority });
  const trusted = readFileSync(`${authority}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  writeKnownHosts(place, `@cert-authority [127.0.0.1]:* ${trusted}`);
  place.answer.hostKey = 'reject';
  const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] });
  output(await place.hosts().run(at, shell('true')));
  expect(place.keyQuestions).toEqual([]);
  expect(place.said.join('\n')).toContain(`${SAID}'s ssh: an authority of your known_hosts (@cert-authority)`);
});

test('where the built-in client can do it, no ssh logs in', async () => {
  const sshd = await known({ authorized: [place.key('mine')] });
  output(await place.hosts().run(target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] }), shell('true')));
  expect(place.said.join('\n')).not.toContain(SAID);
  expect(sshd.log()).not.toContain('OpenSSH_for');
});

test('the connection ends with the session, and leaves no process, socket or folder', async () => {
  const sshd = await known({ authorized: [place.key('mine')] });
  const tmp = join(place.home, 'tmp');
  place.file('tmp/here', '');
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = tmp;
  place.atEnd(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  const hosts = place.hosts();
  const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], client: 'openssh' });
  output(await hosts.run(at, shell('true')));
  const folder = readdirSync(tmp).find((name) => name.startsWith('k3s-ha-'));
  expect(folder).toBeDefined();
  const control = readdirSync(join(tmp, folder ?? ''))[0] ?? '';
  const isMaster = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(folder ?? '', control));
    } catch {
      return false;
    }
  };
  const masters = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isMaster(name));
  expect(masters()).toHaveLength(1);
  await hosts.dispose();
  expect(readdirSync(tmp)).toEqual(['here']);
  await eventually(() => expect(masters()).toEqual([]));
});

test('a full agent does not use up the attempts of a host before the key that the cluster file names', async () => {
  await place.agent(...Array.from({ length: 5 }, (_, i) => place.key(`other-${i}`)));
  const sshd = await known({ authorized: [place.key('mine')], config: ['MaxAuthTries 3'] });
  const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], client: 'openssh' });
  output(await place.hosts().run(at, shell('true')));
});

test.each(['builtin', 'openssh'] as const)(
  'too many keys: told after one login, with those that were tried (%s)',
  async (client) => {
    await place.agent(...Array.from({ length: 5 }, (_, i) => place.key(`other-${i}`)));
    const sshd = await known({
      authorized: [place.key('.ssh/id_ed25519')],
      config: ['MaxAuthTries 3', 'MaxStartups 2'],
    });
    const problem = failure(
      place,
      await place.hosts().run(target('127.0.0.1', { port: sshd.port, client }), shell('true')),
    );
    expect(problem.code).toBe('ssh-auth-failed');
    expect(problem.why).toMatch(/Too many authentication failures/i);
    expect(problem.why).toContain('agent key other-0, agent key other-1, agent key other-2');
    expect(problem.nextSteps[0]).toMatch(/^Offer fewer keys/);
    await eventually(() => expect(sshd.log().match(/Too many authentication failures/g)).toHaveLength(1));
  },
);

test('a password is not given to the system’s ssh: that is said, and the password is not', async () => {
  const sshd = await known({ config: ['PasswordAuthentication yes'] });
  const password = place.keepSecret('s3cret-of-mine');
  const at = target('127.0.0.1', { port: sshd.port, client: 'openssh', password });
  const problem = failure(place, await place.hosts().run(at, shell('true')));
  expect(problem.code).toBe('ssh-auth-failed');
  expect(problem.nextSteps.join(' ')).toContain('is given no password and no passphrase');
});

test('an unknown host key is shown as ssh sees it; a refused one logs nobody in, an accepted one is remembered', async () => {
  const sshd = await startSshd(place, { authorized: [place.key('mine')] });
  const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], client: 'openssh' });
  place.answer.hostKey = 'reject';
  expect(failure(place, await place.hosts().run(at, shell('true'))).code).toBe('ssh-host-key-rejected');
  expect(sshd.log()).not.toContain('Accepted publickey');
  place.answer.hostKey = 'accept';
  output(await place.hosts().run(at, shell('true')));
  const printed = execFileSync('ssh-keygen', ['-lf', `${sshd.hostKey('ed25519')}.pub`], { encoding: 'utf8' });
  expect(printed).toContain(place.keyQuestions[1]?.fingerprint);
  expect(readFileSync(join(place.home, '.ssh', 'known_hosts'), 'utf8')).toContain(sshd.knownHostsLine('ed25519'));
});

test('a key of the cluster file that a link leads out of its folder is not offered', async () => {
  const sshd = await known({ authorized: [place.key('.ssh/id_private')] });
  place.file('repository/x', '');
  execFileSync('ln', ['-s', join(place.home, '.ssh', 'id_private'), join(place.home, 'repository', 'deploy')]);
  const hosts = place.hosts({}, { baseDir: join(place.home, 'repository') });
  const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['deploy'], client: 'openssh' });
  const problem = failure(place, await hosts.run(at, shell('true')));
  expect(problem.code).toBe('ssh-key-unreadable');
  expect(sshd.log()).not.toContain('Accepted publickey');
});

test('a program that only looks like ssh in the folder of the cluster file is never run', async () => {
  place.file('ssh', `#!/bin/sh\ntouch ${place.home}/ran\n`, 0o755);
  place.env['PATH'] = `.:${place.env['PATH'] ?? ''}`;
  const at = target('127.0.0.1', { port: await freePort(), client: 'openssh' });
  expect(failure(place, await place.hosts().run(at, shell('true'))).code).toBe('ssh-port-refused');
  expect(existsSync(join(place.home, 'ran'))).toBe(false);
});
