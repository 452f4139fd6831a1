import { spawn, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  dialPorts,
  freePorts,
  isListening,
  knockKey,
  listenOnPorts,
  readListening,
  type Knock,
  type MeshPort,
} from '../../../src/core/remote/portMesh';
import { shellHost, type ShellHost } from '../../support/shellHost';

/** A port that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe.each(['python3', 'perl'])('the mesh of ports with %s', (program) => {
  let host: ShellHost;
  let servers: Server[] = [];
  beforeEach(() => {
    host = shellHost('/bin/dash');
  });
  afterEach(() => {
    host.remove();
    for (const server of servers) server.close();
    servers = [];
  });

  /** The command as a host runs it that has only this interpreter. */
  const only = <C extends { readonly script: { readonly id: string; readonly text: string } }>(command: C): C => ({
    ...command,
    script: {
      ...command.script,
      text: command.script.text.replace('python3 /usr/libexec/platform-python perl', program),
    },
  });

  async function listen(ports: readonly MeshPort[], seconds: number) {
    const child = host.start(only(listenOnPorts(ports, seconds)));
    const lines: string[] = [];
    let rest = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        rest += chunk.toString();
        const whole = rest.split('\n');
        rest = whole.pop() ?? '';
        lines.push(...whole);
        if (lines.some(isListening)) resolve();
      });
      child.once('exit', () => reject(new Error(`it ended: ${lines.join()}`)));
    });
    return { child, lines };
  }

  async function dial(...knocks: readonly Knock[]) {
    const command = only(dialPorts(knocks));
    const read = command.parse(await host.run(command));
    if (!read.ok) throw new Error(`${read.error.message}: ${read.error.why}`);
    return knocks.map((knock) => read.value?.get(knockKey(knock)));
  }

  it('has its ports free as soon as it is told to end; another process of that number is left alone', async () => {
    const port = await freePort();
    const { child, lines } = await listen([`tcp:${port}`], 20);
    const bystander = spawn('sleep', ['30']);
    expect((await host.run(freePorts(String(bystander.pid)))).stdout).toBe('');
    expect(bystander.exitCode).toBeNull();
    bystander.kill('SIGKILL');
    expect((await host.run(freePorts(readListening(lines).process ?? ''))).stdout).toBe('there\n');
    expect(await dial({ port: `tcp:${port}`, address: '127.0.0.1' })).toEqual(['refused']);
    await expect.poll(() => child.signalCode).toBe('SIGTERM');
    expect((await host.run(freePorts(readListening(lines).process ?? ''))).stdout).toBe('');
  });

  it('reaches what listens over TCP and UDP, and tells what is shut', async () => {
    const [tcp, udp, shut] = [await freePort(), await freePort(), await freePort()];
    const { child, lines } = await listen([`tcp:${tcp}`, `udp:${udp}`], 20);
    expect(readListening(lines)).toEqual({ unable: false, busy: [], process: String(child.pid) });
    const at = (port: MeshPort): Knock => ({ port, address: '127.0.0.1' });
    expect(await dial(at(`tcp:${tcp}`), at(`udp:${udp}`), at(`tcp:${shut}`), at(`udp:${shut}`))).toEqual([
      'reached',
      'reached',
      'refused',
      'refused',
    ]);
    expect(child.exitCode).toBeNull();
  });

  it('names a port that another program has, and listens on the others', async () => {
    const server = createServer().listen(0);
    servers.push(server);
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const other = await freePort();
    const { lines } = await listen([`tcp:${port}`, `tcp:${other}`], 20);
    expect(readListening(lines)).toMatchObject({ unable: false, busy: [`tcp:${port}`] });
    expect(await dial({ port: `tcp:${other}`, address: '127.0.0.1' })).toEqual(['reached']);
  });

  it('ends when nobody reads it any more, and gives its ports back', async () => {
    const port = await freePort();
    const { child } = await listen([`tcp:${port}`, `udp:${port}`], 600);
    child.removeAllListeners('exit');
    child.stdout?.destroy();
    await once(child, 'exit');
    const socket = createSocket('udp6').bind(port);
    await once(socket, 'listening');
    socket.close();
    const server = createServer().listen(port);
    servers.push(server);
    await once(server, 'listening');
  });

  it('ends by itself after its seconds', async () => {
    const { child } = await listen([`tcp:${await freePort()}`], 1);
    child.removeAllListeners('exit');
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });
});

it('a host without an interpreter says so, and opens nothing', async () => {
  const host = shellHost('/bin/dash');
  const without = <C extends { readonly script: { readonly id: string; readonly text: string } }>(command: C): C => ({
    ...command,
    script: {
      ...command.script,
      text: command.script.text.replace('python3 /usr/libexec/platform-python perl', 'no-such-program'),
    },
  });
  try {
    const listened = without(listenOnPorts(['tcp:1'], 5));
    expect(listened.parse(await host.run(listened))).toEqual({ ok: true, value: { unable: true, busy: [] } });
    const dialled = without(dialPorts([{ port: 'tcp:1', address: '127.0.0.1' }]));
    expect(dialled.parse(await host.run(dialled))).toEqual({ ok: true, value: undefined });
  } finally {
    host.remove();
  }
});

it('the machine of this test has both interpreters', () => {
  for (const program of ['python3', 'perl']) expect(spawnSync(program, ['--version']).status).toBe(0);
});
