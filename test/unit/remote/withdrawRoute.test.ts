import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withdrawRoute } from '../../../src/core/remote/withdrawRoute';
import { shellHost, type ShellHost } from '../../support/shellHost';

/** kube-vip runs once more for each line of the file `runs`. */
const K3S = `case "$*" in
  "crictl ps "*) if [ -s "$HOST/runs" ]; then echo c0ffee; fi ;;
  "crictl stop --timeout 5 c0ffee") echo stopped >> "$HOST/stopped"; [ -f "$HOST/ever" ] || sed -i 1d "$HOST/runs" ;;
esac
`;

describe.each(['/bin/dash', '/bin/bash'])('The route to a server under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('k3s', K3S);
  });
  afterEach(() => host.remove());

  const put = (name: string, text = ''): void => writeFileSync(join(host.folder, name), text);
  const stops = (): number =>
    existsSync(join(host.folder, 'stopped'))
      ? readFileSync(join(host.folder, 'stopped'), 'utf8').split('\n').length - 1
      : 0;
  async function withdraw(seconds?: number) {
    const command = withdrawRoute();
    return command.parse(await host.run(seconds === undefined ? command : { ...command, args: [String(seconds)] }));
  }

  it('is none where no kube-vip runs', async () => {
    expect(await withdraw()).toEqual({ ok: true, value: 'absent' });
  });

  it('is withdrawn when kube-vip was ended a second time: the kubelet waits then', async () => {
    put('runs', 'first\nsecond\n');
    expect(await withdraw()).toEqual({ ok: true, value: 'withdrawn' });
    expect(stops()).toBe(2);
  });

  it('stays while kube-vip runs again each time', async () => {
    put('runs', 'for ever\n');
    put('ever');
    expect(await withdraw(3)).toMatchObject({ ok: false, error: { code: 'route-stays' } });
    expect(stops()).toBeGreaterThan(0);
  });
});
