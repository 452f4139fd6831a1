import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashHostName } from '../../../src/adapters/ssh/knownHosts';
import { startSshd, type Sshd } from './support/sshd';
import { createWorkplace, shell, target, type Workplace } from './support/workplace';

/** What happens at the first contact: the login succeeds, a person is asked about the key, or it fails without a question. */
type Outcome = 'connects' | 'asks' | 'refuses';

/** Placeholders of the texts below; `OTHER` is a key of nobody. */
interface Row {
  readonly name: string;
  /** Lines of ssh_config. */
  readonly config?: string;
  readonly knownHosts?: string;
  readonly global?: string;
  /** Prepares files of the row in the home folder. */
  readonly files?: () => void;
  readonly server?: 'usual' | 'sha1' | 'rsa';
  readonly host?: string;
  readonly identity?: 'mine' | 'mine-rsa';
  readonly outcome: Outcome;
  /** The problem that tells a refusal. */
  readonly code?: string | undefined;
  /** Where this client is stricter than ssh on purpose. */
  readonly ssh?: Outcome;
}

let place: Workplace;
let usual: Sshd;
let sha1: Sshd;
let rsa: Sshd;

beforeAll(async () => {
  place = createWorkplace();
  const authorized = [place.key('mine'), place.key('mine-rsa', '', 'rsa')];
  place.key('other');
  place.key('other-rsa', '', 'rsa');
  [usual, sha1, rsa] = await Promise.all([
    startSshd(place, { authorized, hostKeyTypes: ['ed25519', 'rsa'] }),
    startSshd(place, { authorized, hostKeyTypes: ['rsa'], config: ['HostKeyAlgorithms ssh-rsa'] }),
    startSshd(place, { authorized, hostKeyTypes: ['rsa'], config: ['PubkeyAcceptedAlgorithms +ssh-rsa'] }),
  ]);
  place.file('krl-other', '');
  execFileSync('ssh-keygen', ['-q', '-k', '-f', join(place.home, 'krl-other'), join(place.home, 'other.pub')]);
  execFileSync('ssh-keygen', ['-q', '-k', '-f', join(place.home, 'krl-host'), `${usual.hostKey('ed25519')}.pub`]);
  // ssh asks through this program, as it would on a terminal; it says no.
  chmodSync(place.file('askpass', `#!/bin/sh\necho "$1" >> '${place.home}/asked'\necho no\n`), 0o700);
});
afterAll(() => place.close());

const key = (path: string): string => readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');

