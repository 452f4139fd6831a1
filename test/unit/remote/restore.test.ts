import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetCluster } from '../../../src/core/remote/clusterReset';
import { copySurvivor } from '../../../src/core/remote/copySurvivor';
import { endRestore, putDataAside } from '../../../src/core/remote/dataAside';
import { haltServer } from '../../../src/core/remote/haltServer';
import { proveSnapshot } from '../../../src/core/remote/proveSnapshot';
import type { RemoteCommand } from '../../../src/core/remote/remoteCommand';
import type { Result } from '../../../src/core/base/result';
import type { Problem } from '../../../src/core/base/problem';
import { snapshotImage } from '../../../src/practice/k3s/snapshotImage';
import { shellHost, type ShellHost } from '../../support/shellHost';
import { showUnit } from '../../support/systemctl';

/** As K3s's install script writes it: the arguments on lines of their own, and a line end to go on with behind the last. */
const UNIT = `[Unit]
Description=Lightweight Kubernetes

[Service]
Type=notify
EnvironmentFile=-/etc/systemd/system/k3s.service.env
KillMode=process
Restart=always
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/local/bin/k3s \\
    server \\
\t'--cluster-init' \\

`;

/** systemctl that keeps states of units in files, and runs a oneshot unit by a program of the test. */
const SYSTEMCTL = `echo "$*" >> "$HOST/systemctl.log"
unit=$HOST/units
case $1 in
  show) printf '%s=%s\\n' "$4" "$(cat "$unit/$2/$4" 2>/dev/null)" ;;
  cat) cat "$HOST/$2.unit" ;;
  stop) mkdir -p "$unit/$2"; [ ! -f "$HOST/hangs" ] || exit 1; echo inactive > "$unit/$2/ActiveState" ;;
  start) mkdir -p "$unit/$2"; "$HOST/bin/reset" ;;
esac
`;

