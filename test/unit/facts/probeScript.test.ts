import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probe, TOPICS, type HostFacts } from '../../../src/core/facts/probe';
import { shellHost, type ShellHost } from '../../support/shellHost';
import { showUnit, systemctlOn } from '../../support/systemctl';

const DATA = 'data';
const HASH = 'a1'.repeat(32);

describe.each(['/bin/dash', '/bin/bash'])('a look at a host under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    systemctlOn(host);
    host.program('uname', 'echo aarch64');
    host.program('hostname', 'echo pi-1');
    host.program('ip', `[ "$1" = -o ] && printf '2: eth0 inet 10.0.0.11/24\\n2: eth0 inet6 fd00::11/64\\n'`);
    host.program('ss', `printf 'LISTEN 0 1 *:22\\nLISTEN 0 1 [::]:6443\\nLISTEN 0 1 127.0.0.1:6443\\n'`);
    put('/etc/os-release', 'PRETTY_NAME="Raspbian 12"\n');
    put('/proc/meminfo', 'MemTotal:        3884000 kB\n');
    put('/proc/sys/kernel/random/boot_id', '6f2c\n');
    put('/sys/fs/cgroup/cgroup.controllers', 'cpu memory pids\n');
    put('/run/systemd/system/.keep', '');
  });
  afterEach(() => host.remove());

  /** Puts a file on the host; below the data-dir of K3s with a path that does not begin with a slash. */
  function put(path: string, text: string): string {
    const place = path.startsWith('/') ? host.root(path) : join(host.folder, DATA, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
    return place;
  }

  async function look(address = ''): Promise<HostFacts> {
    const command = probe(join(host.folder, DATA), [], TOPICS, address);
    const output = await host.run(command);
    const read = command.parse({ ...output, stdout: output.stdout.replaceAll(host.folder, '') });
    if (!read.ok) throw new Error(`${read.error.message}: ${read.error.why}`);
    return read.value;
  }

  it('tells templates of containerd, and nothing else from their folder', async () => {
    expect(await look()).not.toHaveProperty('containerdTemplates');
    put('agent/etc/containerd/config.toml', 'version = 2\n');
    put('agent/etc/containerd/config.toml.tmpl', 'version = 2\n');
    put('agent/etc/containerd/config-v3.toml.tmpl', 'version = 3\n');
    expect((await look()).containerdTemplates).toEqual(['config-v3.toml.tmpl', 'config.toml.tmpl']);
  });

  it('tells services of other names that start K3s, and none that only calls it', async () => {
    expect(await look()).not.toHaveProperty('otherUnits');
    const unit = (name: string, command: string): void =>
      void put(`/etc/systemd/system/${name}.service`, `[Service]\nExecStartPre=-/sbin/modprobe overlay\n${command}\n`);
    unit('k3s-agent', 'ExecStart=/usr/local/bin/k3s agent');
    unit('k3s-node', 'ExecStart=/usr/local/bin/k3s agent --server https://10.0.0.1:6443');
    unit('k3s-main', 'ExecStart=/opt/bin/k3s \\\n    --debug \\\n    server \\\n        --cluster-init');
    unit('wrapped', `ExecStart=/bin/sh -c "exec /usr/local/bin/k3s server"`);
    unit('backup', 'ExecStart=/usr/local/bin/k3s etcd-snapshot save --name server');
    unit('deploy', 'ExecStart=/usr/local/bin/k3s kubectl apply -f /srv/server');
    unit('odd$(id)', 'ExecStart=/usr/local/bin/k3s server');
    symlinkSync(host.root('/etc/systemd/system/k3s-agent.service'), host.root('/etc/systemd/system/k3s-alias.service'));
    showUnit(host, 'k3s-node', { ActiveState: 'active', UnitFileState: 'enabled' });
    const quiet = { active: '', enabled: false };
    expect((await look()).otherUnits).toEqual([
      { name: 'k3s-main', role: 'server', ...quiet },
      { name: 'k3s-node', role: 'agent', active: 'active', enabled: true },
      { name: 'wrapped', role: 'server', ...quiet },
    ]);
  });

  it('tells snapshots with size and time, and where a restore stands', async () => {
    expect(await look()).not.toHaveProperty('snapshots');
    const file = put('server/db/snapshots/x-pi-1-1795739771', 'twelve bytes');
    utimesSync(file, 1_795_739_772, 1_795_739_772);
    put('server/db/snapshots/.metadata/x', '');
    mkdirSync(join(host.folder, 'state/restore'), { recursive: true });
    writeFileSync(join(host.folder, 'state/restore/begun'), '7 server-1 /s/x y\n');
    writeFileSync(join(host.folder, 'state/restore/aside'), '7\n');
    writeFileSync(join(host.folder, 'state/restored'), '6\n');
    expect(await look()).toMatchObject({
      snapshots: {
        folder: `/${DATA}/server/db/snapshots`,
        files: new Map([['x-pi-1-1795739771', { size: 12, time: 1_795_739_772 }]]),
      },
      restore: { id: '7', from: 'server-1', snapshot: '/s/x y', aside: true, reset: false },
      restored: '6',
    });
    put('elsewhere/y-pi-1-1795739999', 'y');
    const other = probe(join(host.folder, DATA), [], TOPICS, '', join(host.folder, DATA, 'elsewhere'));
    const told = other.parse(await host.run(other));
    expect(told.ok && [...(told.value.snapshots?.files.keys() ?? [])]).toEqual(['y-pi-1-1795739999']);
  });

  it('tells how etcd does, and what fills it only when it is rather full', async () => {
    const status = (size: number, more = ''): string =>
      `{"header":{"member_id":"7"},"dbSize":"${size}","dbSizeInUse":"1000","dbSizeQuota":"2147483648"${more}}`;
    const answers = (body: string): void =>
      host.program(
        'curl',
        `case $* in *2382/v3/maintenance/status*) printf '%s' '${body}';; *2381/metrics*) printf '%s\\n' '# HELP x' 'etcd_disk_wal_fsync_duration_seconds_bucket{le="0.002"} 900' 'etcd_disk_wal_fsync_duration_seconds_bucket{le="0.256"} 995' 'etcd_disk_wal_fsync_duration_seconds_bucket{le="+Inf"} 1000' 'other 1';; esac\n`,
      );
    host.program(
      'k3s',
      `[ "$2 $3" != "get --raw" ] || printf '%s\\n' 'apiserver_storage_objects{resource="events"} 41000' 'apiserver_resource_objects{group="",resource="pods"} 1.2e+05' 'apiserver_x 1'\n`,
    );
    expect((await look()).etcdLoad).toBeUndefined();
    put('server/db/etcd/member/snap/db', '');
    answers(status(1_773_568));
    expect((await look()).etcdLoad).toEqual({
      size: 1_773_568,
      inUse: 1000,
      quota: 2_147_483_648,
      alarms: [],
      fsync: { slowMs: 256, writes: 1000 },
      objects: [],
    });
    answers(status(2_147_475_456, ',"errors":["memberID:7 alarm:NOSPACE "]'));
    expect((await look()).etcdLoad).toMatchObject({
      alarms: ['NOSPACE'],
      objects: [
        { kind: 'pods', count: 120_000 },
        { kind: 'events', count: 41_000 },
      ],
    });
    answers('not json');
    expect((await look()).etcdLoad).toBeUndefined();
  });

  it('tells that the last compaction failed, and not that an earlier one did', async () => {
    put('server/token', 'x');
    const failed = `level=error msg="Compact failed: failed to compact to revision 900: Error 1020 (HY000): Record has changed since last read in table 'kine'"`;
    const log = (...lines: readonly string[]): void => {
      put('/var/log/journal.txt', lines.map((line) => `${line}\n`).join(''));
      host.program('journalctl', `cat '${join(host.folder, 'var/log/journal.txt')}'\n`);
    };
    log('level=info msg="COMPACT compacted from 1 to 2"', failed);
    expect((await look()).compactionFailed).toContain('Error 1020 (HY000): Record has changed');
    log(failed, 'level=info msg="COMPACT compacted from 900 to 1900 in 1 transactions over 8ms"');
    expect((await look()).compactionFailed).toBeUndefined();
  });

  it('tells what a fresh machine is, and that nothing of K3s is there', async () => {
    const facts = await look();
    expect(facts).toMatchObject({
      arch: 'aarch64',
      os: 'Raspbian 12',
      hostname: 'pi-1',
      bootId: '6f2c',
      init: 'systemd',
      memoryKiB: 3_884_000,
      addresses: ['10.0.0.11', 'fd00::11'],
      defaultRoute: false,
      listeningPorts: [22, 6443],
      memoryCgroup: true,
      firewall: 'none',
      units: {},
      restartPending: false,
      aside: false,
      tooLarge: [],
      etcdData: false,
      sqliteData: false,
      serverToken: false,
      certificateNames: [],
    });
    expect(facts.cpus).toBeGreaterThan(0);
    expect(Math.abs(facts.time - Date.now() / 1000)).toBeLessThan(60);
    expect([facts.k3sVersion, facts.config, facts.caHash, facts.etcdName]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('gives files line by line as they are: blanks, backslashes, no line end, drop-ins in their order', async () => {
    const config = '  token: "a\\\\b\\n=c"\n  tls-san:\n\n    - x\n';
    put('/etc/rancher/k3s/config.yaml', config);
    put('/etc/rancher/k3s/config.yaml.d/20-b.yml', 'b: 1');
    put('/etc/rancher/k3s/config.yaml.d/10-a.yaml', '# ü\n');
    put('/etc/rancher/k3s/config.yaml.d/readme.txt', 'not read');
    put('/etc/rancher/k3s/config.yaml.d/30-large.yaml', 'x'.repeat(262_145));
    const facts = await look();
    expect(facts.config).toBe(config);
    expect([...facts.dropIns]).toEqual([
      ['/etc/rancher/k3s/config.yaml.d/10-a.yaml', '# ü\n'],
      ['/etc/rancher/k3s/config.yaml.d/20-b.yml', 'b: 1\n'],
    ]);
    expect(facts.tooLarge).toEqual(['/etc/rancher/k3s/config.yaml.d/30-large.yaml']);
  });

  it('tells of the load balancer only where it is asked to, or where it was installed', async () => {
    expect((await look()).balancer).toBeUndefined();
    host.program('ping', 'exit 1');
    host.program('apt-get', '');
    host.program('keepalived', 'echo "Keepalived v2.2.7 (01/16,2022)"');
    host.program(
      'ip',
      `case "$*" in
  'neigh show to 10.0.0.100') echo '10.0.0.100 dev eth0 lladdr 52:54:00:00:00:01 STALE' ;;
  '-o addr'*) printf '2: eth0    inet 10.0.0.5/24 brd x scope global eth0\\n2: eth0    inet6 fd00::5/64 scope global\\n' ;;
esac`,
    );
    put('/etc/keepalived/keepalived.conf', 'vrrp_instance x {\n');
    showUnit(host, 'keepalived', { ActiveState: 'active', UnitFileState: 'enabled' });
    const facts = await look('10.0.0.100');
    expect(facts.balancer).toMatchObject({
      manager: 'apt-get',
      programs: ['keepalived'],
      versions: new Map([['keepalived', 'Keepalived v2.2.7 (01/16,2022)']]),
      units: new Map([['keepalived', { active: 'active', enabled: true }]]),
      files: new Map([['/etc/keepalived/keepalived.conf', 'vrrp_instance x {\n']]),
      interfaces: [
        { name: 'eth0', address: '10.0.0.5', prefix: 24 },
        { name: 'eth0', address: 'fd00::5', prefix: 64 },
      ],
      drained: [],
      addressAnswers: true,
    });
    expect((await look('10.0.0.5')).balancer?.addressAnswers).toBeUndefined();
    expect((await look('10.0.0.101')).balancer?.addressAnswers).toBe(false);
  });

  it('reads release, unit, arguments and variables as the install script writes them', async () => {
    host.program('k3s', `echo 'k3s version v1.36.3+k3s1 (866d743e)'; echo 'go version go1.26'`);
    put(
      '/etc/systemd/system/k3s.service',
      "[Service]\nExecStartPre=-/sbin/modprobe overlay\nExecStart=/usr/local/bin/k3s \\\n    server \\\n\t'--token' \\\n\t'two words' \\\n\n",
    );
    put(
      '/etc/systemd/system/k3s.service.env',
      'K3S_DATA_DIR=\'/data\'\nHTTPS_PROXY="http://proxy:3128"\n# K3S_TOKEN=x\n',
    );
    put('/etc/default/k3s', 'NO_PROXY=10.0.0.0/8\n');
    showUnit(host, 'k3s', { ActiveState: 'active', SubState: 'running', NRestarts: '2', UnitFileState: 'enabled' });
    expect(await look()).toMatchObject({
      k3sVersion: 'v1.36.3+k3s1',
      units: {
        k3s: {
          active: 'active',
          sub: 'running',
          restarts: 2,
          enabled: true,
          command: ['server', '--token', 'two words'],
          environment: { K3S_DATA_DIR: '/data', HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: '10.0.0.0/8' },
        },
      },
    });
    // Each answer of systemd takes a small machine long: one for the program, two for the unit.
    const asked = readFileSync(join(host.folder, 'systemctl.asked'), 'utf8').split('\n');
    expect(asked.filter((line) => line.endsWith(' k3s'))).toEqual(['show k3s', 'cat k3s', 'show k3s']);
  });

  it.each([
    ['older', -3600, false],
    ['newer', 60, true],
  ])('a configuration that is %s than the process', async (_, seconds, pending) => {
    put('/etc/systemd/system/k3s.service', '[Service]\nExecStart=/usr/local/bin/k3s server\n');
    const started = 1_790_000_000;
    showUnit(host, 'k3s', { ActiveState: 'active', ExecMainStartTimestamp: `@${started}` });
    const config = put('/etc/rancher/k3s/config.yaml', 'debug: true\n');
    utimesSync(config, started + seconds, started + seconds);
    expect((await look()).restartPending).toBe(pending);
  });

  it('tells which cluster a server belongs to, and never its token', async () => {
    put('server/token', `K10${HASH}::server:f00dfeed\n`);
    put('server/db/etcd/member/.keep', '');
    put('server/db/etcd/name', 'server-1-0a1b2c3d');
    put(
      'server/tls/dynamic-cert.json',
      '{"listener.cattle.io/cn-10.0.0.100":"10.0.0.100","listener.cattle.io/cn-pi-1":"pi-1"}',
    );
    const facts = await look();
    expect(facts).toMatchObject({
      serverToken: true,
      caHash: HASH,
      tokenSha256: createHash('sha256').update('f00dfeed').digest('hex'),
      etcdData: true,
      etcdName: 'server-1-0a1b2c3d',
      sqliteData: false,
      certificateNames: ['10.0.0.100', 'pi-1'],
    });
    expect(JSON.stringify(facts)).not.toContain('f00dfeed');
  });

  it('an agent is known by the authority that it trusts', async () => {
    put('agent/server-ca.crt', 'a certificate\n');
    const facts = await look();
    expect(facts.caHash).toBe(createHash('sha256').update('a certificate\n').digest('hex'));
    expect(facts.serverToken).toBe(false);
  });

  it('finds SQLite, a change that was cut off, and the other firewalls', async () => {
    put('server/db/state.db', '');
    mkdirSync(join(host.folder, 'state/aside'), { recursive: true });
    host.program('ufw', 'echo "Status: active"');
    expect(await look()).toMatchObject({ sqliteData: true, aside: true, firewall: 'ufw' });
  });

  it('changes nothing on the host', async () => {
    put('/etc/rancher/k3s/config.yaml', 'debug: true\n');
    const before = host.filesWith('');
    await look();
    expect(host.filesWith('')).toEqual(before);
  });
});
