import { describe, expect, it } from 'vitest';
import { journalCause } from '../../../src/core/k3s/journalText';
import { writeFile } from '../../../src/core/k3s/remote/file';
import { installK3s } from '../../../src/core/k3s/remote/install';
import { probe } from '../../../src/core/k3s/remote/probe';
import { unitStatus } from '../../../src/core/k3s/remote/unit';

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

describe('commands', () => {
  it('say what a full disk means', () => {
    const result = writeFile('/etc/rancher/k3s/config.yaml', '0600', 'x').parse({ stdout: '', stderr: 'cat: write error: No space left on device\n', exitCode: 1 });
    expect(result).toMatchObject({ ok: false, error: { message: '/etc/rancher/k3s/config.yaml could not be written', why: 'cat: write error: No space left on device', nextSteps: [expect.stringContaining('Free disk space')] } });
  });

  it('count bytes, not characters, so that a cut-off transfer is noticed', () => {
    expect(writeFile('/f', '0600', 'é€😀\n').args[2]).toBe(String(Buffer.byteLength('é€😀\n')));
  });

  it('keep secrets out of the argument list', () => {
    const config = writeFile('/etc/rancher/k3s/config.yaml', '0600', 'token: s3cr3t-token\n', ['s3cr3t-token']);
    const install = installK3s({ scriptUrl: 'https://get.k3s.io', role: 'server', env: { HTTPS_PROXY: 'http://user:s3cr3t-token@proxy' } }, ['s3cr3t-token']);
    for (const command of [config, install]) {
      expect(command.args.join(' ')).not.toContain('s3cr3t-token');
      expect(command.stdin).toContain('s3cr3t-token');
    }
  });

  it('read state and journal of a unit', () => {
    const status = unitStatus('k3s', { since: 0, journalLines: 5, waitSeconds: 1, knownRestarts: 0 }).parse({ stdout: 'activating\nauto-restart\n3\nexit-code\nline one\nline two\n', stderr: '', exitCode: 0 });
    expect(status).toEqual({ ok: true, value: { active: 'activating', sub: 'auto-restart', restarts: 3, result: 'exit-code', journal: ['line one', 'line two'] } });
  });
});

describe('journalCause', () => {
  const fatal = (text: string): string => `time="2026-08-12T10:00:00Z" level=fatal msg="Error: ${text}"`;

  it.each([
    ['creating storage endpoint: default addr for network \'10.0.0.5:3306\' unknown', 'tcp(host:3306)', true],
    ['bootstrap data already found and encrypted with different token', 'token of the first server', true],
    ['flag provided but not defined: -tls-san', 'agents.config', true],
    ['listen tcp :6443: bind: address already in use', 'ss -lntp', true],
    ['failed to validate token: failed to get CA certs: Get \\"https://10.0.0.1:6443/cacerts\\": connection refused', 'reaches the registration address', false],
  ])('explains: %s', (text, advice, final) => {
    const cause = journalCause(['k3s.service: Failed', fatal(text), 'k3s.service: Scheduled restart job, restart counter is at 1.']);
    expect(cause?.nextSteps.join(' ')).toContain(advice);
    expect(cause?.final).toBe(final);
    expect(cause?.text).not.toContain('level=');
  });

  it('gives an unknown fatal line as it is', () => {
    expect(journalCause([fatal('the moon is in the wrong phase')])).toEqual({ text: 'Error: the moon is in the wrong phase', nextSteps: [], final: false });
  });

  it('has nothing to say about a healthy journal', () => {
    expect(journalCause(['time="…" level=info msg="k3s is up and running"'])).toBeUndefined();
  });
});
