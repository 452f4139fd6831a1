import { spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort, startSshd, writeKnownHosts } from './support/sshd';
import { finish, startSsh2Server } from './support/ssh2Server';
import {
  CLIENTS,
  createWorkplace,
  endProcess,
  failure,
  output,
  shell,
  target,
  timed,
  type Workplace,
} from './support/workplace';

describe.each(CLIENTS)('%s client', (client) => {
  let place: Workplace;
  beforeEach(() => {
    place = createWorkplace(client);
  });
  afterEach(() => place.close());

  /** A TCP server that treats each connection as `behave` says. */
  async function tcpServer(behave: (socket: Socket, count: number) => void): Promise<number> {
    let count = 0;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      behave(socket, (count += 1));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    place.atEnd(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return (server.address() as AddressInfo).port;
  }

  async function quickFailure(host: string, port: number) {
    const { ms, value } = await timed(place.hosts().run(target(host, { port, user: 'me' }, 'server-1'), shell('true')));
    expect(ms).toBeLessThan(client === 'builtin' ? 5_000 : 12_000);
    const problem = failure(place, value);
    expect(problem.host).toBe('server-1');
    expect(problem.nextSteps.length).toBeGreaterThan(0);
    return problem;
  }

  test('a refused port', async () => {
    const port = await freePort();
    expect(await quickFailure('127.0.0.1', port)).toMatchObject({
      code: 'ssh-port-refused',
      message: `Nothing listens on port ${port} of 127.0.0.1.`,
    });
  });

  test('an unknown host name', async () => {
    expect(await quickFailure('no-such-host.invalid', 22)).toMatchObject({
      code: 'name-not-found',
      message: 'The host name no-such-host.invalid cannot be resolved.',
    });
  });

  test('a host that swallows packets', async () => {
    // A full accept queue drops SYN packets, as a firewall would.
    const child = spawn(
      process.execPath,
      [
        '-e',
        `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => { require('fs').writeSync(1, String(s.address().port)); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); })`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    place.atEnd(() => endProcess(child));
    const port = Number(
      await new Promise((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))),
    );
    const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    place.atEnd(() => fillers.forEach((socket) => void socket.destroy()));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const problem = await quickFailure('127.0.0.1', port);
    expect(problem.code).toBe('ssh-timeout');
    expect(problem.message).toBe(`127.0.0.1 does not answer on port ${port} within 4 s.`);
  });

  test('a server that accepts and then says nothing', async () => {
    expect(await quickFailure('127.0.0.1', await tcpServer(() => undefined))).toMatchObject({ code: 'ssh-timeout' });
  });

  test('a server that falls silent after its greeting', async () => {
    const problem = await quickFailure('127.0.0.1', await tcpServer((socket) => socket.write('SSH-2.0-Hanging\r\n')));
    expect(problem).toMatchObject({ code: 'ssh-timeout', why: 'It stopped answering during the login.' });
  });

  test('a service that is not SSH', async () => {
    const problem = await quickFailure(
      '127.0.0.1',
      await tcpServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    );
    expect(problem).toMatchObject({ code: 'ssh-not-ssh' });
    expect(problem.why).toContain('HTTP/1.1 400');
  });

  test('a server that always hangs up first', async () => {
    expect(await quickFailure('127.0.0.1', await tcpServer((socket) => socket.resetAndDestroy()))).toMatchObject({
      code: 'ssh-closed-early',
    });
  });

  // OpenSSH 9.8 and later say this instead of a greeting while PerSourcePenalties holds for an address; the one here is older.
  test('a server that has locked this address out after failed logins is told at once, and not asked again', async () => {
    let connections = 0;
    const port = await tcpServer((socket) => {
      connections += 1;
      socket.end('Not allowed at this time\r\n');
    });
    const problem = await quickFailure('127.0.0.1', port);
    expect(problem).toMatchObject({ code: 'ssh-closed-early' });
    expect(problem.why).toContain('Not allowed at this time');
    expect(problem.nextSteps.join(' ')).toContain('wait and try again');
    expect(connections).toBe(1);
  });

  test('a server that hangs up twice because it is busy is tried again', async () => {
    const sshd = await startSshd(place, { authorized: [place.key('mine')] });
    const port = await tcpServer((socket, count) => {
      if (count === 1) socket.resetAndDestroy();
      else if (count === 2) socket.end('Exceeded MaxStartups\r\n');
      else socket.pipe(connect(sshd.port, '127.0.0.1')).pipe(socket);
    });
    output(await place.hosts().run(target('127.0.0.1', { port, identityFiles: ['mine'] }), shell('true')));
  });

  test('30 logins at once at a server that drops clients at ten unfinished ones all succeed', async () => {
    const sshd = await startSshd(place, { authorized: [place.key('mine')], config: ['MaxStartups 10:100:10'] });
    writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
    const hosts = place.hosts();
    // A different sudo password makes a connection of its own.
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        hosts.run(
          target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'], sudoPassword: `${i}` }),
          shell('true'),
        ),
      ),
    );
    outcomes.forEach(output);
    expect(sshd.log().match(/Accepted publickey/g)).toHaveLength(30);
    // sshd counts a login a moment longer than we do, so a few may be dropped and tried again; without a limit it is most of them.
    expect((sshd.log().match(/drop connection/g) ?? []).length).toBeLessThan(6);
  });

  test.runIf(client === 'builtin')('a server with nothing but algorithms that we do not have', async () => {
    const sshd = await startSshd(place, { config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] });
    const problem = await quickFailure('127.0.0.1', sshd.port);
    expect(problem.code).toBe('ssh-no-common-algorithm');
    expect(problem.message).toContain('key exchange algorithm');
  });

  test('a command that ends without an exit status is unknown, never a success', async () => {
    const server = await startSsh2Server(place, { exec: (_command, channel) => channel.end('partial\n') });
    const problem = failure(
      place,
      await place.hosts().run(target('127.0.0.1', { port: server.port }), shell('true')),
      'unknown',
    );
    expect(problem.why).toContain('without an exit status');
  });

  test('the time a person takes to answer is not counted', async () => {
    const server = await startSsh2Server(place, { exec: (_command, channel) => finish(channel, 0) });
    const slow = {
      confirmHostKey: () => new Promise<'accept'>((resolve) => setTimeout(() => resolve('accept'), 900)),
      askSecret: () => Promise.resolve(undefined),
    };
    output(
      await place
        .hosts({}, { prompter: slow, timeouts: { silenceMs: 400 } })
        .run(target('127.0.0.1', { port: server.port }), shell('true')),
    );
  });
});