describe.each(['/bin/dash', '/bin/bash'])('a restore under %s', (shell) => {
  let host: ShellHost;
  let data: string;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('systemctl', SYSTEMCTL);
    host.program('journalctl', 'cat "$HOST/journal" 2>/dev/null');
    host.program('ss', 'cat "$HOST/ports" 2>/dev/null');
    host.root('/run/systemd/system/.keep');
    data = join(host.folder, 'data');
    showUnit(host, 'k3s', { ActiveState: 'active' });
    writeFileSync(join(host.folder, 'k3s.unit'), UNIT);
    put('data/server/db/etcd/member/snap/db', 'database');
    put('data/server/db/snapshots/own-h2-1', 'own');
  });
  afterEach(() => host.remove());

  function put(path: string, text: string | Buffer): void {
    mkdirSync(dirname(join(host.folder, path)), { recursive: true });
    writeFileSync(join(host.folder, path), text);
  }
  const has = (path: string): boolean => existsSync(join(host.folder, path));
  const read = (path: string): string => readFileSync(join(host.folder, path), 'utf8');
  async function run<T>(command: RemoteCommand<T>): Promise<Result<T, Problem>> {
    return command.parse(await host.run(command));
  }
  /** What `systemctl start` of the reset does. */
  const resetDoes = (text: string): void => host.program('reset', text);
  const resets = (): void =>
    resetDoes(`touch "$HOST/data/server/db/reset-flag"
sh -c "$(sed -n "s/^ExecStartPost=.bin.sh -c '\\(.*\\)'/\\1/p" "$HOST/run/systemd/system/k3s-ha-restore.service")"
`);

  describe('halting a server', () => {
    it('writes down what has begun, stops K3s and keeps it from starting with the machine', async () => {
      expect(await run(haltServer('7', 'server-1', '/s/x'))).toEqual({ ok: true, value: undefined });
      expect(read('state/restore/begun')).toBe('7 server-1 /s/x\n');
      expect(read('systemctl.log')).toBe('disable --quiet k3s\nstop k3s\nshow k3s -p ActiveState\n');
      expect((await run(haltServer('7', 'server-1', '/s/x'))).ok).toBe(true);
    });

    it('believes no stop that something listens after, or that did not take place', async () => {
      put('ports', 'LISTEN 0 4096 10.0.0.12:2380 0.0.0.0:*\n');
      expect(await run(haltServer('7', 'server-1', '/s/x'))).toMatchObject({
        ok: false,
        error: { code: 'server-not-halted', why: expect.stringContaining('still listens on 2379 or 2380') as string },
      });
      put('ports', 'LISTEN 0 4096 10.0.0.12:12380 0.0.0.0:*\n');
      expect((await run(haltServer('7', 'server-1', '/s/x'))).ok).toBe(true);
      put('hangs', '');
      expect((await run(haltServer('7', 'server-1', '/s/x'))).ok).toBe(false);
    });

    it('does not mix two restores', async () => {
      put('state/restore/begun', '6 server-1 /s/other\n');
      expect(await run(haltServer('7', 'server-1', '/s/x'))).toMatchObject({
        ok: false,
        error: { why: 'another restore has begun on this server: 6 server-1 /s/other' },
      });
      expect(has('systemctl.log')).toBe(false);
    });
  });

  describe('putting the data of a server aside', () => {
    it('moves them whole while K3s is stopped, once, and brings its snapshots back at the end', async () => {
      expect(await run(putDataAside(data, '7'))).toMatchObject({ ok: false, error: { why: 'k3s is active' } });
      expect(has('data/server/db/etcd')).toBe(true);
      showUnit(host, 'k3s', { ActiveState: 'inactive' });
      expect((await run(putDataAside(data, '7'))).ok).toBe(true);
      expect(has('data/server/db')).toBe(false);
      expect(read('data/server/db-before-restore-7/snapshots/own-h2-1')).toBe('own');
      // K3s has joined: what it has now is never put aside by the same restore.
      put('data/server/db/etcd/member/snap/db', 'new database');
      put('data/server/db/snapshots/new-h2-2', 'new');
      expect((await run(putDataAside(data, '7'))).ok).toBe(true);
      expect(read('data/server/db/etcd/member/snap/db')).toBe('new database');
      const ended = await run(endRestore(data, '7'));
      expect(ended).toMatchObject({ ok: true, value: [{ path: join(data, 'server/db-before-restore-7') }] });
      expect(read('data/server/db/snapshots/own-h2-1')).toBe('own');
      expect(read('data/server/db/snapshots/new-h2-2')).toBe('new');
      expect(read('data/server/db-before-restore-7/etcd/member/snap/db')).toBe('database');
      expect([has('state/restore'), read('state/restored')]).toEqual([false, '7\n']);
      expect((await run(endRestore(data, '7'))).ok).toBe(true);
    });

    it('goes on where it was cut off between the move and the mark', async () => {
      showUnit(host, 'k3s', { ActiveState: 'failed' });
      await run(putDataAside(data, '7'));
      rmSync(join(host.folder, 'state/restore/aside'));
      expect((await run(putDataAside(data, '7'))).ok).toBe(true);
      expect(read('state/restore/aside')).toBe('7\n');
      expect(read('data/server/db-before-restore-7/etcd/member/snap/db')).toBe('database');
    });
  });

  describe('resetting the cluster', () => {
    beforeEach(() => showUnit(host, 'k3s', { ActiveState: 'inactive' }));

    it('calls K3s as its unit does, once, with the file from disk and without the server that it joined', async () => {
      put('data/server/db/reset-flag', 'of another time');
      resetDoes(`cp "$HOST/run/systemd/system/k3s-ha-restore.service" "$HOST/called"
touch "$HOST/data/server/db/reset-flag"
sh -c "$(sed -n "s/^ExecStartPost=.bin.sh -c '\\(.*\\)'/\\1/p" "$HOST/called")"
`);
      expect(await run(resetCluster(data, '7', '/s/x'))).toEqual({ ok: true, value: undefined });
      const lines = read('called').split('\n');
      expect(lines.filter((line) => line.startsWith('ExecStart='))).toEqual([
        "ExecStart=/usr/local/bin/k3s      server  \t'--cluster-init'   --cluster-reset --cluster-reset-restore-path=/s/x --etcd-s3=false --server=",
      ]);
      expect(lines).toContain('EnvironmentFile=-/etc/systemd/system/k3s.service.env');
      expect(lines.filter((line) => /^(Type|Restart)=/.test(line)).slice(-2)).toEqual(['Type=oneshot', 'Restart=no']);
      expect(read('state/restore/reset')).toBe('7\n');
      expect(has('run/systemd/system/k3s-ha-restore.service')).toBe(false);
      resetDoes('exit 1');
      expect((await run(resetCluster(data, '7', '/s/x'))).ok).toBe(true);
    });

    it('waits for one that an earlier connection has begun', async () => {
      resetDoes('echo "begun twice" > "$HOST/twice"');
      showUnit(host, 'k3s-ha-restore', { ActiveState: 'activating' });
      host.program(
        'sleep',
        'mkdir -p "$HOST/state/restore"; echo 7 > "$HOST/state/restore/reset"; echo inactive > "$HOST/units/k3s-ha-restore/ActiveState"',
      );
      expect((await run(resetCluster(data, '7', '/s/x'))).ok).toBe(true);
      expect(has('twice')).toBe(false);
    });

    it('fails with the fatal line of K3s, and with nothing that clients were answered', async () => {
      put(
        'journal',
        [
          'time="t" level=error msg="Sending HTTP/1.1 503 response to 10.0.0.1:1: starting"',
          'time="t" level=fatal msg="Error: starting kubernetes: etcd: snapshot path does not exist: /s/x"',
          'time="t" level=error msg="Sending HTTP/1.1 503 response to 10.0.0.1:2: starting"',
        ].join('\n'),
      );
      resetDoes('exit 1');
      expect(await run(resetCluster(data, '7', '/s/x'))).toMatchObject({
        ok: false,
        error: {
          code: 'cluster-not-reset',
          why: 'Error: starting kubernetes: etcd: snapshot path does not exist: /s/x',
        },
      });
      expect(has('state/restore/reset')).toBe(false);
    });

    it('does not begin while K3s runs', async () => {
      resets();
      showUnit(host, 'k3s', { ActiveState: 'active' });
      expect(await run(resetCluster(data, '7', '/s/x'))).toMatchObject({
        ok: false,
        error: { why: 'k3s runs on this server' },
      });
    });
  });

  describe('N22: copying what a survivor has', () => {
    it('makes a snapshot that is proved like one of etcd', async () => {
      showUnit(host, 'k3s', { ActiveState: 'inactive' });
      const image = snapshotImage('b7b9eb167c57', 'a cluster');
      put('data/server/db/etcd/member/snap/db', image.subarray(0, -32));
      const path = join(data, 'server/db/snapshots/survivor-h2-7');
      expect((await run(copySurvivor(data, path))).ok).toBe(true);
      expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(
        createHash('sha256').update(image).digest('hex'),
      );
      expect(await run(proveSnapshot(path, { tokenHash: 'b7b9eb167c57' }))).toMatchObject({
        ok: true,
        value: { sum: 'right', bolt: true },
      });
      expect((await run(copySurvivor(data, path))).ok).toBe(true);
    });

    it('copies nothing from under a K3s that runs, or where no member is', async () => {
      const path = join(data, 'server/db/snapshots/survivor-h2-7');
      expect(await run(copySurvivor(data, path))).toMatchObject({ ok: false, error: { code: 'survivor-not-copied' } });
      showUnit(host, 'k3s', { ActiveState: 'inactive' });
      expect(await run(copySurvivor(join(host.folder, 'elsewhere'), path))).toMatchObject({
        ok: false,
        error: { why: expect.stringContaining('no member of etcd') as string },
      });
      expect(existsSync(path)).toBe(false);
    });
  });
});