const ROWS: readonly Row[] = [
  { name: 'an unknown host', outcome: 'asks' },
  { name: 'a known host', knownHosts: 'HOST ED', outcome: 'connects' },
  { name: 'a changed key', knownHosts: 'HOST OTHER', outcome: 'refuses', code: 'ssh-host-key-changed' },
  { name: 'a changed key beside the right one', knownHosts: 'HOST OTHER\nHOST ED', outcome: 'connects' },
  { name: 'only another type of key is known', knownHosts: 'HOST RSA', outcome: 'connects' },
  {
    name: 'only a changed key of another type is known',
    knownHosts: 'HOST OTHERRSA',
    outcome: 'refuses',
    code: 'ssh-host-key-changed',
  },
  { name: 'a key whose line names another type', knownHosts: `HOST ssh-rsa EDKEY`, outcome: 'asks' },
  { name: 'the bare name on another port', knownHosts: '127.0.0.1 ED', outcome: 'connects' },
  { name: 'the bare name with a changed key', knownHosts: '127.0.0.1 OTHER', outcome: 'asks' },
  { name: 'a wildcard', knownHosts: '[127.0.0.*]:* ED', outcome: 'connects' },
  { name: 'a negated pattern', knownHosts: '[127.0.*]:*,!HOST ED', outcome: 'asks' },
  { name: 'a list of names', knownHosts: 'elsewhere,HOST ED', outcome: 'connects' },
  { name: 'a hashed name', knownHosts: 'HASHED ED', outcome: 'connects' },
  { name: 'a hashed name of another host', knownHosts: 'HASHEDOTHER ED', outcome: 'asks' },
  { name: '@revoked', knownHosts: 'HOST ED\n@revoked HOST ED', outcome: 'refuses', code: 'ssh-host-key-revoked' },
  {
    name: '@revoked for every host',
    knownHosts: 'HOST ED\n@revoked * ED',
    outcome: 'refuses',
    code: 'ssh-host-key-revoked',
  },
  { name: '@revoked of another key', knownHosts: 'HOST ED\n@revoked * OTHER', outcome: 'connects' },
  { name: 'an authority that did not sign the key', knownHosts: '@cert-authority * OTHER', outcome: 'asks' },
  {
    name: 'an authority, strictly',
    config: 'StrictHostKeyChecking yes',
    knownHosts: '@cert-authority * OTHER',
    outcome: 'refuses',
    code: 'ssh-host-key-rejected',
  },
  { name: 'an unknown marker', knownHosts: '@trusted HOST ED', outcome: 'asks' },
  { name: 'the global file', global: 'HOST ED', outcome: 'connects' },
  { name: 'a changed key in the global file', global: 'HOST OTHER', outcome: 'refuses', code: 'ssh-host-key-changed' },
  {
    name: '@revoked in the global file',
    knownHosts: 'HOST ED',
    global: '@revoked * ED',
    outcome: 'refuses',
    code: 'ssh-host-key-revoked',
  },
  { name: 'HostKeyAlias', config: 'HostKeyAlias server-1', knownHosts: 'server-1 ED', outcome: 'connects' },
  {
    name: 'HostKeyAlias hides the address',
    config: 'HostKeyAlias server-1',
    knownHosts: 'HOST ED\n127.0.0.1 ED',
    outcome: 'asks',
  },
  {
    name: 'HostKeyAlias with a changed key',
    config: 'HostKeyAlias server-1',
    knownHosts: 'server-1 OTHER',
    outcome: 'refuses',
    code: 'ssh-host-key-changed',
  },
  {
    name: 'an alias of ssh_config',
    host: 'edge',
    config: 'HostName 127.0.0.1',
    knownHosts: 'HOST ED',
    outcome: 'connects',
  },
  { name: 'CheckHostIP no', config: 'CheckHostIP no', knownHosts: 'HOST ED', outcome: 'connects' },
  {
    name: 'StrictHostKeyChecking yes',
    config: 'StrictHostKeyChecking yes',
    outcome: 'refuses',
    code: 'ssh-host-key-rejected',
  },
  {
    name: 'StrictHostKeyChecking yes, known',
    config: 'StrictHostKeyChecking yes',
    knownHosts: 'HOST ED',
    outcome: 'connects',
  },
  { name: 'StrictHostKeyChecking accept-new', config: 'StrictHostKeyChecking accept-new', outcome: 'connects' },
  {
    name: 'StrictHostKeyChecking accept-new, changed',
    config: 'StrictHostKeyChecking accept-new',
    knownHosts: 'HOST OTHER',
    outcome: 'refuses',
    code: 'ssh-host-key-changed',
  },
  { name: 'StrictHostKeyChecking no', config: 'StrictHostKeyChecking no', outcome: 'connects' },
  { name: 'StrictHostKeyChecking off', config: 'StrictHostKeyChecking off', outcome: 'connects' },
  {
    name: 'StrictHostKeyChecking no, changed',
    config: 'StrictHostKeyChecking no',
    knownHosts: 'HOST OTHER',
    outcome: 'refuses',
    code: 'ssh-host-key-changed',
    ssh: 'connects',
  },
  {
    name: 'RevokedHostKeys lists the key',
    config: 'RevokedHostKeys HOME/revoked',
    files: () => revoked(key(usual.hostKey('ed25519'))),
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-host-key-revoked',
  },
  {
    name: 'RevokedHostKeys lists another key',
    config: 'RevokedHostKeys HOME/revoked',
    files: () => revoked(`# a comment\n\n${key(join(place.home, 'other'))} whose`),
    knownHosts: 'HOST ED',
    outcome: 'connects',
  },
  {
    name: 'RevokedHostKeys holds something else',
    config: 'RevokedHostKeys HOME/revoked',
    files: () => revoked('no key at all'),
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-known-hosts-unreadable',
  },
  {
    name: 'RevokedHostKeys is missing',
    config: 'RevokedHostKeys HOME/revoked',
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-known-hosts-unreadable',
  },
  {
    name: 'RevokedHostKeys is a folder',
    config: 'RevokedHostKeys HOME/.ssh',
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-known-hosts-unreadable',
  },
  {
    name: 'a revocation list with the key',
    config: 'RevokedHostKeys HOME/krl-host',
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-host-key-revoked',
  },
  {
    name: 'a revocation list without the key',
    config: 'RevokedHostKeys HOME/krl-other',
    knownHosts: 'HOST ED',
    outcome: 'connects',
  },
  {
    name: 'a torn revocation list',
    config: 'RevokedHostKeys HOME/revoked',
    files: () =>
      writeFileSync(join(place.home, 'revoked'), readFileSync(join(place.home, 'krl-other')).subarray(0, 40)),
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-known-hosts-unreadable',
  },
  { name: 'RevokedHostKeys none', config: 'RevokedHostKeys none', knownHosts: 'HOST ED', outcome: 'connects' },
  {
    name: 'a server with SHA-1 signatures only',
    server: 'sha1',
    knownHosts: 'HOST RSA',
    outcome: 'refuses',
    code: 'ssh-no-common-algorithm',
  },
  {
    name: 'a server with SHA-1 signatures only, configured',
    server: 'sha1',
    config: 'HostKeyAlgorithms +ssh-rsa',
    knownHosts: 'HOST RSA',
    outcome: 'connects',
  },
  {
    name: 'a server with SHA-1 signatures only, accept-new',
    server: 'sha1',
    config: 'StrictHostKeyChecking accept-new',
    outcome: 'refuses',
    code: 'ssh-no-common-algorithm',
  },
  {
    name: 'HostKeyAlgorithms that the server has',
    config: 'HostKeyAlgorithms rsa-sha2-512',
    knownHosts: 'HOST RSA',
    outcome: 'connects',
  },
  {
    name: 'HostKeyAlgorithms that the server lacks',
    config: 'HostKeyAlgorithms ecdsa-sha2-nistp256',
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-no-common-algorithm',
  },
  {
    name: 'HostKeyAlgorithms without the known type',
    config: 'HostKeyAlgorithms -ssh-ed25519',
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-host-key-changed',
  },
  {
    name: 'KexAlgorithms that the server has',
    config: 'KexAlgorithms ecdh-sha2-nistp384',
    knownHosts: 'HOST ED',
    outcome: 'connects',
  },
  {
    name: 'KexAlgorithms that the server lacks',
    config: 'KexAlgorithms diffie-hellman-group1-sha1',
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-no-common-algorithm',
  },
  {
    name: 'Ciphers that the server has',
    config: 'Ciphers aes256-gcm@openssh.com',
    knownHosts: 'HOST ED',
    outcome: 'connects',
  },
  {
    name: 'Ciphers that the server lacks',
    config: 'Ciphers aes128-cbc',
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-no-common-algorithm',
  },
  {
    name: 'MACs that the server has',
    config: 'Ciphers aes256-ctr\nMACs hmac-sha2-512',
    knownHosts: 'HOST ED',
    outcome: 'connects',
  },
  {
    name: 'MACs that the server lacks',
    config: 'Ciphers aes256-ctr\nMACs hmac-md5',
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-no-common-algorithm',
  },
  {
    name: 'PubkeyAcceptedAlgorithms with the type of the key',
    config: 'PubkeyAcceptedAlgorithms ssh-ed25519',
    knownHosts: 'HOST ED',
    outcome: 'connects',
  },
  {
    name: 'PubkeyAcceptedAlgorithms without the type of the key',
    config: 'PubkeyAcceptedAlgorithms ecdsa-sha2-nistp256',
    knownHosts: 'HOST ED',
    outcome: 'refuses',
    code: 'ssh-key-unsupported',
  },
  {
    name: 'an RSA key to log in with',
    server: 'rsa',
    identity: 'mine-rsa',
    knownHosts: 'HOST RSA',
    outcome: 'connects',
  },
  {
    name: 'PubkeyAcceptedAlgorithms without RSA',
    server: 'rsa',
    identity: 'mine-rsa',
    config: 'PubkeyAcceptedAlgorithms -rsa-sha2-*',
    knownHosts: 'HOST RSA',
    outcome: 'refuses',
    code: 'ssh-key-unsupported',
  },
];

