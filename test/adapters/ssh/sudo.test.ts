import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Input } from '../../../src/core/remote/remoteCommand';
import { byteSource } from '../../support/byteSource';
import { startSshd, writeKnownHosts } from './support/sshd';
import { createWorkplace, failure, output, shell, target, timed, type Workplace } from './support/workplace';

let place: Workplace;
let secret: string;
beforeEach(() => {
  place = createWorkplace();
  secret = place.keepSecret("hunter2 'with quotes'");
});
afterEach(() => place.close());

/**
 * Stands in for sudo behind a real sshd and a real shell: `password` (three attempts, read line by line like sudo -S),
 * `free` (never asks), `listed` (right password, but not allowed) or `absent`.
 */
const SUDO = `#!/bin/sh
dir=$(dirname "$0")
mode=$(cat "$dir/mode")
ask=
while [ $# -gt 0 ]; do
  case $1 in
    -k) ;;
    -n) ask=never ;;
    -S) ask=stdin ;;
    -p) shift ;;
    --) shift; break ;;
    *) break ;;
  esac
  shift
done
echo "$ask" >> "$dir/calls"
if [ "$mode" != free ]; then
  [ "$ask" = stdin ] || { echo 'sudo: a password is required' >&2; exit 1; }
  tries=0
  while :; do
    IFS= read -r line || { echo 'sudo: no password was provided' >&2; exit 1; }
    printf '%s\\n' "$line" >> "$dir/attempts"
    [ "$line" = "$(cat "$dir/password")" ] && break
    tries=$((tries + 1))
    sleep 1
    [ $tries -lt 3 ] || { echo 'sudo: 3 incorrect password attempts' >&2; exit 1; }
    echo 'Sorry, try again.' >&2
  done
  [ "$mode" = listed ] && { echo 'alice is not in the sudoers file.' >&2; exit 1; }
fi
SUDO_USED=yes exec "$@"
`;

async function host(mode: 'password' | 'free' | 'listed' | 'absent') {
  const id = place.file('bin/id', '#!/bin/sh\necho 1000\n', 0o755);
  if (mode !== 'absent') place.file('bin/sudo', SUDO, 0o755);
  place.file('bin/mode', mode);
  place.file('bin/password', secret);
  // Without the stand-in there must be no sudo at all, so the shell gets links to the few programs that it needs.
  const path = id.replace(/\/id$/, '');
  for (const program of ['sh', 'cat', 'dirname', 'sha256sum', 'sleep', 'true'])
    symlinkSync(execFileSync('which', [program]).toString().trim(), `${path}/${program}`);
  const sshd = await startSshd(place, { authorized: [place.key('mine')], env: { PATH: path } });
  writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
  const file = (name: string): string => (existsSync(`${path}/${name}`) ? readFileSync(`${path}/${name}`, 'utf8') : '');
  return {
    at: (ssh = {}) => target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], ...ssh }, 'server-1'),
    file,
    setMode: (next: string) => place.file('bin/mode', next),
  };
}

const asRoot = (text: string, stdin?: Input) => shell(text, { sudo: true, ...(stdin === undefined ? {} : { stdin }) });

test('a password from a secret reaches sudo and nothing else', async () => {
  const { at, file } = await host('password');
  const hosts = place.hosts({ sudo: secret });
  const answer = output(
    await hosts.run(
      at({ sudoPassword: '${secret:sudo}' }),
      asRoot('echo "$SUDO_USED"; cat', 'first line\nsecond line\n'),
    ),
  );
  expect(answer).toEqual({ stdout: 'yes\nfirst line\nsecond line\n', stderr: '', exitCode: 0 });
  expect(output(await hosts.run(at({ sudoPassword: '${secret:sudo}' }), shell('echo "${SUDO_USED:-no}"'))).stdout).toBe(
    'no\n',
  );
  expect(
    file('attempts')
      .trim()
      .split('\n')
      .every((line) => line === secret),
  ).toBe(true);
});

test('bytes come after the password and the mark, each of them once', async () => {
  const { at, file } = await host('password');
  const source = byteSource(5_000_000);
  const hosts = place.hosts({ sudo: secret });
  const answer = output(await hosts.run(at({ sudoPassword: '${secret:sudo}' }), asRoot('sha256sum', source)));
  expect(answer.stdout.split(' ')[0]).toBe(source.sha256);
  expect(file('attempts')).toBe(`${secret}\n${secret}\n`); // one for the check, one for the command
});

