import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putAsideK3s, putBackK3s } from '../../../src/core/remote/aside';
import { removeUnit } from '../../../src/core/remote/removeUnit';
import { controlUnit, unitStatus, type UnitStatus } from '../../../src/core/remote/unit';
import { probe } from '../../../src/core/facts/probe';
import type { RemoteCommand, RemoteScript } from '../../../src/core/remote/remoteCommand';
import { SERVICES } from '../../../src/core/remote/serviceManager';
import { openrcOn, SHELLS, type OpenrcHost } from '../../support/openrc';
import { shellHost, type ShellHost } from '../../support/shellHost';

/** As install.sh writes it. */
const SERVICE = `#!/sbin/openrc-run

depend() {
    after network-online
    want cgroups
}

supervisor=supervise-daemon
name=k3s
command="/usr/local/bin/k3s"
command_args="server \\
\t'--node-label=a=\\"b\\"' \\
\t'--tls-san=k3s.example.net' \\
    >>/var/log/k3s.log 2>&1"

output_log=/var/log/k3s.log
error_log=/var/log/k3s.log
`;

/** The time of a host in a zone of its own, as supervise-daemon writes it; K3s writes the same time with the zone. */
const clock = (seconds: number): string => new Date(seconds * 1000 + 3 * 3_600_000).toISOString().slice(0, 19);
const said = (seconds: number, message: string): string =>
  `time="${clock(seconds)}+03:00" level=info msg="${message}"\n`;

const plain = (script: RemoteScript): RemoteCommand<void> => ({
  script,
  args: [],
  sudo: true,
  timeoutMs: 1000,
  secrets: [],
  parse: () => ({ ok: true, value: undefined }),
});

