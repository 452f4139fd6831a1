import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ok } from '../../../src/core/base/result';
import { startSshd, writeKnownHosts, type Sshd } from './support/sshd';
import { createWorkplace, failure, output, shell, target, timed, type Workplace } from './support/workplace';
import { agreedDoor } from '../../support/agreedDoor';

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => place.close());

async function serverFor(...keys: readonly string[]): Promise<Sshd> {
  const sshd = await startSshd(place, { authorized: keys });
  writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
  return sshd;
}

test('logs in with a key file, named relative to the cluster file, on a port of its own', async () => {
  const sshd = await serverFor(place.key('mine'));
  const outcome = await place
    .hosts()
    .run(
      target('127.0.0.1', { port: sshd.port, identityFiles: ['./mine'] }),
      shell('echo "$1"', { args: ["it's $HOME `here`"] }),
    );
  expect(output(outcome)).toEqual({ stdout: "it's $HOME `here`\n", stderr: '', exitCode: 0 });
  expect(place.keyQuestions).toEqual([]);
});

test.each(['rsa', 'ecdsa'])('logs in with an %s key', async (type) => {
  const sshd = await serverFor(place.key('mine', '', type));
  output(await place.hosts().run(target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] }), shell('true')));
});

test('logs in with a default key of ~/.ssh when nothing is configured', async () => {
  const sshd = await serverFor(place.key('.ssh/id_ed25519'));
  output(await place.hosts().run(target('127.0.0.1', { port: sshd.port }), shell('true')));
});

test('opens an encrypted key with the passphrase from a secret, once for many hosts', async () => {
  const sshd = await serverFor(place.key('mine', 'open sesame 4711'));
  let decryptions = 0;
  const secrets = { resolve: () => Promise.resolve(ok(((decryptions += 1), 'open sesame 4711'))) };
  const hosts = place.hosts({}, { secrets: agreedDoor(secrets) });
  const at = (host: string) =>
    target(host, { port: sshd.port, identityFiles: ['mine'], passphrase: '${secret:phrase}' });
  output(await hosts.run(at('127.0.0.1'), shell('true')));
  output(await hosts.run(at('localhost'), shell('true')));
  expect(place.secretQuestions).toEqual([]);
  expect(decryptions).toBe(1);
});

test('asks for the passphrase once, and only for a key that the host accepts', async () => {
  place.key('.ssh/id_rsa', 'other passphrase', 'rsa');
  const sshd = await serverFor(place.key('.ssh/id_ed25519', 'open sesame 4711'));
  place.answer.secret = () => 'open sesame 4711';
  const hosts = place.hosts();
  const outcomes = await Promise.all(
    ['127.0.0.1', 'localhost'].map((host) => hosts.run(target(host, { port: sshd.port }), shell('true'))),
  );
  outcomes.forEach(output);
  expect(place.secretQuestions).toEqual([
    {
      kind: 'key-passphrase',
      id: `key-passphrase:${place.home}/.ssh/id_ed25519`,
      prompt: `Passphrase of the SSH key ${place.home}/.ssh/id_ed25519`,
    },
  ]);
});

test('a wrong passphrase is named as such, and asked for again the next time', async () => {
  const sshd = await serverFor(place.key('mine', 'open sesame 4711'));
  const hosts = place.hosts();
  const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] });
  place.answer.secret = () => place.keepSecret('wrong-guess');
  const wrong = failure(place, await hosts.run(at, shell('true')));
  expect(wrong.code).toBe('ssh-passphrase-wrong');
  expect(wrong.message).toContain(`${place.home}/mine`);
  place.answer.secret = () => 'open sesame 4711';
  output(await hosts.run(at, shell('true')));
});

test('a wrong passphrase in the cluster file is named when nobody answers', async () => {
  const sshd = await serverFor(place.key('mine', 'open sesame 4711'));
  const outcome = await place
    .hosts({ phrase: place.keepSecret('wrong-guess') })
    .run(
      target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], passphrase: '${secret:phrase}' }),
      shell('true'),
    );
  expect(failure(place, outcome).code).toBe('ssh-passphrase-wrong');
});

