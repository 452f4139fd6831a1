import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isHostName, isUserName } from '../../../src/adapters/ssh/hostName';
import { entriesFor, knownHostName, matchesWildcards, parseKnownHosts } from '../../../src/adapters/ssh/knownHosts';
import { maskSecrets } from '../../../src/core/base/mask';

describe('known_hosts', () => {
  /** An Ed25519 key; lines whose key is none are left out. */
  const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ2tZ1h9cO2Zt1rVxkqk0mD5Yz3m8rFq3XH0h3rYb1aB';
  const find = (text: string, host: string, port = 22) =>
    entriesFor(parseKnownHosts(text.replaceAll('KEY', KEY), 'kh'), knownHostName(host, port)).map(
      (entry) => entry.line,
    );

  test.each([
    ['a plain name', 'server-1 ssh-ed25519 KEY', 'server-1', 22, [1]],
    ['any case', 'Server-1 ssh-ed25519 KEY', 'sERVER-1', 22, [1]],
    ['a list', 'a,10.0.0.1,b ssh-ed25519 KEY', '10.0.0.1', 22, [1]],
    ['no part of a name', 'server-1 ssh-ed25519 KEY', 'server-11', 22, []],
    ['a dot is a dot', '10.0.0.1 ssh-ed25519 KEY', '10x0y0z1', 22, []],
    ['wildcards', '*.example.com,10.0.?.1 ssh-ed25519 KEY', 'a.example.com', 22, [1]],
    ['an exception', '*.example.com,!bad.example.com ssh-ed25519 KEY', 'bad.example.com', 22, []],
    ['a port', '[server-1]:2222 ssh-ed25519 KEY', 'server-1', 2222, [1]],
    ['another port', '[server-1]:2222 ssh-ed25519 KEY', 'server-1', 22, []],
    ['the bare name on another port', 'server-1 ssh-ed25519 KEY', 'server-1', 2222, []],
    [
      'comments, blank and broken lines',
      '# server-1 x y\n\nserver-1\n  server-1   ssh-ed25519\tKEY comment here',
      'server-1',
      22,
      [4],
    ],
    [
      'no key of another type than the line says',
      'server-1 ssh-rsa KEY\nserver-1 ssh-ed25519 AAAA\nserver-1 ssh-ed25519 KEY',
      'server-1',
      22,
      [3],
    ],
    [
      'markers',
      '@revoked server-1 ssh-ed25519 KEY\r\n@cert-authority * ssh-ed25519 KEY\n@odd * ssh-ed25519 KEY',
      'server-1',
      22,
      [1, 2],
    ],
  ])('%s', (_name, text, host, port, lines) => expect(find(text, host, port)).toEqual(lines));

  test('reads what ssh-keygen -H has hashed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'k3s-ha-kh-'));
    const file = join(folder, 'kh');
    const key = `ssh-ed25519 ${KEY}`;
    writeFileSync(file, `one.example ${key}\n[two.example]:2222 ${key}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    const text = readFileSync(file, 'utf8');
    rmSync(folder, { recursive: true });
    expect(text).not.toContain('example');
    expect(find(text, 'one.example')).toEqual([1]);
    expect(find(text, 'two.example', 2222)).toEqual([2]);
    expect(find(text, 'two.example')).toEqual([]);
  });
});

test('a pattern with many stars is matched at once', () => {
  const started = performance.now();
  expect(matchesWildcards(`${'*a'.repeat(200)}b`, 'a'.repeat(255))).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(['a*c?e', '*', 'ABCDE', 'a*e*'].map((pattern) => matchesWildcards(pattern, 'abcde'))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['a*c', 'abcde?', 'b*', ''].map((pattern) => matchesWildcards(pattern, 'abcde'))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

describe('host and user names', () => {
  test.each([
    ['server-1', true],
    ['10.0.0.1', true],
    ['a_b.example.com.', true],
    ['fe80::1%eth0', true],
    ['::1', true],
    ['', false],
    ['-oProxyCommand=x', false],
    ['..', false],
    ['a b', false],
    ['a\tb', false],
    ['a,b', false],
    ['*', false],
    ['!a', false],
    ['[a]:22', false],
    ['[::1]', false],
    ['a`b`', false],
    ['a$(b)', false],
    ['a/b', false],
    ['a@b', false],
    ['ä', false],
    ['a'.repeat(256), false],
    ['|1|x|y', false],
    ['@revoked', false],
  ])('host %j: %s', (name, isOne) => expect(isHostName(name)).toBe(isOne));

  test.each([
    ['ubuntu', true],
    [String.raw`DOMAIN\user`, true],
    ['user@domain', true],
    ['machine$', true],
    ['jürgen', true],
    ['', false],
    ['-l', false],
    ['a b', false],
    ['$(id)', false],
    ['`id`', false],
    ['a;b', false],
    ['../x', false],
    ['a/b', false],
    ['a\n', false],
    ['a\\', false],
    ['$HOME', false],
  ])('user %j: %s', (name, isOne) => expect(isUserName(name)).toBe(isOne));
});

describe('masking', () => {
  test.each([
    ['the secret itself', 'a hunter22 b hunter22', ['hunter22'], 'a *** b ***'],
    ['the longer one first', 'hunter22-long', ['hunter22', 'hunter22-long'], '***'],
    ['too short to mask', 'abc', ['abc', ''], 'abc'],
    ['URL-encoded', 'postgres://u:p%40ss%2Fword@db', ['p@ss/word'], 'postgres://u:***@db'],
    ['in JSON', String.raw`{"p":"a\"b\\c"}`, [String.raw`a"b\c`], '{"p":"***"}'],
    ['shell-quoted', String.raw`echo 'it'\''s me'`, ["it's me"], "echo '***'"],
    [
      'Base64 with a line end behind it',
      Buffer.from('hunter22-long\n').toString('base64'),
      ['hunter22-long'],
      '***wo=',
    ],
    ['lines of a key on their own', '  MIIEvQIBADANBg\nend', ['-----BEGIN-----\nMIIEvQIBADANBg\n}'], '  ***\nend'],
    ['other alphabets', 'пароль', ['пароль'], '***'],
    ['half characters do no harm', 'x\ud800yyy', ['\ud800yyy'], 'x***'],
  ])('%s', (_name, text, secrets, masked) => expect(maskSecrets(text, secrets)).toBe(masked));
});