describe.each(SHELLS)('K3s as a service of OpenRC under %s', (shell) => {
  const now = Math.floor(Date.now() / 1000);
  let host: ShellHost;
  let openrc: OpenrcHost;
  let service: string;
  beforeEach(() => {
    host = shellHost(shell, { TZ: 'Etc/GMT-3' });
    openrc = openrcOn(host);
    service = SERVICE.replaceAll('/var/log/', host.root('/var/log/'));
    openrc.put('/etc/init.d/k3s', service);
  });
  afterEach(() => host.remove());

  const calls = (): string[] => {
    const file = join(host.folder, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  /** K3s runs since so many seconds; its supervisor had started it `count` times before. */
  const runs = (seconds: number, { lives = true, count = 0, supervised = true } = {}): void =>
    openrc.state('k3s', {
      mark: 'started',
      supervisor: { pid: 4001, lives: supervised },
      child: { pid: 4002, lives },
      started: clock(now - seconds).replace('T', ' '),
      count,
    });
  async function status(before = ''): Promise<UnitStatus> {
    const command = unitStatus('k3s', { before, journalLines: 50, waitSeconds: 0, known: '' });
    const read = command.parse(await host.run(command));
    if (!read.ok) throw new Error(`${read.error.message}: ${read.error.why}`);
    return read.value;
  }
  const journal = async (): Promise<readonly string[]> =>
    (await status()).journal.map((line) => /msg="([^"]*)"/.exec(line)?.[1] ?? line);

  it('starts until its log says that it is up, whatever an earlier process has said', async () => {
    const old = said(now - 90, 'Starting k3s v1.36.3+k3s1 (866d743e)') + said(now - 80, 'k3s is up and running');
    runs(60);
    openrc.put('/var/log/k3s.log', old + said(now - 59, 'Starting k3s v1.36.3+k3s1 (866d743e)'));
    expect(await status()).toMatchObject({ active: 'activating', sub: 'start', restarts: 0, result: 'success' });
    expect(await journal()).toEqual(['Starting k3s v1.36.3+k3s1 (866d743e)']);
    openrc.put(
      '/var/log/k3s.log',
      `${old}${said(now - 59, 'Starting k3s v1.36.3+k3s1 (866d743e)')}${said(now - 9, 'k3s is up and running')}`,
    );
    expect(await status()).toMatchObject({ active: 'active', sub: 'running' });
  });

  it('is up as an agent when its Node has its labels, which says nothing of a server', async () => {
    const labels = said(now - 9, 'Annotations and labels have been set successfully on node: pi-1');
    runs(60);
    openrc.put('/var/log/k3s.log', said(now - 59, 'Starting k3s agent v1.36.3+k3s1 (866d743e)') + labels);
    expect((await status()).active).toBe('active');
    openrc.put('/var/log/k3s.log', said(now - 59, 'Starting k3s v1.36.3+k3s1 (866d743e)') + labels);
    expect((await status()).active).toBe('activating');
  });

  it('is up when it has run for so long that its log was turned over', async () => {
    openrc.put('/var/log/k3s.log', said(now - 5, 'Compacting'));
    runs(3600);
    expect((await status()).active).toBe('active');
    runs(20);
    expect((await status()).active).toBe('activating');
  });

  it('tells what the process that has ended wrote, in all forms of lines, and nothing of the one before', async () => {
    const day = clock(now - 8)
      .slice(5, 10)
      .replace('-', '');
    runs(8, { lives: false, count: 2 });
    openrc.put(
      '/var/log/k3s.log',
      `${said(now - 30, 'Starting k3s v1.36.3+k3s1 (866d743e)')}{"level":"warn","ts":"${clock(now - 29)}.100000+0300","msg":"old"}
E${clock(now - 28)
        .slice(5, 10)
        .replace('-', '')} ${clock(now - 28).slice(11)}.000001    4000 old.go:1] old
E${day} ${clock(now - 8).slice(11)}.000001    4002 new.go:1] new
{"level":"warn","ts":"${clock(now - 8)}.200000+0300","msg":"new"}
Incorrect Usage: flag provided but not defined: -x
`,
    );
    expect(await status()).toMatchObject({
      active: 'activating',
      sub: 'auto-restart',
      restarts: 2,
      result: 'exit-code',
    });
    expect((await journal()).map((line) => line.replace(/^E\d{4} \S+ +/, ''))).toEqual([
      '4002 new.go:1] new',
      expect.stringContaining('"msg":"new"'),
      'Incorrect Usage: flag provided but not defined: -x',
    ]);
  });

  it('has another run after each start and each failure, and none while it is stopped', async () => {
    openrc.put('/var/log/k3s.log', '');
    const seen = new Set<string>();
    for (const [seconds, count] of [
      [60, 0],
      [30, 0],
      [30, 1],
    ] as const) {
      runs(seconds, { count });
      seen.add((await status()).invocation);
    }
    expect(seen.size).toBe(3);
    for (const invocation of seen) expect(invocation).toMatch(/^[0-9a-f]{20,}$/);
    openrc.state('k3s', {});
    expect(await status()).toMatchObject({ active: 'inactive', sub: 'dead', invocation: '', journal: [] });
  });

  it.each([
    ['its supervisor was killed', 'failed', 'failed'],
    ['it is stopped', 'deactivating', 'stop-sigterm'],
    ['its supervisor has not begun yet', 'activating', 'start'],
    ['it was given up', 'failed', 'failed'],
  ])('is seen when %s', async (what, active, sub) => {
    if (what === 'its supervisor was killed') runs(60, { supervised: false });
    if (what === 'it is stopped') openrc.state('k3s', { mark: 'stopping' });
    if (what === 'it was given up') openrc.state('k3s', { mark: 'failed' });
    if (what === 'its supervisor has not begun yet')
      openrc.state('k3s', { mark: 'started', supervisor: { pid: 4001, lives: true } });
    expect(await status()).toMatchObject({ active, sub });
  });

  it('is restarted by stopping and starting it, starts with its host, and the log of before is no sign of the new one', async () => {
    const log = said(now, 'Starting k3s v1.36.3+k3s1 (866d743e)') + said(now, 'k3s is up and running');
    openrc.put('/var/log/k3s.log', log);
    runs(0);
    const before = (await status()).invocation;
    // Stopping ends the process, starting makes another one in the same second.
    host.program(
      'rc-service',
      `echo "rc-service $*" >> "$HOST/calls"
case $2 in stop) rm -f "$HOST/proc/4002/status" ;; start) echo 4003 > "$HOST/run/openrc/options/k3s/child_pid"; mkdir -p "$HOST/proc/4003"; echo 'State: S' > "$HOST/proc/4003/status" ;; esac`,
    );
    const command = controlUnit('restart', 'k3s', 'openrc');
    expect(command.parse(await host.run(command))).toEqual({ ok: true, value: before });
    expect(calls()).toEqual(['rc-update -q add k3s default', 'rc-service k3s stop', 'rc-service k3s start']);
    expect(await status()).toMatchObject({ active: 'activating', journal: [] });
  });

  it('is stopped when its process is gone: supervise-daemon leaves one alone that takes more than five seconds', async () => {
    runs(60);
    const gone = join(host.folder, 'proc/4002/status');
    host.program('rc-service', `(sleep 1; rm "${gone}") >/dev/null 2>&1 &`);
    const command = controlUnit('stop', 'k3s', 'openrc');
    expect(command.parse(await host.run(command)).ok).toBe(true);
    expect(existsSync(gone)).toBe(false);
  });

  it('says what OpenRC says when it cannot be started', async () => {
    openrc.state('k3s', {});
    host.program('rc-service', 'echo " * ERROR: k3s failed to start" >&2; exit 1');
    const command = controlUnit('start', 'k3s', 'openrc');
    expect(command.parse(await host.run(command))).toMatchObject({
      ok: false,
      error: {
        message: 'OpenRC could not start k3s',
        why: '* ERROR: k3s failed to start',
        nextSteps: ['See "rc-service k3s status" on the host.'],
      },
    });
  });

  it('is read as a unit is: release, arguments, variables, and whether it starts with the host', async () => {
    host.program('k3s', `echo 'k3s version v1.36.3+k3s1 (866d743e)'`);
    openrc.put('/etc/rancher/k3s/k3s.env', `K3S_TOKEN='two words'\n`);
    openrc.put('/etc/environment', 'HTTPS_PROXY="http://proxy:3128"\n');
    openrc.put('/etc/default/k3s', 'K3S_URL=https://nobody.reads.this:6443\n');
    openrc.put(
      '/var/log/k3s.log',
      said(now - 59, 'Starting k3s v1.36.3+k3s1 (1)') + said(now - 50, 'k3s is up and running'),
    );
    runs(60, { count: 1 });
    const command = probe(join(host.folder, 'data'));
    const read = command.parse(await host.run(command));
    expect(read).toMatchObject({
      ok: true,
      value: {
        init: 'openrc',
        k3sVersion: 'v1.36.3+k3s1',
        restartPending: true,
        units: {
          k3s: {
            active: 'active',
            sub: 'running',
            restarts: 1,
            enabled: false,
            command: ['server', '--node-label=a="b"', '--tls-san=k3s.example.net'],
            environment: { K3S_TOKEN: 'two words', HTTPS_PROXY: 'http://proxy:3128' },
          },
        },
      },
    });
    expect(read.ok && read.value.units.k3s?.environment).not.toHaveProperty('K3S_URL');
    expect(read.ok && read.value.units['k3s-agent']).toBeUndefined();
  });

  it.each([
    ['nothing', undefined, '#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t0\t80\t1\n', true, 2],
    ['nothing, and the kernel has none', undefined, 'memory\t0\t80\t0\n', false, 2],
    ['cgroup v1', '/sys/fs/cgroup/cpu/tasks', 'memory\t0\t80\t1\n', false, 1],
    ['cgroup v1 with memory', '/sys/fs/cgroup/memory/tasks', '', true, 1],
  ])('is judged by the kernel while OpenRC has mounted %s of the cgroups', async (_, file, kernel, memory, version) => {
    if (file !== undefined) openrc.put(file, '');
    openrc.put('/proc/cgroups', kernel);
    const command = probe(join(host.folder, 'data'));
    expect(command.parse(await host.run(command))).toMatchObject({
      value: { memoryCgroup: memory, system: { cgroups: version } },
    });
  });

  it('gets service, variables and configuration back', async () => {
    openrc.put('/etc/rancher/k3s/config.yaml', 'token: old\n');
    openrc.put('/etc/rancher/k3s/k3s.env', 'A=1\n');
    openrc.put('/var/log/k3s.log', '');
    runs(400);
    expect((await host.run(putAsideK3s('k3s'))).exitCode).toBe(0);
    openrc.put('/etc/init.d/k3s', service.replace('--tls-san', '--node-name'));
    openrc.put('/etc/rancher/k3s/k3s.env', 'A=2\n');
    const back = putBackK3s('k3s');
    expect(back.parse(await host.run(back))).toEqual({ ok: true, value: { restarted: false } });
    expect(readFileSync(host.root('/etc/init.d/k3s'), 'utf8')).toBe(service);
    expect(readFileSync(host.root('/etc/rancher/k3s/k3s.env'), 'utf8')).toBe('A=1\n');
    runs(5);
    expect(back.parse(await host.run(back))).toEqual({ ok: true, value: { restarted: true } });
  });

  it.each([
    ['lives', true, 'active', true],
    ['was killed', true, 'inactive', false],
    ['has left no process id, and is asked', false, 'active', true],
  ])('is no matter of a service of Debian, whose process %s', async (_, pidfile, active, lives) => {
    openrc.put('/etc/init.d/keepalived', '#!/bin/sh\n');
    if (pidfile) openrc.put('/run/keepalived.pid', '4005\n');
    if (lives) openrc.put('/proc/4005/status', 'State:\tS (sleeping)\n');
    const asked = { id: 'asked', text: `${SERVICES}\nsystemctl show keepalived -p ActiveState` };
    expect((await host.run(plain(asked))).stdout).toBe(`ActiveState=${active}\n`);
  });

  it('is taken off a machine of the other role, its files are kept', async () => {
    openrc.put('/etc/rancher/k3s/k3s.env', 'K3S_TOKEN=secret\n');
    openrc.put('/etc/runlevels/default/ssh', '');
    openrc.state('k3s', {});
    const command = removeUnit('k3s', [join(host.folder, 'data')], 'openrc');
    expect(command.parse(await host.run(command))).toEqual({ ok: true, value: 'removed' });
    expect(existsSync(host.root('/etc/init.d/k3s'))).toBe(false);
    expect(readFileSync(join(host.folder, 'state/removed-units/k3s.env'), 'utf8')).toBe('K3S_TOKEN=secret\n');
    expect(command.parse(await host.run(command))).toEqual({ ok: true, value: 'absent' });
  });
});

it('knows nothing of OpenRC where systemd runs', async () => {
  const host = shellHost('/bin/dash');
  try {
    const openrc = openrcOn(host);
    openrc.put('/run/systemd/system/.keep', '');
    const asked = { id: 'asked', text: `${SERVICES}\ncommand -v systemctl; unit_file k3s; unit_environment k3s` };
    host.program('systemctl', 'exit 0');
    const { stdout } = await host.run(plain(asked));
    expect(stdout.replaceAll(host.folder, '')).toBe(
      '/bin/systemctl\n/etc/systemd/system/k3s.service\n/etc/systemd/system/k3s.service.env\n',
    );
  } finally {
    host.remove();
  }
});
