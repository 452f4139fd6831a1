import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probe, type HostFacts } from '../../../src/core/facts/probe';
import { shellHost, type ShellHost } from '../../support/shellHost';

const ZONES = `block
  target: %%REJECT%%
  services:
  ports:

public (active)
  target: default
  interfaces: eth0
  sources:
  services: dhcpv6-client ssh kube-apiserver
  ports: 10250/tcp 30000-32767/tcp
  rich rules:
  rule family="ipv4" source address="10.0.0.12" port port="2379-2380" protocol="tcp" accept
  rule family="ipv4" source address="10.0.0.66" reject

trusted (active)
  target: ACCEPT
  interfaces:
  sources: 10.42.0.0/16
  services:
  ports:
`;

/** ufw fills its columns with blanks to the end of the line. */
const UFW = `Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), deny (routed)
New profiles: skip

To                         Action      From
--                         ------      ----
${'22/tcp                     ALLOW IN    Anywhere'.padEnd(64)}
${'2379:2380/tcp              ALLOW IN    10.0.0.12'.padEnd(64)}
${'Anywhere                   ALLOW IN    10.42.0.0/16'.padEnd(64)}
${'6443                       DENY IN     Anywhere'.padEnd(64)}
${'8472/udp on eth1           ALLOW IN    Anywhere'.padEnd(64)}
${'80,443/tcp (v6)            ALLOW IN    Anywhere (v6)'.padEnd(64)}
`;

