import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOpenSsh, type OpenSsh } from '../../../src/adapters/ssh/openSsh';
import { createSshConfigSource, type SshConfigSource } from '../../../src/adapters/ssh/sshConfig';
import { createWorkplace, type Workplace } from './support/workplace';

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => place.close());

function source(): { readonly config: SshConfigSource; readonly asked: string[] } {
  const real = createOpenSsh({ homeDir: place.home, env: place.env });
  const asked: string[] = [];
  const openSsh: OpenSsh = {
    path: () => real.path(),
    run: (program, args) => {
      asked.push(args.at(-1) ?? '');
      return real.run(program, args);
    },
  };
  return {
    config: createSshConfigSource({ homeDir: place.home, env: place.env, openSsh, onWarning: () => undefined }),
    asked,
  };
}

const HOSTS = ['10.0.0.1', '10.0.0.2', '10.0.1.3', 'web-1', 'web-2', 'db.example.com', 'UPPER', 'fd00::1'];
const OVERRIDES = { user: 'me', port: 2222 };

/** Every host is told what a source says that is asked about it alone. Gives the hosts that a process was started for. */
async function asks(config: string): Promise<readonly string[]> {
  place.file('.ssh/config', config);
  const all = source();
  const answers = await Promise.all(HOSTS.map((host) => all.config.read(host, OVERRIDES)));
  for (const [index, host] of HOSTS.entries())
    expect([host, answers[index]]).toEqual([host, await source().config.read(host, OVERRIDES)]);
  // UPPER is told in lower case, and an IPv6 address has several forms: both are asked for themselves.
  return all.asked.filter((host) => host !== 'UPPER' && host !== 'fd00::1').sort();
}

test('hosts that no line tells apart share an answer', async () => {
  // As on Fedora and RHEL, whose own files have such a Match.
  const config = 'Match final all\n  HashKnownHosts yes\nHost *\n  IdentityFile ~/.ssh/mine\n  ConnectTimeout 7\n';
  expect(await asks(config)).toEqual(['10.0.0.1']);
});

test('those of a block are asked for once, too', async () => {
  const config = `Host web-* !web-2
  User web
  HostKeyAlias farm
Host = 10.0.1.?
  Port 23
Host *
  IdentitiesOnly yes
`;
  const [first, ...others] = await asks(config);
  expect(first).toBe('10.0.0.1');
  // The others came before anybody knew what tells them apart, or are a group of their own.
  expect(others).toEqual(expect.arrayContaining(['10.0.1.3', 'web-1']));
  expect(others).not.toContain('10.0.0.2');
});

test('a file that only one of them reads counts for that one', async () => {
  place.file('.ssh/web', 'Host web-2\n  User second\nHost *\n  Port 24\n');
  const config = `Host web-*\n  Include ${place.home}/.ssh/web\nHost *\n  User everybody\n`;
  expect(await asks(config)).not.toContain('10.0.0.2');
});

test.each([
  'Match host 10.0.0.2\n  User other\n',
  'Host *\n  HostName %h\n',
  'Host *\n  IdentityFile ~/.ssh/%n\n',
  'Host *\n  ProxyCommand nc %h %p\n',
  'CanonicalizeHostname yes\nCanonicalDomains invalid\n',
  'Host "10.0.0.2"\n  User quoted\n',
  'Host 10.0.0.2 # theirs\n  User other\n',
  'Host web-1\n  HostName 10.9.9.9\n',
])('where %j may tell them apart, every one is asked for', async (config) => {
  expect(await asks(config)).toEqual(HOSTS.filter((host) => host !== 'UPPER' && host !== 'fd00::1').sort());
});

test('another user or port is another question, and an answer that failed is not kept', async () => {
  const { config, asked } = source();
  place.file('.ssh/config', 'Nonsense yes\n');
  expect(await config.read('10.0.0.1', {})).toMatchObject({
    ok: false,
    error: {
      code: 'ssh-config-invalid',
      why: expect.stringMatching(/^[^\n]*line 1: Bad configuration option: nonsense/),
    },
  });
  place.file('.ssh/config', 'Host *\n  ConnectTimeout 7\n');
  for (const user of ['one', 'two']) {
    expect(await config.read('10.0.0.1', { user })).toMatchObject({ ok: true, value: { connectTimeoutMs: 7_000 } });
    expect(await config.read('10.0.0.2', { user })).toMatchObject({ ok: true, value: { hostName: '10.0.0.2' } });
  }
  expect(asked).toEqual(['10.0.0.1', '10.0.0.1', '10.0.0.1']);
});
