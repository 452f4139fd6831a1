import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putIntoHaproxy, takeOutOfHaproxy } from '../../../src/core/remote/balancerServer';
import type { RemoteCommand } from '../../../src/core/remote/remoteCommand';
import { shellHost, type ShellHost } from '../../support/shellHost';

/** HAProxy's socket as far as it is asked: `stat.N` is what it shows at the N-th look, the last one from then on. */
const SOCAT = `read -r line
printf '%s\\n' "$line" >> "$HOST/said"
case $line in
  'show stat'*)
    n=$(cat "$HOST/looks" 2>/dev/null || echo 0)
    echo $((n + 1)) > "$HOST/looks"
    while [ $n -gt 0 ] && [ ! -f "$HOST/stat.$n" ]; do n=$((n - 1)); done
    cat "$HOST/stat.$n" 2>/dev/null
    ;;
  *) cat "$HOST/answer" 2>/dev/null ;;
esac
true
`;

const HEAD =
  '# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight';
const line = (name: string, status: string, now: number, all: number): string =>
  `k3s-servers,${name},0,0,${now},9,,${all},1,1,,0,,0,0,0,0,${status},1`;
type Server = readonly [name: string, status: string, now: number, all: number];

describe.each(['/bin/dash', '/bin/bash'])('HAProxy that is told about a server under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('socat', SOCAT);
  });
  afterEach(() => host.remove());

  const looks = (...states: readonly (readonly Server[])[]): void =>
    states.forEach((servers, index) =>
      writeFileSync(join(host.folder, `stat.${index}`), [HEAD, ...servers.map((one) => line(...one)), ''].join('\n')),
    );
  const run = async (command: RemoteCommand<void>) => command.parse(await host.run(command));
  const told = (): string[] =>
    readFileSync(join(host.folder, 'said'), 'utf8')
      .split('\n')
      .filter((one) => one.startsWith('set '));

  it('gives it no new connections, and waits until the last ones have ended', async () => {
    looks(
      [
        ['s-1', 'UP', 4, 10],
        ['s-2', 'UP', 1, 10],
      ],
      [
        ['s-1', 'DRAIN', 2, 12],
        ['s-2', 'UP', 1, 10],
      ],
      [
        ['s-1', 'DRAIN', 1, 12],
        ['s-2', 'UP', 1, 10],
      ],
      [
        ['s-1', 'DRAIN', 0, 12],
        ['s-2', 'UP', 1, 12],
      ],
    );
    expect(await run(takeOutOfHaproxy('s-1'))).toEqual({ ok: true, value: undefined });
    expect(told()).toEqual(['set server k3s-servers/s-1 state drain']);
    expect(readFileSync(join(host.folder, 'looks'), 'utf8')).toBe('4\n');
  });

  it('does not wait for a stream that goes on for hours', async () => {
    looks([
      ['s-1', 'DRAIN', 1, 12],
      ['s-2', 'UP 1/2', 1, 10],
    ]);
    const begin = Date.now();
    expect(await run(takeOutOfHaproxy('s-1'))).toEqual({ ok: true, value: undefined });
    expect(Date.now() - begin).toBeLessThan(6000);
  });

  it('keeps the only server that is up, and changes nothing', async () => {
    looks([
      ['s-1', 'UP', 1, 1],
      ['s-2', 'DOWN', 0, 0],
      ['s-3', 'DRAIN', 0, 0],
    ]);
    expect(await run(takeOutOfHaproxy('s-1'))).toMatchObject({ ok: false, error: { code: 'balancer-last-server' } });
    expect(told()).toEqual([]);
  });

  it('takes no name for another one that begins like it', async () => {
    looks([
      ['s-10', 'UP', 1, 1],
      ['s-2', 'UP', 1, 1],
    ]);
    expect(await run(takeOutOfHaproxy('s-1'))).toMatchObject({ ok: false, error: { code: 'balancer-unknown-server' } });
  });

  it('gives what HAProxy answers as the reason', async () => {
    looks([
      ['s-1', 'UP', 0, 1],
      ['s-2', 'UP', 1, 1],
    ]);
    writeFileSync(join(host.folder, 'answer'), 'Permission denied\n');
    expect(await run(takeOutOfHaproxy('s-1'))).toMatchObject({
      ok: false,
      error: { code: 'balancer-server-failed', why: 'Permission denied' },
    });
  });

  it('says so when HAProxy does not run', async () => {
    expect(await run(takeOutOfHaproxy('s-1'))).toMatchObject({ ok: false, error: { code: 'haproxy-silent' } });
  });

  it('waits until its check has found the server up again', async () => {
    looks([['s-1', 'DRAIN', 0, 1]], [['s-1', 'DOWN 1/2', 0, 1]], [['s-1', 'UP', 0, 1]]);
    expect(await run(putIntoHaproxy('s-1', 10))).toEqual({ ok: true, value: undefined });
    expect(told()).toEqual(['set server k3s-servers/s-1 state ready']);
  });

  it('says what the server is when the time is over, and leaves the way open', async () => {
    looks([['s-1', 'DOWN', 0, 1]]);
    expect(await run(putIntoHaproxy('s-1', 0))).toMatchObject({
      ok: false,
      error: { code: 'balancer-server-down', why: 'its state is DOWN' },
    });
    expect(told()).toEqual(['set server k3s-servers/s-1 state ready']);
  });
});
