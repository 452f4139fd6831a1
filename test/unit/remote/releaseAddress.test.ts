import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { releaseAddress } from '../../../src/core/remote/releaseAddress';
import { shellHost, type ShellHost } from '../../support/shellHost';

/** The host has the address, with that prefix, while the file `address` is there. */
const IP = `case "$*" in
  "-o addr show to "*) [ ! -f "$HOST/address" ] || echo "2: eth0    inet $5/$(cat "$HOST/address") scope global eth0" ;;
  "addr del "*) echo "$*" >> "$HOST/deleted"; [ -f "$HOST/back" ] || rm "$HOST/address" ;;
esac
true
`;

describe.each(['/bin/dash', '/bin/bash'])('The address that is taken off a host under %s', (shell) => {
  let host: ShellHost;
  let processes: ChildProcess[];
  beforeEach(() => {
    host = shellHost(shell);
    host.program('ip', IP);
    processes = [];
  });
  afterEach(() => {
    for (const process of processes) process.kill('SIGKILL');
    host.remove();
  });

  const put = (name: string, text = ''): void => writeFileSync(join(host.folder, name), text);
  const deleted = (): string =>
    existsSync(join(host.folder, 'deleted')) ? readFileSync(join(host.folder, 'deleted'), 'utf8').trim() : '';
  async function release(address = '10.0.0.100') {
    const command = releaseAddress(address);
    return command.parse(await host.run(command));
  }

  /** A process that /proc of the host knows under a name, with an environment. */
  function process(name: string, environment: string): ChildProcess {
    const child = spawn('sleep', ['100']);
    processes.push(child);
    writeFileSync(host.root(`/proc/${child.pid}/comm`), `${name}\n`);
    writeFileSync(host.root(`/proc/${child.pid}/environ`), environment);
    return child;
  }
  const lives = ({ pid }: ChildProcess): boolean => {
    try {
      return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
    } catch {
      return false;
    }
  };

  it('is proved absent where it is not', async () => {
    expect(await release()).toEqual({ ok: true, value: 'absent' });
    expect(deleted()).toBe('');
  });

  it('goes from its interface', async () => {
    put('address', '32');
    expect(await release()).toEqual({ ok: true, value: 'released' });
    expect(deleted()).toBe('addr del 10.0.0.100/32 dev eth0');
    put('address', '128');
    expect(await release('fd00::100')).toEqual({ ok: true, value: 'released' });
    expect(deleted()).toContain('addr del fd00::100/128 dev eth0');
  });

  it('stays when it belongs to the host', async () => {
    put('address', '24');
    expect(await release()).toMatchObject({ ok: false, error: { code: 'address-is-own' } });
    expect(deleted()).toBe('');
  });

  it('is told when it comes back at once', async () => {
    put('address', '32');
    put('back');
    expect(await release()).toMatchObject({
      ok: false,
      error: { code: 'address-stays', why: 'It was taken off, and is on eth0 again.' },
    });
  });

  it('goes with the kube-vip that carries it, and with no other one', async () => {
    put('address', '32');
    const own = process('kube-vip', 'vip_arp=true\0address=10.0.0.100\0port=6443\0');
    const other = process('kube-vip', 'address=10.0.0.200\0');
    const namesake = process('sleep', 'address=10.0.0.100\0');
    // The double of /proc goes with its process, as the real one does.
    own.on('exit', () => writeFileSync(host.root(`/proc/${own.pid}/comm`), 'gone\n'));
    expect(await release()).toEqual({ ok: true, value: 'released' });
    expect([own, other, namesake].map(lives)).toEqual([false, true, true]);
  });
});
