import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlUnit, unitStatus } from '../../../src/core/remote/unit';
import { shellHost, type ShellHost } from '../../support/shellHost';

/** systemd as far as the scripts ask it: the properties stand in a file, and what changes units is written down. */
const SYSTEMCTL = `if [ "$1" = show ]; then
  shift 2
  while [ $# -gt 0 ]; do grep "^$2=" "$HOST/unit"; shift 2; done
else echo "$*" >> "$HOST/calls"
fi
`;

let host: ShellHost;
beforeEach(() => {
  host = shellHost('/bin/sh');
  host.program('systemctl', SYSTEMCTL);
  host.program('journalctl', 'echo "journalctl $*"\n');
  // The age of config.yaml, in seconds since 1970.
  host.program('stat', 'cat "$HOST/changed"\n');
});
afterEach(() => host.remove());

function shows(active: string, sub: string, changed = 0): void {
  writeFileSync(join(host.folder, 'changed'), `${changed}\n`);
  writeFileSync(
    join(host.folder, 'unit'),
    `InvocationID=0af3\nActiveState=${active}\nSubState=${sub}\nNRestarts=2\nResult=success\nExecMainStartTimestamp=Fri 2026-11-27 00:27:53 UTC\n`,
  );
}

describe('unit-control', () => {
  const control = async (
    verb: 'start' | 'restart' | 'stop',
  ): Promise<{ readonly before: unknown; readonly call: string | undefined }> => {
    const command = controlUnit(verb, 'k3s');
    const result = command.parse(await host.run(command));
    return {
      before: result.ok ? result.value : result.error,
      call: readFileSync(join(host.folder, 'calls'), 'utf8').trim().split('\n').at(-1),
    };
  };

  it.each([
    ['restart', 'active', 'running', '0af3', '--no-block restart k3s'],
    ['start', 'inactive', 'dead', '0af3', '--no-block start k3s'],
    ['start', 'failed', 'failed', '0af3', '--no-block start k3s'],
    ['start', 'activating', 'auto-restart', '0af3', '--no-block start k3s'],
    ['start', 'active', 'running', '', '--no-block start k3s'],
    ['start', 'activating', 'start', '', '--no-block start k3s'],
    ['stop', 'active', 'running', '', 'stop k3s'],
  ] as const)('M14: %s of a unit that is %s (%s): what ran before is "%s"', async (verb, active, sub, before, call) => {
    shows(active, sub);
    expect(await control(verb)).toEqual({ before, call });
  });

  it('L7: a start replaces a process that is starting with an older configuration', async () => {
    shows('activating', 'start', Date.UTC(2026, 10, 27, 1) / 1000);
    expect(await control('start')).toEqual({ before: '0af3', call: '--no-block restart k3s' });
  });
});

describe('unit-status', () => {
  const options = { before: '', journalLines: 7, waitSeconds: 0, known: '' };

  it('L7: reads the journal of the present invocation alone', async () => {
    shows('activating', 'start');
    const command = unitStatus('k3s', options);
    expect(command.parse(await host.run(command))).toMatchObject({
      ok: true,
      value: {
        active: 'activating',
        sub: 'start',
        restarts: 2,
        result: 'success',
        invocation: '0af3',
        journal: ['journalctl _SYSTEMD_INVOCATION_ID=0af3 + _PID=1 INVOCATION_ID=0af3 --no-pager -q -o cat -n 7'],
      },
    });
    const silent = unitStatus('k3s', { ...options, before: '0af3' });
    expect(silent.parse(await host.run(silent))).toMatchObject({ ok: true, value: { journal: [] } });
  });

  it('M14: answers at once when anything differs from what is known, and waits when nothing does', async () => {
    shows('deactivating', 'stop-sigterm');
    const first = unitStatus('k3s', options);
    const known = first.parse(await host.run(first));
    if (!known.ok) throw new Error(known.error.message);
    const sleeps = (): number => host.filesWith('slept').length;
    host.program('sleep', 'echo slept > "$HOST/slept-$$"\n');
    await host.run(unitStatus('k3s', { ...options, waitSeconds: 1, known: known.value.state }));
    // Besides the program itself.
    expect(sleeps()).toBe(1 + 4);
    shows('activating', 'start');
    const changed = unitStatus('k3s', { ...options, waitSeconds: 600, known: known.value.state });
    expect(changed.parse(await host.run(changed))).toMatchObject({ ok: true, value: { active: 'activating' } });
    expect(sleeps()).toBe(1 + 4);
  });
});
