import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeUnit } from '../../../src/core/remote/removeUnit';
import { shellHost, type ShellHost } from '../../support/shellHost';
import { showUnit } from '../../support/systemctl';

const FILE = '/etc/systemd/system/k3s.service';

describe.each(['/bin/dash', '/bin/bash'])('a unit of the other role under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program(
      'systemctl',
      `case $1 in
  show)
    if [ "$4" = FragmentPath ] && [ ! -e "$HOST${FILE}" ] && [ ! -e "$HOST/usr/$2" ]; then echo FragmentPath=
    else printf '%s=%s\\n' "$4" "$(cat "$HOST/units/$2/$4" 2>/dev/null)"; fi ;;
  disable) if [ -e "$HOST/busy" ]; then echo 'Failed to disable unit' >&2; exit 1; fi; echo "$*" >> "$HOST/systemctl.log" ;;
  *) echo "$*" >> "$HOST/systemctl.log" ;;
esac
`,
    );
    showUnit(host, 'k3s', { ActiveState: 'activating', FragmentPath: FILE });
    write(FILE, '[Service]\n');
    write(`${FILE}.env`, 'K3S_TOKEN=secret\n');
  });
  afterEach(() => host.remove());

  function write(path: string, text: string): void {
    const place = path.startsWith('/etc/') ? host.root(path) : join(host.folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text, { mode: 0o644 });
  }
  const there = (path: string): boolean => existsSync(join(host.folder, path));
  const kept = (name: string): string => join(host.folder, 'state/removed-units', name);
  const log = (): string => readFileSync(join(host.folder, 'systemctl.log'), 'utf8');
  async function remove() {
    const command = removeUnit('k3s', [join(host.folder, 'data'), join(host.folder, 'other')]);
    return command.parse(await host.run(command));
  }

  it('is stopped, starts no more, and its files are kept for root alone', async () => {
    expect(await remove()).toEqual({ ok: true, value: 'removed' });
    expect(log()).toBe('disable --now k3s\ndaemon-reload\nreset-failed k3s\n');
    expect([there(FILE), there(`${FILE}.env`)]).toEqual([false, false]);
    expect(readFileSync(kept('k3s.service.env'), 'utf8')).toBe('K3S_TOKEN=secret\n');
    expect(statSync(dirname(kept('k3s.service.env'))).mode & 0o077).toBe(0);
  });

  it('is gone already, or was left with half of its files by a run that was cut off', async () => {
    await remove();
    expect(await remove()).toEqual({ ok: true, value: 'absent' });
    write(`${FILE}.env`, 'K3S_TOKEN=secret\n');
    expect(await remove()).toEqual({ ok: true, value: 'absent' });
    expect(there(`${FILE}.env`)).toBe(false);
  });

  it.each(['data/server/db/state.db', 'other/server/token'])('stays where a server has left %s', async (path) => {
    write(path, 'precious');
    expect(await remove()).toMatchObject({ ok: false, error: { code: 'unit-holds-data' } });
    expect([there(FILE), there(path), there('systemctl.log')]).toEqual([true, true, false]);
  });

  it('stays while it works', async () => {
    showUnit(host, 'k3s', { ActiveState: 'active' });
    expect(await remove()).toMatchObject({ ok: false, error: { code: 'unit-runs' } });
    expect([there(FILE), there('systemctl.log')]).toEqual([true, false]);
  });

  it('keeps its files when systemd does not let go of it', async () => {
    write('busy', '');
    expect(await remove()).toMatchObject({
      ok: false,
      error: { code: 'unit-not-removed', why: 'Failed to disable unit' },
    });
    expect(there(FILE)).toBe(true);
  });

  it('that a package has brought as well is told', async () => {
    rmSync(join(host.folder, FILE));
    write('usr/k3s', '');
    showUnit(host, 'k3s', { FragmentPath: '/usr/lib/systemd/system/k3s.service' });
    expect(await remove()).toMatchObject({
      ok: false,
      error: { why: 'systemd still has /usr/lib/systemd/system/k3s.service' },
    });
  });
});