describe('as ssh decides it', () => {
  test.each(ROWS)('$name: $outcome', async (row) => {
    const server = { usual, sha1, rsa }[row.server ?? 'usual'];
    const [ours, ssh] = [await withUs(row, server), await withSsh(row, server)];
    expect({ ...ours, ssh }).toEqual({ outcome: row.outcome, code: row.code, ssh: row.ssh ?? row.outcome });
  });
});

function revoked(text: string): void {
  place.file('revoked', `${text}\n`);
}

/** The files of a row as they are before the first contact. */
function prepare(row: Row, server: Sshd): void {
  for (const name of ['asked', 'revoked']) rmSync(join(place.home, name), { force: true });
  row.files?.();
  const name = `[127.0.0.1]:${server.port}`;
  const ed = server === usual ? key(server.hostKey('ed25519')) : '';
  const words: readonly (readonly [RegExp, string])[] = [
    [/\bHASHEDOTHER\b/g, hashHostName('[127.0.0.1]:1', Buffer.alloc(20, 7))],
    [/\bHASHED\b/g, hashHostName(name, Buffer.alloc(20, 7))],
    [/\bHOST\b/g, name],
    [/\bEDKEY\b/g, ed.split(' ')[1] ?? ''],
    [/\bED\b/g, ed],
    [/\bRSA\b/g, key(server.hostKey('rsa'))],
    [/\bOTHERRSA\b/g, key(join(place.home, 'other-rsa'))],
    [/\bOTHER\b/g, key(join(place.home, 'other'))],
    [/\bHOME\b/g, place.home],
  ];
  const filled = (text: string): string => words.reduce((so, [word, value]) => so.replace(word, () => value), text);
  place.file('.ssh/known_hosts', row.knownHosts === undefined ? '' : `${filled(row.knownHosts)}\n`);
  place.file('global', row.global === undefined ? '' : `${filled(row.global)}\n`);
  const lines = [
    row.config ?? '',
    `UserKnownHostsFile ${place.home}/.ssh/known_hosts`,
    `GlobalKnownHostsFile ${place.home}/global`,
    'IdentitiesOnly yes',
    'IdentityAgent none',
    'UpdateHostKeys no',
  ];
  place.file('.ssh/config', `${filled(lines.join('\n'))}\n`);
  copyFileSync(join(place.home, row.identity ?? 'mine'), join(place.home, 'identity'));
  chmodSync(join(place.home, 'identity'), 0o600);
  rmSync(join(place.home, 'identity.pub'), { force: true });
}

