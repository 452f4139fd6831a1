import { describe, expect, it } from 'vitest';
import { writeFile } from '../../../src/core/remote/file';
import { installK3s } from '../../../src/core/remote/install';
import { probe } from '../../../src/core/facts/probe';
import { controlUnit, unitStatus } from '../../../src/core/remote/unit';
import { SOME_SCRIPT } from '../../support/installScripts';

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
    const result = writeFile('/etc/rancher/k3s/config.yaml', '0600', 'x').parse({
      stdout: '',
      stderr: 'cat: write error: No space left on device\n',
      exitCode: 1,
    });
    expect(result).toMatchObject({
      ok: false,
      error: {
        message: '/etc/rancher/k3s/config.yaml could not be written',
        why: 'cat: write error: No space left on device',
        nextSteps: [expect.stringContaining('Free disk space')],
      },
    });
  });

  it('count bytes, not characters, so that a cut-off transfer is noticed', () => {
    expect(writeFile('/f', '0600', 'é€😀\n').args[2]).toBe(String(Buffer.byteLength('é€😀\n')));
  });

  it('keep secrets out of the argument list', () => {
    const config = writeFile('/etc/rancher/k3s/config.yaml', '0600', 'token: s3cr3t-token\n', ['s3cr3t-token']);
    const install = installK3s(
      { role: 'server', env: { HTTPS_PROXY: 'http://user:s3cr3t-token@proxy' } },
      SOME_SCRIPT,
      ['s3cr3t-token'],
    );
    for (const command of [config, install]) {
      expect(command.args.join(' ')).not.toContain('s3cr3t-token');
      expect(command.stdin).toContain('s3cr3t-token');
    }
  });

  it('read state and journal of a unit', () => {
    const state = 'Result=exit-code NRestarts=3 ActiveState=activating SubState=auto-restart InvocationID=0af3 ';
    const status = unitStatus('k3s', { before: '', journalLines: 5, waitSeconds: 1, known: '' }).parse({
      stdout: `${state}\nline one\nline two\n`,
      stderr: '',
      exitCode: 0,
    });
    const value = {
      state,
      active: 'activating',
      sub: 'auto-restart',
      restarts: 3,
      result: 'exit-code',
      invocation: '0af3',
      journal: ['line one', 'line two'],
    };
    expect(status).toEqual({ ok: true, value });
  });

  it('M14: read which run of a unit was there before a restart', () => {
    const { parse } = controlUnit('restart', 'k3s');
    expect(parse({ stdout: 'InvocationID=0af3\n', stderr: '', exitCode: 0 })).toEqual({ ok: true, value: '0af3' });
    expect(parse({ stdout: 'InvocationID=\n', stderr: '', exitCode: 0 })).toEqual({ ok: true, value: '' });
    expect(parse({ stdout: '', stderr: 'Unit k3s.service does not exist', exitCode: 1 })).toMatchObject({
      ok: false,
      error: { code: 'unit-control-failed' },
    });
  });
});