test('large input behind the password arrives whole', async () => {
  const { at } = await host('password');
  const stdin = 'x'.repeat(1_000_000);
  expect(
    output(await place.hosts({ sudo: secret }).run(at({ sudoPassword: '${secret:sudo}' }), asRoot('cat', stdin)))
      .stdout,
  ).toHaveLength(stdin.length);
});

test('the password is asked for once, and privileges are looked up once per connection', async () => {
  const { at, file } = await host('password');
  place.answer.secret = () => secret;
  const hosts = place.hosts();
  const outcomes = await Promise.all([1, 2, 3].map(() => hosts.run(at(), asRoot('true'))));
  outcomes.forEach(output);
  expect(place.secretQuestions.map(({ kind }) => kind)).toEqual(['sudo-password']);
  expect(
    file('calls')
      .trim()
      .split('\n')
      .filter((call) => call === 'never'),
  ).toHaveLength(1);
});

test('a wrong password costs one attempt, runs nothing, is told within 5 s and asked for again', async () => {
  const { at, file } = await host('password');
  const hosts = place.hosts();
  place.answer.secret = () => place.keepSecret('wrong guess');
  const { ms, value } = await timed(Promise.all([1, 2].map(() => hosts.run(at(), asRoot('echo ran', 'payload\n')))));
  for (const outcome of value)
    expect(failure(place, outcome)).toMatchObject({ code: 'sudo-password-wrong', host: 'server-1' });
  expect(ms).toBeLessThan(5_000);
  expect(file('attempts')).toBe('wrong guess\n');
  place.answer.secret = () => secret;
  expect(output(await hosts.run(at(), asRoot('echo ran'))).stdout).toBe('ran\n');
});

test('without an answer the missing password is named', async () => {
  const { at, file } = await host('password');
  const problem = failure(place, await place.hosts().run(at(), asRoot('true')));
  expect(problem.code).toBe('sudo-password-wrong');
  expect(problem.nextSteps.join(' ')).toContain('ssh.sudoPassword');
  expect(file('attempts')).toBe('');
});

test('sudo without a password gets none', async () => {
  const { at, file } = await host('free');
  expect(
    output(
      await place
        .hosts({ sudo: secret })
        .run(at({ sudoPassword: '${secret:sudo}' }), asRoot('echo "$SUDO_USED"; cat', 'payload\n')),
    ).stdout,
  ).toBe('yes\npayload\n');
  expect(file('calls')).not.toContain('stdin');
});

test('when sudo stops asking, the password never becomes input; the next command finds out anew', async () => {
  const { at, setMode } = await host('password');
  const hosts = place.hosts({ sudo: secret });
  const where = at({ sudoPassword: '${secret:sudo}' });
  output(await hosts.run(where, asRoot('true')));
  setMode('free');
  const problem = failure(place, await hosts.run(where, asRoot('cat', 'payload\n')));
  expect(problem.code).toBe('sudo-state-changed');
  expect(output(await hosts.run(where, asRoot('cat', 'payload\n'))).stdout).toBe('payload\n');
});

test('when sudo starts to ask, that is told and found out anew', async () => {
  const { at, setMode } = await host('free');
  const hosts = place.hosts({ sudo: secret });
  const where = at({ sudoPassword: '${secret:sudo}' });
  output(await hosts.run(where, asRoot('true')));
  setMode('password');
  expect(failure(place, await hosts.run(where, asRoot('true'))).code).toBe('sudo-not-allowed');
  output(await hosts.run(where, asRoot('true')));
});

test('a user whom sudo does not allow anything', async () => {
  const listed = await host('listed');
  expect(
    failure(
      place,
      await place.hosts({ sudo: secret }).run(listed.at({ sudoPassword: '${secret:sudo}' }), asRoot('true')),
    ).code,
  ).toBe('sudo-not-allowed');
});

test('a host without sudo says what the user needs', async () => {
  const { at } = await host('absent');
  const hosts = place.hosts();
  const problem = failure(place, await hosts.run(at(), asRoot('true')));
  expect(problem.code).toBe('sudo-not-allowed');
  expect(problem.nextSteps.join(' ')).toContain('root');
  output(await hosts.run(at(), shell('true')));
});

test('root needs no sudo', async () => {
  const sshd = await startSshd(place, {
    authorized: [place.key('mine')],
    env: { PATH: `${place.file('bin/id', '#!/bin/sh\necho 0\n', 0o755).replace(/\/id$/, '')}:/usr/bin:/bin` },
  });
  writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
  expect(
    output(
      await place
        .hosts()
        .run(
          target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] }),
          asRoot('echo "${SUDO_USED:-no}"; cat', 'x'),
        ),
    ).stdout,
  ).toBe('no\nx');
});
