import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CLI = path.join(import.meta.dirname, '../../dist/cli.js');
/** A busy machine takes its time; an idle one ends in less than one second. */
const MOST_MS = 5000;

describe.skipIf(process.platform === 'win32')('a signal ends the command line, whatever it waits for', () => {
  let folder: string;
  let silent: Server;
  let sockets: Socket[];
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    if (!existsSync(CLI)) throw new Error('dist/cli.js does not exist. Run: npm run build');
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-signals-'));
    sockets = [];
    silent = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (text: string): string => {
    const file = path.join(folder, 'cluster.k3s.yaml');
    writeFileSync(file, text);
    return file;
  };
  /** Its hosts take the connection and never say a word. */
  const silentCluster = (): string => {
    const { port } = silent.address() as AddressInfo;
    return write(
      `apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: edge}\nk3s: {version: v1.36.3+k3s1}\ntoken: K10abcdefghijklmnop\nssh: {port: ${port}, user: nobody}\ndatastore: {type: embedded-etcd}\nloadBalancer: {address: 127.0.0.9, port: ${port}, type: external}\nservers:\n  config: {tls-san: [127.0.0.9]}\n  nodes: [{host: 127.0.0.1}]\n`,
    );
  };
  const start = (
    args: readonly string[],
  ): { readonly ended: Promise<number | null>; readonly output: () => string } => {
    const env = {
      ...process.env,
      HOME: folder,
      XDG_STATE_HOME: path.join(folder, 'state'),
      KUBECONFIG: path.join(folder, 'kubeconfig'),
      NO_COLOR: '1',
    };
    const started = spawn(process.execPath, [CLI, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    let text = '';
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { ended: new Promise((resolve) => started.once('close', resolve)), output: () => text };
  };
  const childrenOf = (pid: number | undefined): string[] => {
    try {
      return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
        .trim()
        .split(/\s+/)
        .filter((text) => text !== '');
    } catch {
      return [];
    }
  };
  const leftovers = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:lock|tmp|stale)$/.test(name));

  /** Sends a signal and gives the exit status; fails when the end takes too long or something is left. */
  const stopWith = async (signal: NodeJS.Signals, run: ReturnType<typeof start>): Promise<number | null> => {
    const children = childrenOf(child?.pid);
    const sent = performance.now();
    child?.kill(signal);
    const code = await run.ended;
    const took = performance.now() - sent;
    expect(took).toBeLessThan(MOST_MS);
    await expect.poll(() => children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    expect(leftovers()).toEqual([]);
    return code;
  };

  it.each(['SIGTERM', 'SIGINT'] as const)('M11: %s during the check of heavy files', async (signal) => {
    const heavy = `apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: a}\nservers:\n  nodes:\n${Array.from({ length: 2000 }, (_none, i) => `    - {host: 10.0.${i >> 8}.${i & 255}, name: S_${i % 900}}\n`).join('')}`;
    for (let i = 0; i < 40; i += 1) writeFileSync(path.join(folder, `heavy-${i}.k3s.yaml`), heavy);
    // What is mended first says that the work has begun.
    writeFileSync(
      path.join(folder, 'a.k3s.yaml'),
      'apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: a}\nk3s: {version: v1.36.3+k3s1}\ntoken: ${secret:t}\nloadBalancer: {address: 10.0.0.9}\nservers:\n  nodes: [{host: 10.0.0.1}]\n',
    );
    const run = start(['lint', '--fix', folder]);
    await expect.poll(run.output, { timeout: 20_000 }).toContain('a.k3s.yaml: Add 10.0.0.9 to tls-san');
    expect(await stopWith(signal, run)).toBe(13);
    expect(run.output()).not.toContain('findings in');
  });

  it.each([
    ['plan', 'SIGTERM'],
    ['plan', 'SIGINT'],
    ['apply', 'SIGTERM'],
    ['apply', 'SIGINT'],
    ['status', 'SIGTERM'],
    ['kubeconfig', 'SIGINT'],
  ] as const)('M11: %s waits for a host that never answers, and %s ends it', async (command, signal) => {
    const run = start([command, silentCluster(), ...(command === 'apply' ? ['--yes'] : [])]);
    await expect.poll(() => sockets.length, { timeout: 20_000, message: run.output() }).toBeGreaterThan(0);
    expect(await stopWith(signal, run)).toBe(13);
  });

  it('M11: the simulated hosts end with the command that started them', async () => {
    const run = start([
      'practice',
      write(
        'apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: p}\nk3s: {version: v1.36.3+k3s1}\ntoken: K10abcdefghijklmnop\nssh: {user: ubuntu}\nservers:\n  nodes: [{host: 127.77.3.1, name: s1}]\n',
      ),
    ]);
    await expect.poll(() => childrenOf(child?.pid).length, { timeout: 20_000 }).toBe(1);
    await stopWith('SIGTERM', run);
  });

  it('M11: a second signal does not wait for anything', async () => {
    const run = start(['plan', silentCluster()]);
    await expect.poll(() => sockets.length, { timeout: 20_000 }).toBeGreaterThan(0);
    child?.kill('SIGTERM');
    expect(await stopWith('SIGINT', run)).toBe(13);
  });
});
