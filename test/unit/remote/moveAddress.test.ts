import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveAddressAway } from '../../../src/core/remote/moveAddress';
import { shellHost, type ShellHost } from '../../support/shellHost';

/** The host has the address while the file `address` is there. */
const IP = `case "$*" in
  "-o addr show to "*) [ ! -f "$HOST/address" ] || echo "2: eth0    inet $5/32 scope global deprecated eth0" ;;
  "addr del "*) echo "$*" >> "$HOST/deleted"; rm "$HOST/address" ;;
esac
true
`;

/** kube-vip takes the address away when it ends, unless it is killed; it comes back as often as \`again\` says. */
const K3S = `case "$*" in
  "crictl ps "*)
    if [ -f "$HOST/mute" ]; then echo 'connect: connection refused' >&2; exit 1; fi
    echo c0ffee ;;
  "crictl stop --timeout 5 c0ffee")
    echo stopped >> "$HOST/stopped"
    [ -f "$HOST/killed" ] || rm -f "$HOST/address" ;;
  "kubectl "*)
    echo "$*" >> "$HOST/asked"
    if [ -s "$HOST/again" ]; then
      sed -i 1d "$HOST/again"
      touch "$HOST/address"
    fi
    if [ -f "$HOST/silent" ]; then echo 'connect: no route to host' >&2; exit 1; fi
    printf ok ;;
esac
`;

describe.each(['/bin/dash', '/bin/bash'])('The address that leaves a server under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('ip', IP);
    host.program('k3s', K3S);
  });
  afterEach(() => host.remove());

  const put = (name: string, text = ''): void => writeFileSync(join(host.folder, name), text);
  const lines = (name: string): readonly string[] =>
    existsSync(join(host.folder, name)) ? readFileSync(join(host.folder, name), 'utf8').trim().split('\n') : [];
  async function move(address = '10.0.0.100', seconds?: number) {
    const command = moveAddressAway(address, 6443);
    const args = seconds === undefined ? command.args : [...command.args.slice(0, 3), String(seconds)];
    return command.parse(await host.run({ ...command, args }));
  }

  it('is left alone where it is not', async () => {
    expect(await move()).toEqual({ ok: true, value: 'elsewhere' });
    expect(lines('stopped')).toEqual([]);
  });

  it('goes with kube-vip, and the API has to answer there', async () => {
    put('address');
    expect(await move()).toEqual({ ok: true, value: 'moved' });
    expect(lines('stopped')).toHaveLength(1);
    expect(lines('deleted')).toEqual([]);
    expect(lines('asked')[0]).toContain('--server https://10.0.0.100:6443 ');
  });

  it('is taken away when kube-vip was killed', async () => {
    put('address');
    put('killed');
    expect(await move()).toEqual({ ok: true, value: 'moved' });
    expect(lines('deleted')).toEqual(['addr del 10.0.0.100/32 dev eth0']);
  });

  it('stays while kube-vip cannot be ended', async () => {
    put('address');
    put('mute');
    expect(await move()).toMatchObject({
      ok: false,
      error: { code: 'address-not-moved', why: 'connect: connection refused' },
    });
    expect(lines('deleted')).toEqual([]);
    expect(existsSync(join(host.folder, 'address'))).toBe(true);
  });

  it('is sent away again when it comes back', async () => {
    put('address');
    put('again', 'once\n');
    expect(await move()).toEqual({ ok: true, value: 'moved' });
    expect(lines('stopped')).toHaveLength(2);
  });

  it('is told when nobody else answers there', async () => {
    put('address');
    put('silent');
    expect(await move('fd00::100', 0)).toMatchObject({ ok: false, error: { code: 'address-stays' } });
    put('address');
    expect(await move('fd00::100', 1)).toMatchObject({
      ok: false,
      error: { code: 'address-silent', why: 'connect: no route to host' },
    });
    expect(lines('asked')[0]).toContain('--server https://[fd00::100]:6443 ');
  });
});
