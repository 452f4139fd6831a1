import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bringBack, takeAway } from '../../../src/core/remote/drill';
import { shellHost, type ShellHost } from '../../support/shellHost';

/** What was called, one line each. */
const LOGS = '/var/log/calls';

describe('taking something away on a host', () => {
  let host: ShellHost;
  const calls = (): readonly string[] => {
    const path = host.root(LOGS);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  };
  const mark = (): string | undefined => {
    const path = join(host.folder, 'state/drill');
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const program = (name: string, exit = 0): void =>
    host.program(name, `echo "${name} $*" | head -n 1 >> ${host.root(LOGS)}\nexit ${exit}\n`);
  const withSystemd = (): void => void mkdirSync(host.root('/run/systemd/system'), { recursive: true });

  beforeEach(() => {
    host = shellHost('/bin/sh');
    host.root(LOGS);
    for (const name of ['systemctl', 'systemd-run', 'rc-service', 'nft']) program(name);
  });
  afterEach(() => host.remove());

  it('stops a unit only when the way back stands, and is told from one that is whole', async () => {
    withSystemd();
    const taken = await host.run(takeAway({ way: 'k3s', subject: 'k3s', part: 'k3s:server-1', seconds: 150 }));
    expect(taken).toMatchObject({ exitCode: 0, stdout: 'taken\n' });
    expect(mark()).toBe('k3s:server-1\nk3s\nk3s\n');
    const [armed, stopped] = ['systemd-run', 'systemctl stop k3s'].map((text) =>
      calls().findIndex((line) => line.startsWith(text) && !line.includes('.timer')),
    );
    expect(armed).toBeGreaterThanOrEqual(0);
    expect(stopped).toBeGreaterThan(armed ?? Infinity);
    expect(calls()[armed ?? 0]).toContain('--on-active=150');
  });

  it('takes nothing away when no timer can be set', async () => {
    withSystemd();
    program('systemd-run', 1);
    const refused = await host.run(takeAway({ way: 'k3s', subject: 'k3s', part: 'k3s:server-1', seconds: 150 }));
    expect(refused.exitCode).not.toBe(0);
    expect(calls()).not.toContain('systemctl stop k3s');
    expect(mark()).toBeUndefined();
  });

  it('is brought back by the host itself where it has no timers', async () => {
    const taken = await host.run(takeAway({ way: 'balancer', subject: 'haproxy', part: 'balancer:lb-1', seconds: 1 }));
    expect(taken.stdout).toBe('taken\n');
    expect(calls()).toContain('systemctl stop haproxy');
    await expect.poll(calls, { timeout: 20_000 }).toContain('rc-service haproxy start');
  });

  it('is brought back by hand, which says that this part of this drill is over', async () => {
    withSystemd();
    await host.run(takeAway({ way: 'k3s', subject: 'k3s', part: 'k3s:server-1', seconds: 150 }));
    const back = await host.run(bringBack('k3s', 'k3s', 'k3s:server-1', 'drill-7'));
    expect(back).toMatchObject({ exitCode: 0, stdout: 'back\n' });
    expect(mark()).toBeUndefined();
    expect(calls()).toContain('systemctl start --no-block k3s');
    expect(calls()).toContain('systemctl stop k3s-ha-drill-cut.timer k3s-ha-drill-back.timer');
    await host.run(bringBack('link', '10.0.0.1', 'link:server-1', 'drill-7'));
    const over = (): string => readFileSync(join(host.folder, 'state/drilled'), 'utf8');
    expect(over()).toBe('drill-7\nk3s:server-1\nlink:server-1\n');
    await host.run(bringBack('k3s', 'k3s', 'k3s:server-1', 'drill-8'));
    expect(over()).toBe('drill-8\nk3s:server-1\n');
  });

  it('cuts the network of the interface that has the address, and of no other', async () => {
    withSystemd();
    host.program(
      'ip',
      `echo '1: lo    inet 127.0.0.1/8 scope host lo'\necho '2: eth7    inet 10.0.0.11/24 scope global eth7'\n`,
    );
    const link = (subject: string) => takeAway({ way: 'link', subject, part: 'link:server-1', seconds: 30 });
    expect(await host.run(link('10.0.0.11'))).toMatchObject({ exitCode: 0 });
    expect(mark()).toBe('link:server-1\nlink\neth7\n');
    const armed = calls().filter((line) => line.startsWith('systemd-run'));
    expect(armed.map((line) => /--unit=(\S+) --on-active=(\d+)/.exec(line)?.slice(1).join(' '))).toEqual([
      'k3s-ha-drill-back 30',
      'k3s-ha-drill-cut 1',
    ]);
    expect(await host.run(link('10.0.0.99'))).toMatchObject({ exitCode: 4 });
    const told = link('10.0.0.99').parse({ exitCode: 4, stdout: '', stderr: '' });
    expect(told).toMatchObject({
      ok: false,
      error: { message: 'No interface of this machine has the address 10.0.0.99' },
    });
  });
});
