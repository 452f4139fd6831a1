import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveHop, type Hop } from '../../../src/adapters/ssh/hops';
import { createKnownHostsFiles } from '../../../src/adapters/ssh/knownHostsFiles';
import { createHostKeys } from '../../../src/adapters/ssh/hostKeys';
import { createOpenSsh } from '../../../src/adapters/ssh/openSsh';
import { createSshConfigSource } from '../../../src/adapters/ssh/sshConfig';
import { createVault } from '../../../src/adapters/ssh/vault';
import { ok } from '../../../src/core/base/result';
import type { HostKeyQuestion, Log } from '../../../src/engine/ports';
import { startSshd, writeKnownHosts, type Sshd } from './support/sshd';
import {
  CLIENTS,
  createWorkplace,
  failure,
  fingerprintOf,
  output,
  shell,
  target,
  timed,
  type Workplace,
} from './support/workplace';
import { agreedDoor } from '../../support/agreedDoor';

const noop = (): void => undefined;

describe.each(CLIENTS)('%s client', (client) => {
  let place: Workplace;
  let sshd: Sshd;
  let file: string;
  beforeEach(async () => {
    place = createWorkplace(client);
    sshd = await startSshd(place, { authorized: [place.key('mine')], hostKeyTypes: ['ed25519', 'rsa'] });
    file = join(place.home, '.ssh', 'known_hosts');
  });
  afterEach(() => place.close());

  const run = (host = '127.0.0.1', id = host) =>
    place.hosts().run(target(host, { port: sshd.port, identityFiles: ['mine'] }, id), shell('echo reached'));
  const question = (host = '127.0.0.1') => ({
    host,
    port: sshd.port,
    keyType: 'ssh-ed25519',
    fingerprint: fingerprintOf(`${sshd.hostKey('ed25519')}.pub`),
    rememberedIn: file,
  });

  test('asks about an unknown host, writes the accepted key down and does not ask again', async () => {
    rmSync(join(place.home, '.ssh'), { recursive: true });
    output(await run());
    expect(place.keyQuestions).toEqual([question()]);
    expect(readFileSync(file, 'utf8')).toBe(`${sshd.knownHostsLine('ed25519')}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(place.home, '.ssh')).mode & 0o777).toBe(0o700);
    output(await run());
    expect(place.keyQuestions).toHaveLength(1);
    expect(execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${sshd.port}`, '-f', file]).toString()).toContain(
      'ssh-ed25519',
    );
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
    const outcomes = await Promise.all(
      ['', `ssh-ed25519 unrelated`].map((comment) =>
        hosts.run(
          target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], sudoPassword: comment }),
          shell('true'),
        ),
      ),
    );
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
    writeKnownHosts(
      place,
      '# first line',
      sshd.knownHostsLine('ed25519').replace(/AAAA\S+/, readFileSync(`${other}.pub`, 'utf8').split(' ')[1] ?? ''),
    );
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
    writeKnownHosts(
      place,
      sshd.knownHostsLine('ed25519'),
      `@revoked * ${sshd.knownHostsLine('ed25519').split(' ').slice(1).join(' ')}`,
    );
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
    writeKnownHosts(
      place,
      sshd
        .knownHostsLine('ed25519')
        .replace(/AAAA\S+/, readFileSync(`${place.key('other')}.pub`, 'utf8').split(' ')[1] ?? ''),
    );
    expect(failure(place, await run()).code).toBe('ssh-host-key-changed');
  });

  test('the known_hosts of the cluster file is read, not believed: its key is asked about and remembered in the own one', async () => {
    const team = place.file('team/known_hosts', `${sshd.knownHostsLine('ed25519')}\n`);
    const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], knownHostsFile: './team/known_hosts' });
    output(await place.hosts().run(at, shell('true')));
    expect(place.keyQuestions).toEqual([{ ...question(), vouchedBy: team }]);
    expect(readFileSync(team, 'utf8')).toBe(`${sshd.knownHostsLine('ed25519')}\n`);
    expect(readFileSync(file, 'utf8')).toBe(`${sshd.knownHostsLine('ed25519')}\n`);
  });

  test('the known_hosts of the cluster file counts against a key: another one there, or a revoked one, is refused without asking', async () => {
    const at = target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], knownHostsFile: 'team' });
    const type = sshd.knownHostsLine('ed25519').split(' ').slice(1).join(' ');
    const team = place.file('team', `[127.0.0.1]:${sshd.port} ${readFileSync(`${place.key('other')}.pub`, 'utf8')}`);
    const changed = failure(place, await place.hosts().run(at, shell('true')));
    expect(changed.code).toBe('ssh-host-key-changed');
    expect(changed.why).toContain(`${team}:1`);
    place.file('team', `@revoked * ${type}\n`);
    expect(failure(place, await place.hosts().run(at, shell('true'))).code).toBe('ssh-host-key-revoked');
    expect(place.keyQuestions).toEqual([]);
    // What the person knows stays known.
    writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
    place.file('team', `[127.0.0.1]:${sshd.port} ${readFileSync(`${place.home}/other.pub`, 'utf8')}`);
    output(await place.hosts().run(at, shell('true')));
  });

  test('a known_hosts that is a link of a dotfiles folder stays one, and is added to', async () => {
    place.file('dotfiles/known_hosts', '');
    symlinkSync(join(place.home, 'dotfiles', 'known_hosts'), file);
    output(await run());
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(place.home, 'dotfiles', 'known_hosts'), 'utf8')).toBe(
      `${sshd.knownHostsLine('ed25519')}\n`,
    );
  });

  test('UserKnownHostsFile /dev/null keeps nothing, and the question says so', async () => {
    place.file('.ssh/config', 'UserKnownHostsFile /dev/null\n');
    output(await run());
    const { rememberedIn: _, ...plain } = question();
    expect(place.keyQuestions).toEqual([plain]);
  });

  describe('asking once for all hosts', () => {
    const parts = async (isAgreed?: (hop: Hop, fingerprint: string) => boolean) => {
      const log: Log = { trace: noop, debug: noop, info: noop, warn: noop, error: noop };
      const asked: HostKeyQuestion[] = [];
      const vault = createVault(
        agreedDoor({ resolve: async (text) => ok(text) }),
        { confirmHostKey: async (one) => (asked.push(one), 'reject'), askSecret: async () => undefined },
        log,
      );
      const openSsh = createOpenSsh({ homeDir: place.home, env: place.env });
      const config = createSshConfigSource({ homeDir: place.home, env: place.env, openSsh, onWarning: noop });
      const hop = await resolveHop(
        '127.0.0.1',
        { identityFiles: [], port: sshd.port, knownHostsFile: 'team' },
        {
          config,
          baseDir: place.home,
          homeDir: place.home,
          env: place.env,
          hasSystemSsh: async () => false,
          knownHosts: createKnownHostsFiles(),
          onChoice: noop,
        },
      );
      if (!hop.ok) throw new Error(hop.error.message);
      return {
        hop: hop.value,
        asked,
        hostKeys: createHostKeys({ vault, log, openSsh, ...(isAgreed === undefined ? {} : { isAgreed }) }),
      };
    };
    const blob = () => Buffer.from(sshd.knownHostsLine('ed25519').split(' ')[2] ?? '', 'base64');

    test('vouched names the keys that only the cluster file lists', async () => {
      const team = place.file('team', `${sshd.knownHostsLine('ed25519')}\n${sshd.knownHostsLine('rsa')}\n`);
      const { hop, hostKeys } = await parts();
      expect(await hostKeys.vouched(hop)).toEqual([
        { keyType: 'ssh-ed25519', fingerprint: fingerprintOf(`${sshd.hostKey('ed25519')}.pub`), file: team },
        { keyType: 'ssh-rsa', fingerprint: fingerprintOf(`${sshd.hostKey('rsa')}.pub`), file: team },
      ]);
      writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
      expect(await hostKeys.vouched(hop), 'the person knows a key of this host').toEqual([]);
    });

    test('StrictHostKeyChecking yes lets nobody decide', async () => {
      place.file('team', `${sshd.knownHostsLine('ed25519')}\n`);
      place.file('.ssh/config', 'StrictHostKeyChecking yes\n');
      const { hop, hostKeys, asked } = await parts(() => true);
      expect(await hostKeys.vouched(hop)).toEqual([]);
      expect(await hostKeys.verify(hop, blob())).toMatchObject({ ok: false, error: { code: 'ssh-host-key-rejected' } });
      expect(asked).toEqual([]);
    });

    test('a key that was agreed to is accepted without a question and written nowhere; an unlisted one is not', async () => {
      place.file('team', `${sshd.knownHostsLine('ed25519')}\n`);
      const agreed: string[] = [];
      const { hop, hostKeys, asked } = await parts((_hop, fingerprint) => agreed.push(fingerprint) > 0);
      const verdict = await hostKeys.verify(hop, blob());
      expect(verdict.ok).toBe(true);
      if (verdict.ok) await verdict.value.remember();
      expect(agreed).toEqual([question().fingerprint]);
      expect(asked).toEqual([]);
      expect(existsSync(file)).toBe(false);
      place.file('team', '');
      expect((await hostKeys.verify(hop, blob())).ok).toBe(false);
      expect(asked).toHaveLength(1);
    });
  });
});