test('opens an encrypted key in the old PEM format, whose public half is hidden', async () => {
  const path = place.key('mine', '', 'rsa');
  execFileSync('ssh-keygen', [
    '-q',
    '-p',
    '-m',
    'PEM',
    '-P',
    '',
    '-N',
    place.keepSecret('open sesame 4711'),
    '-f',
    path,
  ]);
  const sshd = await serverFor(path);
  execFileSync('rm', [`${path}.pub`]);
  place.answer.secret = () => 'open sesame 4711';
  output(await place.hosts().run(target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] }), shell('true')));
});

test.each([[''], ['open sesame 4711']])('reads PKCS#8 keys (passphrase "%s")', async (passphrase) => {
  const path = place.key('mine', '', 'rsa');
  execFileSync('ssh-keygen', ['-q', '-p', '-m', 'PKCS8', '-P', '', '-N', passphrase, '-f', path]);
  const sshd = await serverFor(path);
  place.answer.secret = () => passphrase;
  output(await place.hosts().run(target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] }), shell('true')));
});

test('a wrong key fails quickly, and says what was tried and what the host wants', async () => {
  const sshd = await serverFor(place.key('right'));
  place.key('wrong');
  const { ms, value } = await timed(
    place
      .hosts()
      .run(
        target('127.0.0.1', { port: sshd.port, user: 'nobody-here', identityFiles: ['wrong'] }, 'server-1'),
        shell('true'),
      ),
  );
  const problem = failure(place, value);
  expect(problem).toMatchObject({ code: 'ssh-auth-failed', host: 'server-1' });
  expect(problem.message).toContain(`nobody-here@127.0.0.1:${sshd.port}`);
  expect(problem.why).toContain(`key file ${place.home}/wrong`);
  expect(problem.why).toContain('publickey');
  expect(problem.nextSteps.join(' ')).toContain('ssh-copy-id');
  expect(ms).toBeLessThan(5_000);
});

test('a refusal is final: whatever asks next is told so, and the host hears of no other login', async () => {
  const sshd = await serverFor(place.key('right'));
  place.key('wrong');
  const hosts = place.hosts();
  const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['wrong'] });
  const first = failure(place, await hosts.run(at, shell('true')));
  expect(first.code).toBe('ssh-auth-failed');
  const logins = (): number => sshd.log().split('Connection from').length;
  const before = logins();
  expect(failure(place, await hosts.run(at, shell('true')))).toEqual(first);
  expect((await hosts.openTunnel(at, '127.0.0.1', 1)).ok).toBe(false);
  expect(logins()).toBe(before);
  // Another command has connections of its own, so a key that was put right is tried at once.
  expect(failure(place, await place.hosts().run(at, shell('true'))).code).toBe('ssh-auth-failed');
  expect(logins()).toBe(before + 1);
});

test('a key file that is missing, open to others or not a key is the reason given', async () => {
  const sshd = await serverFor(place.key('right'));
  chmodSync(place.key('open'), 0o644);
  place.file('garbage', 'not a key\n');
  const hosts = place.hosts();
  for (const [file, text] of [
    ['absent', 'does not exist'],
    ['open', 'chmod 600'],
    ['garbage', 'cannot be read'],
  ] as const) {
    const problem = failure(
      place,
      await hosts.run(target('127.0.0.1', { port: sshd.port, identityFiles: [file] }), shell('true')),
    );
    expect(problem.code).toBe('ssh-key-unreadable');
    expect(JSON.stringify(problem)).toContain(text);
  }
});

test('logs in with a key that only the agent holds', async () => {
  const key = place.key('held');
  await place.agent(key);
  const sshd = await serverFor(key);
  execFileSync('rm', [key]);
  output(await place.hosts().run(target('127.0.0.1', { port: sshd.port }), shell('true')));
  expect(place.said.join('\n')).toContain('agent key held');
});

test('an RSA key in the agent signs with SHA-2', async () => {
  const key = place.key('held', '', 'rsa');
  await place.agent(key);
  const sshd = await serverFor(key);
  output(await place.hosts().run(target('127.0.0.1', { port: sshd.port }), shell('true')));
});

