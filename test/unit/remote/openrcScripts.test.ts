import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/base/problem';
import type { Result } from '../../../src/core/base/result';
import { resetCluster } from '../../../src/core/remote/clusterReset';
import { copySurvivor } from '../../../src/core/remote/copySurvivor';
import { putDataAside } from '../../../src/core/remote/dataAside';
import { dropEtcd } from '../../../src/core/remote/dropEtcd';
import { haltServer } from '../../../src/core/remote/haltServer';
import type { RemoteCommand } from '../../../src/core/remote/remoteCommand';
import { renewCertificates } from '../../../src/core/remote/renewCertificates';
import { stopK3s } from '../../../src/core/remote/stopK3s';
import { uninstallK3s } from '../../../src/core/remote/uninstallK3s';
import { controlUnit } from '../../../src/core/remote/unit';
import { openrcOn, SHELLS, type OpenrcHost } from '../../support/openrc';
import { killGroup, shellHost, type ShellHost } from '../../support/shellHost';

/** A rc-service under which K3s ends when it is stopped, and has another process when it is started. */
const ENDS = `echo "rc-service $*" >> "$HOST/calls"
case $2 in
  stop) rm -rf "$HOST/proc/4001" "$HOST/proc/4002" "$HOST/run/openrc/started/$1" "$HOST/run/openrc/options/$1" ;;
  start) ln -s "/etc/init.d/$1" "$HOST/run/openrc/started/$1" ;;
esac
`;

