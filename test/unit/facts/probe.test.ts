import { describe, expect, it } from 'vitest';
import { probe } from '../../../src/core/facts/probe';

const PROBED = `arch=aarch64
os=Raspbian GNU/Linux 12 (bookworm)
hostname=pi-1
boot=6f2c
time=1790000000
init=systemd
cpus=4
memory_kib=3884000
disk_free_kib=12000000
addresses=10.0.0.11 fd00::11 
default_route=yes
ports=22 6443 10250 
memory_cgroup=yes
firewall=ufw
k3s_version=v1.36.3+k3s1
unit k3s=active running 2 enabled
restart_pending=yes
config_sha256=abc
etcd_data=yes
server_token=yes
certificate_names=10.0.0.100 kubernetes.default 
end=yes
`;

describe('the probe', () => {
  it('reads what a host prints', () => {
    const facts = probe().parse({ stdout: PROBED, stderr: '', exitCode: 0 });
    expect(facts).toMatchObject({
      ok: true,
      value: {
        arch: 'aarch64',
        addresses: ['10.0.0.11', 'fd00::11'],
        listeningPorts: [22, 6443, 10250],
        firewall: 'ufw',
        k3sVersion: 'v1.36.3+k3s1',
        units: { k3s: { active: 'active', sub: 'running', restarts: 2, enabled: true } },
        restartPending: true,
        etcdData: true,
        sqliteData: false,
        certificateNames: ['10.0.0.100', 'kubernetes.default'],
      },
    });
  });

  it('does not take half an answer for a whole one', () => {
    const facts = probe().parse({ stdout: PROBED.slice(0, 200), stderr: 'Killed\n', exitCode: 137 });
    expect(facts).toMatchObject({ ok: false, error: { code: 'probe-failed', why: 'Killed' } });
  });
});