test('IdentitiesOnly keeps other agent keys to ourselves; IdentityAgent none switches the agent off', async () => {
  const held = place.key('held');
  await place.agent(held);
  const sshd = await serverFor(held);
  place.file(
    '.ssh/config',
    `Host only\n  HostName 127.0.0.1\n  IdentitiesOnly yes\n  IdentityFile ${place.home}/held.pub\nHost strict\n  HostName 127.0.0.1\n  IdentitiesOnly yes\n  IdentityFile ~/.ssh/none-such\nHost off\n  HostName 127.0.0.1\n  IdentityAgent none\n`,
  );
  const hosts = place.hosts();
  output(await hosts.run(target('only', { port: sshd.port }), shell('true')));
  expect(failure(place, await hosts.run(target('strict', { port: sshd.port }), shell('true'))).code).toBe(
    'ssh-auth-failed',
  );
  expect(failure(place, await hosts.run(target('off', { port: sshd.port }), shell('true'))).code).toBe(
    'ssh-auth-failed',
  );
});

test('a full agent does not use up the attempts when the cluster file names the key', async () => {
  const others = Array.from({ length: 7 }, (_, i) => place.key(`other-${i}`));
  await place.agent(...others);
  const sshd = await serverFor(place.key('mine'));
  const hosts = place.hosts();
  output(await hosts.run(target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] }), shell('true')));
  const problem = failure(place, await hosts.run(target('localhost', { port: sshd.port }), shell('true')));
  expect(problem.code).toBe('ssh-auth-failed');
  expect(JSON.stringify(problem)).toContain('IdentitiesOnly');
});

test('an agent that is gone does not stand in the way', async () => {
  place.env['SSH_AUTH_SOCK'] = `${place.home}/no-agent`;
  const sshd = await serverFor(place.key('mine'));
  output(await place.hosts().run(target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] }), shell('true')));
});

test('certificates and hardware keys are named when they are why the login fails', async () => {
  const sshd = await serverFor(place.key('right'));
  const authority = place.key('authority');
  const mine = place.key('mine');
  execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'me', '-n', 'me', `${mine}.pub`]);
  const certificate = failure(
    place,
    await place
      .hosts()
      .run(target('127.0.0.1', { client: 'builtin', port: sshd.port, identityFiles: ['mine'] }), shell('true')),
  );
  expect(JSON.stringify(certificate)).toContain('mine-cert.pub is an SSH certificate');

  await place.agent(mine); // ssh-add adds the certificate beside the key
  const held = failure(
    place,
    await place.hosts().run(target('127.0.0.1', { client: 'builtin', port: sshd.port }), shell('true')),
  );
  expect(held.why).toContain('is an SSH certificate, which is not supported here');

  const type = 'sk-ssh-ed25519@openssh.com';
  const field = (data: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from([0, 0, 0, Buffer.byteLength(data)]), Buffer.from(data)]);
  const blob = Buffer.concat([field(type), field(Buffer.alloc(32, 7)), field('ssh:')]);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.from([0, 0, 0, 1]),
    field(blob),
    field(Buffer.alloc(64)),
  ]);
  place.file(
    'fido',
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`,
  );
  const hardware = failure(
    place,
    await place
      .hosts()
      .run(target('127.0.0.1', { client: 'builtin', port: sshd.port, identityFiles: ['fido'] }), shell('true')),
  );
  expect(JSON.stringify(hardware)).toContain('hardware security key');
});

test('the host log shows a single login for commands in parallel', async () => {
  const sshd = await serverFor(place.key('mine'));
  const hosts = place.hosts();
  const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] });
  await Promise.all([1, 2, 3].map((n) => hosts.run(at, shell(`echo ${n}`))));
  expect(sshd.log().match(/Accepted publickey/g)).toHaveLength(1);
  expect(readFileSync(`${place.home}/.ssh/known_hosts`, 'utf8')).toBe(`${sshd.knownHostsLine('ed25519')}\n`);
});