describe.each(SHELLS)('scripts that stop K3s for something on a host with OpenRC under %s', (shell) => {
  let host: ShellHost;
  let openrc: OpenrcHost;
  let data: string;
  beforeEach(() => {
    host = shellHost(shell);
    openrc = openrcOn(host);
    data = join(host.folder, 'data');
    host.program('rc-service', ENDS);
    host.program('k3s', 'echo "k3s $*" >> "$HOST/calls"');
    // Nothing of this machine is looked at or taken away.
    for (const name of ['ss', 'ip', 'iptables-save', 'ip6tables-save', 'umount']) host.program(name, 'exit 0');
    openrc.put('/proc/self/mounts', '');
    openrc.put('/etc/init.d/k3s', '#!/sbin/openrc-run\nsupervisor=supervise-daemon\n');
    openrc.put('/etc/runlevels/default/ssh', '');
    openrc.put('/var/log/k3s.log', '');
    runs();
  });
  afterEach(() => host.remove());

  /** K3s has been running for so long that its log says no more how it began. */
  function runs({ supervised = true } = {}): void {
    openrc.state('k3s', {
      mark: 'started',
      supervisor: { pid: 4001, lives: supervised },
      child: { pid: 4002, lives: true },
      started: '2026-01-01 00:00:00',
    });
  }
  const put = (path: string): string => {
    mkdirSync(join(data, path, '..'), { recursive: true });
    return openrc.put(`/data/${path}`, 'of K3s\n');
  };
  const calls = (): string[] => {
    const file = join(host.folder, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  async function run<T>(command: RemoteCommand<T>): Promise<Result<T, Problem>> {
    return command.parse(await host.run(command));
  }

  it('renew certificates between a stop and a start, and tell which run that was', async () => {
    expect(await run(renewCertificates('k3s', data, 'openrc'))).toEqual({
      ok: true,
      value: { before: expect.stringMatching(/^[0-9a-f]{20,}$/) as string },
    });
    expect(calls()).toEqual([
      'rc-service k3s stop',
      `k3s certificate rotate --data-dir ${data}`,
      'rc-service k3s start',
    ]);
  });

  it('name the command of OpenRC when certificates cannot be renewed', async () => {
    host.program('rc-service', 'echo " * ERROR: k3s failed to stop" >&2; exit 1');
    expect(await run(renewCertificates('k3s', data, 'openrc'))).toMatchObject({
      ok: false,
      error: {
        message: 'OpenRC could not stop and start k3s',
        why: '* ERROR: k3s failed to stop',
        nextSteps: ['See "rc-service k3s status" on the host.'],
      },
    });
    expect(calls()).toEqual([]);
  });

  it('stop it for good: it leaves its runlevel, and once more finds nothing', async () => {
    symlinkSync('/etc/init.d/k3s', host.root('/etc/runlevels/default/k3s'));
    host.program('rc-update', `echo "rc-update $*" >> "$HOST/calls"; rm "$HOST/etc/runlevels/$4/$3"`);
    expect(await run(stopK3s(data, 'openrc'))).toEqual({ ok: true, value: 'stopped' });
    expect(await run(stopK3s(data, 'openrc'))).toEqual({ ok: true, value: 'absent' });
    expect(calls()).toEqual(['rc-update -q del k3s default', 'rc-service k3s stop']);
  });

  it('end a K3s that has outlived its supervisor, which OpenRC calls failed', async () => {
    runs({ supervised: false });
    expect((await run(stopK3s(data, 'openrc'))).ok).toBe(true);
    expect(existsSync(host.root('/proc/4002'))).toBe(false);
  });

  it('name the logs of OpenRC when it cannot be stopped', async () => {
    host.program('rc-service', 'echo " * ERROR: k3s failed to stop" >&2; exit 1');
    expect(await run(stopK3s(data, 'openrc'))).toMatchObject({
      ok: false,
      error: {
        why: '* ERROR: k3s failed to stop',
        nextSteps: ['See "rc-service k3s status" and "rc-service k3s-agent status" on the host, then run again.'],
      },
    });
  });

  it('halt a server for a restore, and put its data aside only then', async () => {
    put('server/db/etcd/member/snap/db');
    expect(await run(putDataAside(data, '7'))).toMatchObject({ ok: false, error: { why: 'k3s is active' } });
    expect(await run(haltServer('7', 'server-1', '/s/x'))).toEqual({ ok: true, value: undefined });
    expect(calls()).toEqual(['rc-service k3s stop']);
    expect((await run(putDataAside(data, '7'))).ok).toBe(true);
    expect(existsSync(join(data, 'server/db-before-restore-7/etcd/member/snap/db'))).toBe(true);
  });

  it('leave the data of etcd alone while K3s runs, and while its process has not ended', async () => {
    const database = put('server/db/etcd/member/snap/db');
    const copy = copySurvivor(data, join(data, 'server/db/snapshots/survivor'));
    expect(await run(dropEtcd(data))).toMatchObject({ ok: false, error: { code: 'k3s-runs' } });
    expect(await run(copy)).toMatchObject({ ok: false, error: { why: 'k3s runs on this server' } });
    // Its supervisor has gone after five seconds, and the connection with it.
    host.program('rc-service', `rm -rf "$HOST/proc/4001" "$HOST/run/openrc/started/k3s"; kill -9 $PPID`);
    await host.run(controlUnit('stop', 'k3s', 'openrc'));
    expect(await run(dropEtcd(data))).toMatchObject({ ok: false, error: { code: 'k3s-runs' } });
    expect(await run(putDataAside(data, '7'))).toMatchObject({ ok: false, error: { why: 'k3s is deactivating' } });
    expect(existsSync(database)).toBe(true);
    rmSync(host.root('/proc/4002'), { recursive: true });
    expect((await run(copy)).ok).toBe(true);
    expect(await run(dropEtcd(data))).toEqual({ ok: true, value: 'dropped' });
    expect(existsSync(database)).toBe(false);
  });

  it('do not take a process for that of K3s that has got its number since', async () => {
    const stat = (born: number): string =>
      openrc.put('/proc/4002/stat', `4002 (k3s-server) S ${'1 '.repeat(18)}${born} 0\n`);
    stat(500);
    host.program('rc-service', `rm -rf "$HOST/proc/4001" "$HOST/run/openrc/started/k3s"; kill -9 $PPID`);
    await host.run(controlUnit('stop', 'k3s', 'openrc'));
    expect(await run(dropEtcd(data))).toMatchObject({ ok: false, error: { code: 'k3s-runs' } });
    stat(900);
    expect(await run(dropEtcd(data))).toEqual({ ok: true, value: 'absent' });
  });

  it('uninstall nothing of a K3s that runs', async () => {
    const file = put('server/token');
    expect(await run(uninstallK3s(data, false))).toMatchObject({
      ok: false,
      error: { message: 'K3s is not uninstalled: k3s runs' },
    });
    expect(existsSync(file)).toBe(true);
  });

  it('uninstall nothing while a volume is mounted where the kubelet was told to have them, whatever its path is made of', async () => {
    openrc.state('k3s', { mark: 'failed' });
    const kubelet = join(host.folder, 'my kubelet');
    const volume = join(kubelet, 'pods/7/volumes/nfs/a b');
    mkdirSync(volume, { recursive: true });
    writeFileSync(join(volume, 'precious'), '');
    openrc.put('/proc/self/mounts', `nas:/data ${volume.replaceAll(' ', String.raw`\040`)} nfs4 rw 0 0\n`);
    const file = put('server/token');
    const found = await run(uninstallK3s(data, false, { kubelet }));
    expect(found).toMatchObject({
      ok: false,
      error: { code: 'volumes-mounted', details: [`${volume} from nas:/data (nfs4)`] },
    });
    expect([file, join(volume, 'precious')].every((path) => existsSync(path))).toBe(true);
    openrc.put('/proc/self/mounts', '');
    rmSync(volume, { recursive: true });
    expect((await run(uninstallK3s(data, false, { kubelet }))).ok).toBe(true);
    expect(existsSync(kubelet)).toBe(false);
  });

  it('keep snapshots and volumes that options have put into a folder that goes', async () => {
    openrc.state('k3s', { mark: 'failed' });
    put('server/token');
    put('server/backups/struck-1');
    put('server/db/snapshots/struck-2');
    put('agent/pv/shop/.data');
    const chosen = { snapshots: join(data, 'server/backups'), volumes: join(data, 'agent/pv') };
    const done = await run(uninstallK3s(data, false, chosen));
    const kept = done.ok ? done.value.kept : [];
    expect(kept).toHaveLength(1);
    for (const path of ['snapshots/struck-1', 'snapshots/struck-2', 'token', 'volumes/shop/.data'])
      expect([path, existsSync(join(kept[0] ?? '', path))]).toEqual([path, true]);
    expect(existsSync(join(data, 'server'))).toBe(false);
  });

  it('uninstall service, variables, log and data of a K3s that is stopped or was given up', async () => {
    put('server/token');
    put('storage/volume');
    openrc.put('/etc/rancher/k3s/k3s.env', 'K3S_TOKEN=secret\n');
    openrc.put('/etc/logrotate.d/k3s', '/var/log/k3s.log {}\n');
    openrc.put('/etc/logrotate.d/other', '');
    openrc.put('/var/log/k3s.log.1', '');
    openrc.state('k3s', { mark: 'failed' });
    const command = uninstallK3s(data, true);
    expect(await run(command)).toEqual({ ok: true, value: { kept: [join(data, 'storage')] } });
    for (const path of [
      '/etc/init.d/k3s',
      '/etc/rancher/k3s',
      '/etc/logrotate.d/k3s',
      '/var/log/k3s.log',
      '/var/log/k3s.log.1',
    ])
      expect(existsSync(host.root(path)), path).toBe(false);
    expect(existsSync(join(data, 'server'))).toBe(false);
    expect(existsSync(host.root('/etc/logrotate.d/other'))).toBe(true);
    expect(existsSync(host.root('/run/openrc/failed/k3s'))).toBe(false);
    expect((await run(command)).ok).toBe(true);
  });

  describe('restore a snapshot', () => {
    beforeEach(() => {
      openrc.state('k3s', {});
      openrc.put(
        '/etc/init.d/k3s',
        `#!/sbin/openrc-run\nsupervisor=supervise-daemon\ncommand="${join(host.folder, 'bin/k3s')}"\ncommand_args="server \\\n    '--cluster-init' \\\n    '--tls-san=a b' >>/var/log/k3s.log 2>&1"\n`,
      );
      openrc.put('/etc/rancher/k3s/k3s.env', "K3S_TOKEN='of the cluster'\n");
      put('server/db/etcd/member/snap/db');
    });
    const FLAG = 'mkdir -p "$HOST/data/server/db"; touch "$HOST/data/server/db/reset-flag"';
    const reset = (): RemoteCommand<void> => resetCluster(data, '7', '/s/x');

    it('with K3s as its service calls it, once, with its variables', async () => {
      host.program('k3s', `printf '%s|' "$@" "$K3S_TOKEN" >> "$HOST/calls"; ${FLAG}`);
      expect(await run(reset())).toEqual({ ok: true, value: undefined });
      const args =
        'server|--cluster-init|--tls-san=a b|--cluster-reset|--cluster-reset-restore-path=/s/x|--etcd-s3=false|--server=|';
      expect(calls()).toEqual([`${args}of the cluster|`]);
      expect(existsSync(host.root('/run/k3s-ha/restore.sh'))).toBe(false);
      expect(await run(reset())).toEqual({ ok: true, value: undefined });
      expect(calls()).toEqual([`${args}of the cluster|`]);
    });

    it('goes on when the connection breaks, and whoever comes back waits for it', async () => {
      host.program('k3s', `echo begun >> "$HOST/calls"; until [ -e "$HOST/go" ]; do sleep 0.1; done; ${FLAG}`);
      const first = host.start(reset());
      await expect.poll(calls).toEqual(['begun']);
      killGroup(first.pid);
      const second = run(reset());
      openrc.put('/go', '');
      expect(await second).toEqual({ ok: true, value: undefined });
      expect(calls()).toEqual(['begun']);
    });

    it('fails with the fatal line of K3s', async () => {
      host.program(
        'k3s',
        `echo 'time="t" level=fatal msg="Error: snapshot path does not exist: /s/x"'; echo 'time="t" level=error msg="Sending HTTP/1.1 503 response to 10.0.0.1:2: starting"'; exit 1`,
      );
      expect(await run(reset())).toMatchObject({
        ok: false,
        error: { code: 'cluster-not-reset', why: 'Error: snapshot path does not exist: /s/x' },
      });
    });

    it('begins nothing while K3s runs, or where its service cannot be read', async () => {
      runs();
      expect(await run(reset())).toMatchObject({ ok: false, error: { why: 'k3s runs on this server' } });
      openrc.state('k3s', {});
      rmSync(host.root('/etc/init.d/k3s'));
      expect(await run(reset())).toMatchObject({ ok: false, error: { why: 'the service k3s cannot be read' } });
      expect(calls()).toEqual([]);
    });
  });
});