describe.each(['/bin/dash', '/bin/bash'])('a look at the system under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('uname', 'if [ "$1" = -r ]; then echo 5.14.0-503.el9; else echo x86_64; fi');
    host.program('systemctl', 'exit 1');
    host.program('iptables', 'echo "iptables v1.8.10 (nf_tables)"');
    for (const name of ['ufw', 'nft', 'firewall-cmd']) host.program(name, 'exit 1');
  });
  afterEach(() => host.remove());

  function put(path: string, text: string): void {
    const place = host.root(path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }

  async function look(): Promise<HostFacts> {
    const command = probe(`${host.folder}/data`);
    const read = command.parse(await host.run(command));
    if (!read.ok) throw new Error(`${read.error.message}: ${read.error.why}`);
    return read.value;
  }

  it('tells kernel, distribution, swap, security modules and iptables', async () => {
    host.program('getenforce', 'echo Enforcing');
    put('/etc/os-release', 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.5"\nPRETTY_NAME="Rocky 9"\n');
    put('/etc/machine-id', 'a1b2\n');
    put('/proc/meminfo', 'MemTotal: 1 kB\nSwapTotal:       2097148 kB\n');
    put('/sys/fs/cgroup/cgroup.controllers', 'memory\n');
    expect((await look()).system).toMatchObject({
      kernel: '5.14.0-503.el9',
      distribution: ['rocky', 'rhel', 'centos', 'fedora'],
      distributionVersion: '9.5',
      machineId: 'a1b2',
      cgroups: 2,
      swapKiB: 2_097_148,
      selinux: 'Enforcing',
      iptables: '1.8.10',
      nmCloudSetup: false,
      missingModules: [],
    });
  });

  it.each([
    ['kmod', 'case $3 in overlay | vxlan) exit 0 ;; esac; exit 1'],
    ['busybox, which has no dry run', 'echo "modprobe: invalid option -- n" >&2; exit 1'],
  ])('tells modules that the kernel lacks, asked by the modprobe of %s', async (_, modprobe) => {
    host.program('modprobe', modprobe);
    put(
      '/lib/modules/5.14.0-503.el9/modules.dep',
      'kernel/drivers/net/vxlan/vxlan.ko.gz: kernel/net/ipv4/udp_tunnel.ko\n',
    );
    put('/lib/modules/5.14.0-503.el9/modules.builtin', 'kernel/fs/overlayfs/overlay.ko\n');
    expect((await look()).system?.missingModules).toEqual(['br_netfilter']);
  });

  it('tells cgroup v1, and nm-cloud-setup that starts with the host', async () => {
    put('/etc/os-release', 'ID=debian\n');
    host.program('systemctl', 'case "$*" in "is-enabled --quiet nm-cloud-setup.timer") exit 0 ;; esac; exit 1');
    expect((await look()).system).toMatchObject({ cgroups: 1, nmCloudSetup: true, selinux: 'Disabled' });
  });

  it.each([
    ['NTPSynchronized=yes', true],
    ['NTPSynchronized=no', false],
    ['', undefined],
  ])('tells whether its clock is kept in step: "%s"', async (said, wanted) => {
    host.program('timedatectl', `[ "$*" = 'show -p NTPSynchronized' ] && echo ${said}`);
    expect((await look()).system?.clockSynchronised).toBe(wanted);
  });

  it('tells addresses with their leases, routes without the default one, and name servers', async () => {
    host.program(
      'ip',
      `case "$*" in
  '-o addr show scope global') printf '2: eth0    inet 10.0.0.11/24 brd 10.0.0.255 scope global dynamic eth0\\n3: eth1    inet6 fd00::1/64 scope global \\n' ;;
  '-o -4 route show') printf 'default via 10.0.0.1 dev eth0 \\n10.0.0.0/24 dev eth0 proto kernel scope link\\n10.8.0.1 via 10.0.0.9 dev tun0\\nblackhole 10.9.0.0/16\\n' ;;
  '-o -6 route show') printf 'fd00::/64 dev eth1 proto kernel\\n' ;;
esac`,
    );
    put('/etc/resolv.conf', '# nameserver 9.9.9.9\nnameserver 127.0.0.53\n');
    put('/run/systemd/resolve/resolv.conf', 'nameserver 10.0.0.1\n');
    expect((await look()).network).toMatchObject({
      links: [
        { name: 'eth0', address: '10.0.0.11', leased: true },
        { name: 'eth1', address: 'fd00::1', leased: false },
      ],
      routes: [
        { to: '10.0.0.0/24', through: 'eth0' },
        { to: '10.8.0.1', through: 'tun0' },
        { to: 'fd00::/64', through: 'eth1' },
      ],
      nameServers: ['10.0.0.1', '127.0.0.53'],
    });
  });

  it('tells units and folders of other distributions, by one question to systemd', async () => {
    host.program(
      'systemctl',
      `[ "$1" = show ] && [ "$#" -gt 8 ] || exit 1
echo "$1" >> "$HOST/asked"
printf 'Id=kubelet.service\\nLoadState=loaded\\nActiveState=active\\n\\nId=rke2-server.service\\nLoadState=not-found\\nActiveState=inactive\\n'`,
    );
    put('/etc/kubernetes/manifests/etcd.yaml', 'a');
    const { remains } = await look();
    expect([...(remains?.units ?? [])]).toEqual([['kubelet.service', 'active']]);
    expect(remains?.folders.map((folder) => folder.replace(host.folder, ''))).toEqual(['/etc/kubernetes/manifests']);
  });

  it('tells nothing of a firewall where none is active', async () => {
    expect((await look()).firewallRules).toBeUndefined();
  });

  it('reads the zones of firewalld that are active, and whether a reload flushes', async () => {
    host.program('systemctl', 'case "$*" in "is-active --quiet firewalld") exit 0 ;; esac; exit 1');
    host.program('firewall-cmd', `case $1 in --list-all-zones) cat "$HOST/zones" ;; *) echo public ;; esac`);
    writeFileSync(`${host.folder}/zones`, ZONES);
    expect((await look()).firewallRules).toEqual({
      tool: 'firewalld',
      otherwise: 'drop',
      allowed: [
        { protocol: 'tcp', ports: [10_250, 10_250] },
        { protocol: 'tcp', ports: [30_000, 32_767] },
        { protocol: 'tcp', ports: [6443, 6443] },
        { protocol: 'tcp', ports: [2379, 2380], from: '10.0.0.12' },
        { protocol: 'any', from: '10.42.0.0/16' },
      ],
      flushes: true,
    });
    // The interface of pods lies in a zone that lets everything in.
    writeFileSync(`${host.folder}/zones`, `${ZONES}\npods (active)\n  target: ACCEPT\n  interfaces: cni0\n  ports: \n`);
    expect((await look()).firewallRules?.allowed).toContainEqual({ protocol: 'tcp', ports: [6443, 6443] });
    put('/etc/firewalld/firewalld.conf', '# a comment\nFlushAllOnReload=no\n');
    expect((await look()).firewallRules?.flushes).toBe(false);
  });

  it('reads what ufw lets in, and passes over what it denies or lets in on one interface only', async () => {
    host.program('ufw', 'cat "$HOST/ufw"');
    writeFileSync(`${host.folder}/ufw`, UFW);
    expect((await look()).firewallRules).toEqual({
      tool: 'ufw',
      otherwise: 'drop',
      allowed: [
        { protocol: 'tcp', ports: [22, 22] },
        { protocol: 'tcp', ports: [2379, 2380], from: '10.0.0.12' },
        { protocol: 'any', from: '10.42.0.0/16' },
        { protocol: 'tcp', ports: [80, 80] },
        { protocol: 'tcp', ports: [443, 443] },
      ],
      flushes: false,
    });
  });

  it.each([
    ['iptables', `[ "$1" = -S ] && echo '-P INPUT DROP'`],
    [
      'nft',
      `printf 'table inet f {\\n\\tchain in {\\n\\t\\ttype filter hook input priority filter; policy drop;\\n\\t}\\n}\\n'`,
    ],
  ])('tells a filter of %s that drops what no rule names', async (program, text) => {
    host.program(program, text);
    expect((await look()).firewallRules).toEqual({ tool: 'filter', otherwise: 'drop', allowed: [], flushes: false });
  });
});
