import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSshd, writeKnownHosts, freePort } from './support/sshd';
import { CLIENTS, createWorkplace, failure, output, shell, target, USER, type Workplace } from './support/workplace';

describe.each(CLIENTS)('%s client', (client) => {
  let place: Workplace;
  beforeEach(() => {
    place = createWorkplace(client);
  });
  afterEach(() => place.close());

  /** Three servers with keys and host keys of their own; the inner ones are told apart by their environment. */
  async function threeServers() {
    const keys = ['first', 'second', 'inner'].map((name) => place.key(name));
    const [first, second, inner] = await Promise.all(
      ['first', 'second', 'inner'].map((name, i) =>
        startSshd(place, { authorized: [keys[i] ?? ''], env: { SERVER: name } }),
      ),
    );
    if (first === undefined || second === undefined || inner === undefined) throw new Error('three servers expected');
    writeKnownHosts(place, ...[first, second, inner].map((server) => server.knownHostsLine('ed25519')));
    return { first, second, inner };
  }

  const withoutSsh = (): void => {
    place.env['PATH'] = join(place.home, 'empty');
  };

  const readers: readonly (readonly [string, () => void])[] = [
    ['ssh -G', () => undefined],
    ['our own parser', withoutSsh],
  ];
  test.each(client === 'builtin' ? readers : readers.slice(0, 1))(
    'an alias from an included file: host, port, user and key (%s)',
    async (_name, prepare) => {
      prepare();
      const sshd = await startSshd(place, { authorized: [place.key('special key')] });
      writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
      place.file('.ssh/config', 'Include conf.d/*.conf\n\nHost *\n  Port 1\n  User wrong\n');
      place.file('.ssh/conf.d/10-none.conf', 'Host other\n  HostName 192.0.2.1\n');
      place.file(
        '.ssh/conf.d/20-edge.conf',
        `# the edge\nHost edge-* !edge-9\n  HostName=127.0.0.1\n  Port ${sshd.port}\n  User "${USER}"\n  IdentityFile "%d/special key"\n`,
      );
      const answer = output(await place.hosts().run(target('edge-1'), shell('echo "$SSH_CONNECTION"')));
      expect(answer.stdout).toContain(` ${sshd.port}\n`);
    },
  );

  test('settings of the cluster file win over ssh_config', async () => {
    const sshd = await startSshd(place, { authorized: [place.key('mine')] });
    writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
    place.file(
      '.ssh/config',
      'Host edge\n  HostName 127.0.0.1\n  Port 1\n  User nobody-here\n  ProxyJump nowhere.invalid\n',
    );
    output(
      await place
        .hosts()
        .run(
          target('edge', { port: sshd.port, user: USER, identityFiles: ['mine'], proxyJump: 'none' }),
          shell('true'),
        ),
    );
  });

  test('an error in ssh_config is told in the words of ssh', async () => {
    place.file('.ssh/config', 'Hosst edge\n');
    const problem = failure(place, await place.hosts().run(target('edge'), shell('true')));
    expect(problem.code).toBe('ssh-config-invalid');
    expect(problem.why).toContain('line 1');
  });

  test.runIf(client === 'builtin')(
    'our own parser never evaluates Match: it leaves the block out and says so',
    async () => {
      withoutSsh();
      const port = await freePort();
      place.file(
        '.ssh/config',
        `Match exec "touch ${place.home}/executed"\n  Port 1\nHost edge\n  HostName 127.0.0.1\n  Port ${port}\n`,
      );
      const problem = failure(place, await place.hosts().run(target('edge'), shell('true')));
      expect(problem).toMatchObject({
        code: 'ssh-port-refused',
        message: `Nothing listens on port ${port} of 127.0.0.1.`,
      });
      expect(place.said.join('\n')).toContain('Match block is ignored');
      expect(existsSync(join(place.home, 'executed'))).toBe(false);
    },
  );

  test('reaches a host through two jump hosts, each with its own key and host key check', async () => {
    const { first, second, inner } = await threeServers();
    place.file(
      '.ssh/config',
      `Host one\n  HostName 127.0.0.1\n  Port ${first.port}\n  IdentityFile ~/first\nHost two\n  HostName 127.0.0.1\n  Port ${second.port}\n  IdentityFile ~/second\n`,
    );
    const hosts = place.hosts();
    const at = target('127.0.0.1', {
      port: inner.port,
      identityFiles: ['inner'],
      proxyJump: `one,${USER}@two:${second.port}`,
    });
    const answers = await Promise.all(
      [1, 2, 3].map((n) => hosts.run(at, shell('echo "$SERVER $1"', { args: [String(n)] }))),
    );
    expect(answers.map((answer) => output(answer).stdout)).toEqual(['inner 1\n', 'inner 2\n', 'inner 3\n']);
    for (const server of [first, second, inner]) expect(server.log().match(/Accepted publickey/g)).toHaveLength(1);
    expect(second.log()).not.toContain('Starting session');
  });

  test('ProxyJump from ssh_config is followed, hop by hop', async () => {
    const { first, second, inner } = await threeServers();
    place.file(
      '.ssh/config',
      `Host one\n  HostName 127.0.0.1\n  Port ${first.port}\n  IdentityFile ~/first\nHost two\n  HostName 127.0.0.1\n  Port ${second.port}\n  IdentityFile ~/second\n  ProxyJump one\nHost inner\n  HostName 127.0.0.1\n  Port ${inner.port}\n  IdentityFile ~/inner\n  ProxyJump two\n`,
    );
    expect(output(await place.hosts().run(target('inner'), shell('echo "$SERVER"'))).stdout).toBe('inner\n');
    expect(first.log()).toContain('Accepted publickey');
  });

  test('hosts behind one jump host share its connection', async () => {
    const { first, second, inner } = await threeServers();
    const hosts = place.hosts();
    const outcomes = await Promise.all(
      [second, inner].map((server) =>
        hosts.run(
          target('127.0.0.1', {
            port: server.port,
            identityFiles: ['first', 'second', 'inner'],
            proxyJump: `127.0.0.1:${first.port}`,
          }),
          shell('true'),
        ),
      ),
    );
    outcomes.forEach(output);
    expect(first.log().match(/Accepted publickey/g)).toHaveLength(1);
  });

  test('what fails at the jump host is told of the jump host', async () => {
    const { first, inner } = await threeServers();
    const hosts = place.hosts();
    const at = (proxyJump: string, port = inner.port) =>
      target('127.0.0.1', { port, identityFiles: ['inner'], proxyJump }, 'server-1');
    const login = failure(place, await hosts.run(at(`127.0.0.1:${first.port}`), shell('true')));
    expect(login).toMatchObject({ code: 'ssh-auth-failed', host: 'server-1' });
    expect(login.message).toContain(`through the jump host ${USER}@127.0.0.1:${first.port}`);
    const closed = await freePort();
    const refused = failure(
      place,
      await hosts.run(
        {
          ...at(`127.0.0.1:${first.port}`, closed),
          ssh: { port: closed, identityFiles: ['first'], proxyJump: `127.0.0.1:${first.port}` },
        },
        shell('true'),
      ),
    );
    expect(refused.code).toBe('ssh-port-refused');
    expect(refused.message).toContain(`as seen from ${USER}@127.0.0.1:${first.port}`);
  });

  test('a jump host that forbids forwarding, jump hosts in a circle and ProxyCommand are explained', async () => {
    const locked = await startSshd(place, { authorized: [place.key('mine')], config: ['AllowTcpForwarding no'] });
    writeKnownHosts(place, locked.knownHostsLine('ed25519'));
    place.file('.ssh/config', 'Host a\n  ProxyJump b\nHost b\n  ProxyJump a\nHost c\n  ProxyCommand nc %h %p\n');
    const hosts = place.hosts();
    const forbidden = await hosts.run(
      target('127.0.0.1', { identityFiles: ['mine'], proxyJump: `127.0.0.1:${locked.port}` }),
      shell('true'),
    );
    expect(failure(place, forbidden).code).toBe('ssh-forwarding-refused');
    expect(failure(place, await hosts.run(target('a'), shell('true'))).code).toBe('ssh-jump-loop');
    if (client === 'builtin')
      expect(failure(place, await hosts.run(target('c'), shell('true'))).code).toBe('ssh-proxy-command');
  });

  test('a host that looks like an option is not handed to ssh', async () => {
    const problem = failure(
      place,
      await place.hosts().run(target(`-oProxyCommand=touch ${place.home}/x`), shell('true')),
    );
    expect(problem.code).toBe('ssh-host-invalid');
  });
});
