import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSshd, writeKnownHosts, type Sshd } from './support/sshd';
import { createWorkplace, failure, fingerprintOf, output, shell, target, timed, type Workplace } from './support/workplace';

let place: Workplace;
let sshd: Sshd;
let file: string;
beforeEach(async () => {
  place = createWorkplace();
  sshd = await startSshd(place, { authorized: [place.key('mine')], hostKeyTypes: ['ed25519', 'rsa'] });
  file = join(place.home, '.ssh', 'known_hosts');
});
afterEach(() => place.close());

const run = (host = '127.0.0.1', id = host) => place.hosts().run(target(host, { port: sshd.port, identityFiles: ['mine'] }, id), shell('echo reached'));
const question = (host = '127.0.0.1') => ({ host, port: sshd.port, keyType: 'ssh-ed25519', fingerprint: fingerprintOf(`${sshd.hostKey('ed25519')}.pub`) });

test('asks about an unknown host, writes the accepted key down and does not ask again', async () => {
  rmSync(join(place.home, '.ssh'), { recursive: true });
  output(await run());
  expect(place.keyQuestions).toEqual([question()]);
  expect(readFileSync(file, 'utf8')).toBe(`${sshd.knownHostsLine('ed25519')}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(place.home, '.ssh')).mode & 0o777).toBe(0o700);
  output(await run());
  expect(place.keyQuestions).toHaveLength(1);
  expect(execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${sshd.port}`, '-f', file]).toString()).toContain('ssh-ed25519');
});

test('a rejected key ends the attempt; nothing is sent or written', async () => {
  place.answer.hostKey = 'reject';
  const problem = failure(place, await run('127.0.0.1', 'server-1'));
  expect(problem).toMatchObject({ code: 'ssh-host-key-rejected', host: 'server-1' });
  expect(problem.why).toContain(question().fingerprint);
  expect(existsSync(file)).toBe(false);
  expect(sshd.log()).not.toContain('Accepted');
});

test('parallel connections to one new host ask once and write once', async () => {
  const hosts = place.hosts();
  const outcomes = await Promise.all(['', `ssh-ed25519 unrelated`].map((comment) => hosts.run(target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], sudoPassword: comment }), shell('true'))));
  outcomes.forEach(output);
  expect(sshd.log().match(/Accepted publickey/g), 'two connections').toHaveLength(2);
  expect(place.keyQuestions).toHaveLength(1);
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
});

test('hashes what it writes when HashKnownHosts says so, and ends an unfinished last line first', async () => {
  place.file('.ssh/config', 'Host *\n  HashKnownHosts yes\n');
  place.file('.ssh/known_hosts', '# no line end');
  output(await run());
  const [comment, line] = readFileSync(file, 'utf8').split('\n');
  expect(comment).toBe('# no line end');
  expect(line).toMatch(/^\|1\|[^ ]+ ssh-ed25519 /);
  expect(execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${sshd.port}`, '-f', file]).toString()).toContain('line 2');
});

test('recognizes a file that ssh-keygen has hashed', async () => {
  writeKnownHosts(place, '# mine', 'other.example ssh-ed25519 AAAA', sshd.knownHostsLine('ed25519'));
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
  output(await run());
  expect(place.keyQuestions).toEqual([]);
});

test('offers the key type that is known first: a second type is no unknown host', async () => {
  writeKnownHosts(place, sshd.knownHostsLine('rsa'));
  output(await run());
  expect(place.keyQuestions).toEqual([]);
});

test('refuses a changed key, naming file, line and the command that removes the old one', async () => {
  const other = place.key('other');
  writeKnownHosts(place, '# first line', sshd.knownHostsLine('ed25519').replace(/AAAA\S+/, readFileSync(`${other}.pub`, 'utf8').split(' ')[1] ?? ''));
  const { ms, value } = await timed(run());
  const problem = failure(place, value);
  expect(problem.code).toBe('ssh-host-key-changed');
  expect(problem.why).toContain(`${file}:2`);
  expect(problem.why).toContain(question().fingerprint);
  expect(ms).toBeLessThan(5_000);
  const command = /`(ssh-keygen -R [^`]+)`/.exec(problem.nextSteps.join('\n'))?.[1] ?? '';
  execFileSync('sh', ['-c', command], { stdio: 'ignore' });
  output(await run());
  expect(place.keyQuestions).toHaveLength(1);
});

test('refuses a host that suddenly shows only another type of key', async () => {
  const other = place.key('other', '', 'ecdsa');
  writeKnownHosts(place, `[127.0.0.1]:${sshd.port} ${readFileSync(`${other}.pub`, 'utf8')}`.trim());
  expect(failure(place, await run()).code).toBe('ssh-host-key-changed');
  expect(place.keyQuestions).toEqual([]);
});

test('refuses a revoked key even if another line trusts it', async () => {
  writeKnownHosts(place, sshd.knownHostsLine('ed25519'), `@revoked * ${sshd.knownHostsLine('ed25519').split(' ').slice(1).join(' ')}`);
  const problem = failure(place, await run());
  expect(problem.code).toBe('ssh-host-key-revoked');
  expect(problem.why).toContain(`${file}:2`);
});

test('says that a certificate authority cannot be checked, and asks about the plain key', async () => {
  writeKnownHosts(place, `@cert-authority * ${sshd.knownHostsLine('rsa').split(' ').slice(1).join(' ')}`);
  output(await run());
  expect(place.keyQuestions).toHaveLength(1);
  expect(place.said.join('\n')).toContain(`${file}:1 trusts`);
});

test('StrictHostKeyChecking: "yes" refuses without asking, "no" accepts a new key but never a changed one', async () => {
  place.file('.ssh/config', 'StrictHostKeyChecking yes\n');
  expect(failure(place, await run()).code).toBe('ssh-host-key-rejected');
  place.file('.ssh/config', 'StrictHostKeyChecking no\n');
  output(await run());
  expect(place.keyQuestions).toEqual([]);
  writeKnownHosts(place, sshd.knownHostsLine('ed25519').replace(/AAAA\S+/, readFileSync(`${place.key('other')}.pub`, 'utf8').split(' ')[1] ?? ''));
  expect(failure(place, await run()).code).toBe('ssh-host-key-changed');
});

test('the known_hosts file of the cluster file is used instead of the own one', async () => {
  const outcome = await place.hosts().run(target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], knownHostsFile: './team/known_hosts' }), shell('true'));
  output(outcome);
  expect(readFileSync(join(place.home, 'team', 'known_hosts'), 'utf8')).toContain('ssh-ed25519');
  expect(existsSync(file)).toBe(false);
});