async function withUs(row: Row, server: Sshd): Promise<Pick<Row, 'outcome' | 'code'>> {
  prepare(row, server);
  place.keyQuestions.length = 0;
  place.answer.hostKey = 'reject';
  const outcome = await place
    .hosts()
    .run(target(row.host ?? '127.0.0.1', { port: server.port, identityFiles: ['identity'] }), shell('true'));
  if (outcome.kind === 'done') return { outcome: 'connects', code: undefined };
  return place.keyQuestions.length > 0
    ? { outcome: 'asks', code: undefined }
    : { outcome: 'refuses', code: outcome.problem.code };
}

async function withSsh(row: Row, server: Sshd): Promise<Outcome> {
  prepare(row, server);
  const args = [
    '-F',
    join(place.home, '.ssh/config'),
    '-p',
    String(server.port),
    '-o',
    'PreferredAuthentications=publickey',
    '-i',
    join(place.home, 'identity'),
    row.host ?? '127.0.0.1',
    'true',
  ];
  const env = { ...process.env, SSH_ASKPASS: join(place.home, 'askpass'), SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' };
  const exitCode = await new Promise((resolve) => {
    const child = execFile('ssh', args, { env, timeout: 20_000 }, (error) => resolve(error === null ? 0 : error.code));
    child.stdin?.end();
  });
  return exitCode === 0 ? 'connects' : existsSync(join(place.home, 'asked')) ? 'asks' : 'refuses';
}
