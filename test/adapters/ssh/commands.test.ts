import { createHash } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSshd, writeKnownHosts, freePort, type Sshd } from './support/sshd';
import { finish, startSsh2Server } from './support/ssh2Server';
import {
  CLIENTS,
  createWorkplace,
  eventually,
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

  async function realServer(config: readonly string[] = []): Promise<{ sshd: Sshd; at: ReturnType<typeof target> }> {
    const sshd = await startSshd(place, { authorized: [place.key('mine')], config });
    writeKnownHosts(place, sshd.knownHostsLine('ed25519'));
    return { sshd, at: target('127.0.0.1', { port: sshd.port, identityFiles: ['mine'] }, 'server-1') };
  }

  test('20 commands in parallel share one connection of a server that allows 10 sessions', async () => {
    const { sshd, at } = await realServer();
    const hosts = place.hosts();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => hosts.run(at, shell('sleep 0.1; echo "$1"', { args: [String(i)] }))),
    );
    expect(outcomes.map((outcome) => output(outcome).stdout.trim())).toEqual(
      Array.from({ length: 20 }, (_, i) => String(i)),
    );
    expect(sshd.log().match(/Accepted publickey/g)).toHaveLength(1);
  });

  test('a server that allows fewer sessions slows the commands down but fails none', async () => {
    const { sshd, at } = await realServer(['MaxSessions 2']);
    const hosts = place.hosts();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, i) => hosts.run(at, shell('sleep 0.1; echo "$1"', { args: [String(i)] }))),
    );
    expect(outcomes.map((outcome) => output(outcome).stdout.trim())).toEqual(
      Array.from({ length: 8 }, (_, i) => String(i)),
    );
    expect(sshd.log().match(/Accepted publickey/g)).toHaveLength(1);
  });

  test('a server that allows no session at all is explained', async () => {
    const { at } = await realServer(['MaxSessions 0']);
    expect(failure(place, await place.hosts().run(at, shell('true'))).code).toBe('ssh-session-refused');
  });

  test('commands on an open connection take few milliseconds', async () => {
    const { at } = await realServer();
    const hosts = place.hosts();
    const medianOf = async (count: number): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < count; i += 1) times.push((await timed(hosts.run(at, shell('true')))).ms);
      return times.sort((a, b) => a - b)[count >> 1] ?? Infinity;
    };
    // A busy machine may spoil some batches; with Nagle's algorithm on, none can be below 40 ms.
    let best = await medianOf(15);
    for (let batch = 0; batch < 6 && best >= 20; batch += 1) best = await medianOf(15);
    expect(best).toBeLessThan(20);
  });

  test('a sink takes more than a command may print otherwise, piece by piece and unchanged, however slow it is', async () => {
    const { at } = await realServer();
    const hash = createHash('sha256');
    let bytes = 0;
    let taking = 0;
    let together = 0;
    const sink = async (piece: Uint8Array): Promise<void> => {
      taking += 1;
      together = Math.max(together, taking);
      await new Promise((resolve) => setImmediate(resolve));
      hash.update(piece);
      bytes += piece.length;
      taking -= 1;
    };
    const answer = output(
      await place.hosts().run(at, shell('head -c 20000000 /dev/zero | tr "\\0" x; echo done >&2'), { sink }),
    );
    expect([answer.exitCode, answer.stdout, answer.stderr.trim()]).toEqual([0, '', 'done']);
    expect([bytes, together]).toEqual([20_000_000, 1]);
    expect(hash.digest('hex')).toBe(createHash('sha256').update('x'.repeat(20_000_000)).digest('hex'));
  });

  test('3 MB of standard input arrive unchanged', async () => {
    const { at } = await realServer();
    const stdin = Array.from({ length: 3_000_000 / 50 }, (_, i) => String(i).padStart(49, 'ä€x')).join('\n');
    const answer = output(await place.hosts().run(at, shell('sha256sum', { stdin })));
    expect(answer.stdout.split(' ')[0]).toBe(createHash('sha256').update(stdin).digest('hex'));
  });

  test('a command that does not read its input ends all the same', async () => {
    const { at } = await realServer();
    expect(output(await place.hosts().run(at, shell('exit 3', { stdin: 'x'.repeat(3_000_000) }))).exitCode).toBe(3);
  });

  test('exit status, both streams and death by a signal are reported', async () => {
    const { at } = await realServer();
    const hosts = place.hosts();
    expect(output(await hosts.run(at, shell('echo out; echo err >&2; exit 7')))).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      exitCode: 7,
    });
    expect(output(await hosts.run(at, shell('kill -9 $$'))).exitCode).toBe(137);
  });

  test('lines come while the command runs, whole and with secrets masked', async () => {
    const { at } = await realServer();
    const token = place.keepSecret('K10abc::server:sup3r-s3cret');
    const lines: string[] = [];
    let early = 0;
    const running = place.hosts().run(
      at,
      shell('cat; printf "h\\303"; sleep 0.6; printf "\\244lf\\n"; printf unfinished >&2', {
        stdin: `token=${token}\r\n`,
        secrets: [token],
      }),
      { onLine: (line, stream) => lines.push(`${stream}: ${line}`) },
    );
    await eventually(() => expect((early = lines.length)).toBe(1));
    output(await running);
    expect(early).toBe(1);
    expect(lines.sort()).toEqual(['stderr: unfinished', 'stdout: hälf', 'stdout: token=***']);
  });

  test('secrets are masked in the problems that a command reports', async () => {
    const { at } = await realServer();
    const token = place.keepSecret('K10abc::server:sup3r-s3cret');
    const command = shell('cat >&2; exit 1', {
      stdin: `bad token ${token} ${Buffer.from(token).toString('base64')}`,
      secrets: [token],
    });
    const problem = failure(
      place,
      await place.hosts().run(at, {
        ...command,
        parse: ({ stderr }) => ({
          ok: false,
          error: { code: 'bad', message: stderr, why: stderr, nextSteps: [stderr] },
        }),
      }),
    );
    expect(problem.message).toContain('bad token ***');
  });

  test('a time limit ends the wait; the outcome is unknown and the connection stays usable', async () => {
    const { sshd, at } = await realServer();
    const hosts = place.hosts();
    const { ms, value } = await timed(hosts.run(at, shell('sleep 30', { timeoutMs: 400 })));
    expect(failure(place, value, 'unknown')).toMatchObject({ code: 'remote-timeout', host: 'server-1' });
    expect(ms).toBeLessThan(4_000);
    output(await hosts.run(at, shell('true')));
    expect(sshd.log().match(/Accepted publickey/g)).toHaveLength(1);
  });

  test('sessions left over by cancelled commands do not block the next ones', async () => {
    const { at } = await realServer(['MaxSessions 3']);
    const hosts = place.hosts();
    for (let i = 0; i < 3; i += 1)
      failure(place, await hosts.run(at, shell('sleep 20', { timeoutMs: 100 })), 'unknown');
    const { ms, value } = await timed(hosts.run(at, shell('true')));
    output(value);
    expect(ms).toBeLessThan(5_000);
  });

  test('cancelling returns at once: before the login, in the queue and in the middle of a command', async () => {
    const { at } = await realServer();
    const hosts = place.hosts();
    const early = new AbortController();
    early.abort();
    expect(failure(place, await hosts.run(at, shell('true'), { signal: early.signal })).code).toBe('remote-cancelled');

    const running = new AbortController();
    const commands = Array.from({ length: 9 }, () =>
      hosts.run(at, shell('echo started; sleep 30'), { signal: running.signal, onLine: () => (started += 1) }),
    );
    let started = 0;
    await eventually(() => expect(started).toBe(8));
    running.abort();
    const { ms, value } = await timed(Promise.all(commands));
    expect(ms).toBeLessThan(500);
    value.slice(0, 8).forEach((outcome) => expect(failure(place, outcome, 'unknown').code).toBe('remote-cancelled'));
    expect(failure(place, value[8] ?? { kind: 'done', value: undefined }).code).toBe('remote-cancelled');
    output(await hosts.run(at, shell('true')));
  });

  test('cancelling one command leaves the login that others wait for alone', async () => {
    const { at } = await realServer();
    const hosts = place.hosts();
    const cancel = new AbortController();
    const first = hosts.run(at, shell('true'), { signal: cancel.signal });
    const second = hosts.run(at, shell('echo fine'));
    cancel.abort();
    expect(failure(place, await first).code).toBe('remote-cancelled');
    expect(output(await second).stdout).toBe('fine\n');
  });

  test('too much output is cut off and reported, not collected', async () => {
    const { at } = await realServer();
    const problem = failure(place, await place.hosts().run(at, shell('head -c 9000000 /dev/zero')));
    expect(problem).toMatchObject({ code: 'remote-output-too-long', host: 'server-1' });
  });

  test('a connection lost in the middle of a command leaves its outcome unknown; the next command reconnects', async () => {
    const server = await startSsh2Server(place, {
      exec: (command, channel) =>
        command.includes('sleep') ? channel.write('started\n') : finish(channel, 0, 'back\n'),
    });
    const hosts = place.hosts();
    const at = target('127.0.0.1', { port: server.port }, 'server-1');
    const problem = failure(place, await hosts.run(at, shell('sleep'), { onLine: () => server.cut() }), 'unknown');
    expect(problem).toMatchObject({ code: 'connection-lost', host: 'server-1' });
    expect(output(await hosts.run(at, shell('true'))).stdout).toBe('back\n');
    expect(server.logins()).toBe(2);
  });

  test('sshd killed in the middle of a command: unknown as well, and no command ran twice', async () => {
    const { sshd, at } = await realServer();
    const hosts = place.hosts();
    const running = hosts.run(at, shell('echo "$PPID" "$SSH_CONNECTION"; sleep 30'), {
      onLine: (line) => process.kill(Number(line.split(' ')[0]), 'SIGKILL'),
    });
    expect(failure(place, await running, 'unknown').code).toBe('connection-lost');
    output(await hosts.run(at, shell('true')));
    expect(sshd.log().match(/Accepted publickey/g)).toHaveLength(2);
  });

  test('a host that falls silent is noticed by keepalive', async () => {
    const { at } = await realServer();
    const hosts = place.hosts({}, { timeouts: { keepaliveMs: 150, keepaliveCount: 2 } });
    let pid = 0;
    const running = timed(
      hosts.run(at, shell('ps -o ppid= -p $PPID; echo $PPID; sleep 30'), {
        onLine: (line) => ((pid = Number(line)) > 0 ? process.kill(pid, 'SIGSTOP') : undefined),
      }),
    );
    const { ms, value } = await running;
    expect(failure(place, value, 'unknown').why).toBe('The host stopped answering.');
    expect(ms).toBeLessThan(4_000);
    process.kill(pid, 'SIGKILL');
  });

  test('a tunnel carries bytes both ways and reports a refused port', async () => {
    const { at } = await realServer();
    const echo = createServer((socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    place.atEnd(() => void echo.close());
    const hosts = place.hosts();
    const opened = await hosts.openTunnel(at, '127.0.0.1', (echo.address() as AddressInfo).port);
    if (!opened.ok) throw new Error(opened.error.message);
    const stream = opened.value as Duplex;
    const heard = new Promise((resolve) => stream.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    stream.write('hello');
    expect(await heard).toBe('hello');
    stream.destroy();
    const refused = await hosts.openTunnel(at, '127.0.0.1', await freePort());
    expect(refused).toMatchObject({ ok: false, error: { code: 'ssh-port-refused', host: 'server-1' } });
  });

  test('after dispose nothing is open and nothing connects', async () => {
    const { sshd, at } = await realServer();
    const hosts = place.hosts();
    const running = hosts.run(at, shell('echo started; sleep 30'), { onLine: () => void hosts.dispose() });
    expect(failure(place, await running, 'unknown').code).toBe('connection-lost');
    expect(failure(place, await hosts.run(at, shell('true'))).code).toBe('remote-cancelled');
    await eventually(() => expect(sshd.log()).toMatch(/disconnected by|Connection closed|Received disconnect/));
  });
});
