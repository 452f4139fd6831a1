import { describe, expect, it } from 'vitest';
import { writeFile } from '../../../src/core/remote/file';
import { installK3s } from '../../../src/core/remote/install';
import { controlUnit, unitStatus } from '../../../src/core/remote/unit';
import { SOME_SCRIPT } from '../../support/installScripts';

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
