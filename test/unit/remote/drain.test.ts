import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cordonNode, uncordonNode } from '../../../src/core/remote/cordon';
import { drainNode } from '../../../src/core/remote/drain';
import { recording } from '../../support/journals';
import { shellHost, type ShellHost } from '../../support/shellHost';

const OPTIONS = { emptyDir: true, unmanaged: false };

/** What kubectl printed on standard error for a drain with these options, on a real K3s. */
function recordedDrain(options: string): string {
  const block = recording('drain.txt')
    .split('\n$ ')
    .find((part) => part.startsWith(`[h3] k3s kubectl drain h4${options} --timeout`));
  return (block ?? '')
    .split('\n')
    .flatMap((line) => (line.startsWith('err| ') ? [line.slice(5)] : []))
    .join('\n');
}

describe('a drain as kubectl tells it', () => {
  const turn = (stderr: string, exitCode = 1) => drainNode('h4', OPTIONS).parse({ stdout: '', stderr, exitCode });

  it('is refused for pods that would be lost, each reason with its pods', () => {
    expect(turn(recordedDrain(' --ignore-daemonsets'))).toMatchObject({
      ok: false,
      error: {
        code: 'drain-refused',
        details: [
          'nothing makes them anew: default/bare',
          'their emptyDir would go with them: default/baree, default/web-bf648f6cd-92gpd',
        ],
      },
    });
    expect(turn(recordedDrain(' --ignore-daemonsets --delete-emptydir-data'))).toMatchObject({
      ok: false,
      error: { details: ['nothing makes them anew: default/bare, default/baree'] },
    });
  });

  it('waits for a pod that a budget keeps', () => {
    expect(turn(recordedDrain(' --ignore-daemonsets --delete-emptydir-data --force'))).toEqual({
      ok: true,
      value: {
        kind: 'waiting',
        kept: [{ namespace: 'default', name: 'single-69d9c887bc-gsbtk' }],
        ending: [],
      },
    });
  });

  it('waits for a pod that ends slowly', () => {
    const text =
      'error: unable to drain node "h4" due to error: error when waiting for pod "web-1" in namespace "shop" to terminate: global timeout reached: 10s, continuing command...';
    expect(turn(text)).toEqual({
      ok: true,
      value: { kind: 'waiting', kept: [], ending: [{ namespace: 'shop', name: 'web-1' }] },
    });
  });

  it('is over when the pods are gone, and for a node that is none', () => {
    expect(turn('Warning: ignoring DaemonSet-managed Pods: default/ds-jj7bl', 0)).toEqual({
      ok: true,
      value: { kind: 'drained' },
    });
    expect(turn('Error from server (NotFound): nodes "h4" not found')).toEqual({
      ok: true,
      value: { kind: 'absent' },
    });
  });

  it('fails with what kubectl says', () => {
    expect(turn('The connection to the server was refused')).toMatchObject({
      ok: false,
      error: { code: 'drain-failed', why: 'The connection to the server was refused' },
    });
  });
});

describe.each(['/bin/dash', '/bin/bash'])('A node is cordoned and drained, under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.root('/run/k3s-ha-drain.agent-1');
    // Processes are those of this machine.
    symlinkSync('/proc', join(host.folder, 'proc'));
    host.program(
      'k3s',
      'echo "$*" >> "$HOST/asked"\ncase $* in *" get node "*) cat "$HOST/seen" 2>/dev/null || true;; *" drain "*) [ ! -f "$HOST/slow" ] || { trap \'kill $!; exit 143\' TERM; sleep 60 & wait $!; };; esac\n',
    );
  });
  afterEach(() => host.remove());

  const seen = (text: string): void => writeFileSync(join(host.folder, 'seen'), text);
  const asked = (): string =>
    existsSync(join(host.folder, 'asked')) ? readFileSync(join(host.folder, 'asked'), 'utf8') : '';
  const run = async <T>(command: ReturnType<typeof cordonNode> | ReturnType<typeof drainNode>): Promise<T> =>
    command.parse(await host.run(command)) as T;

  it('is cordoned and marked in one change, once', async () => {
    seen('agent-1  ');
    expect(await run(cordonNode('agent-1'))).toEqual({ ok: true, value: 'ours' });
    expect(asked()).toContain(
      'patch node --type=merge --request-timeout=10s -p {"metadata":{"annotations":{"k3s-ha.io/cordoned":"yes"}},"spec":{"unschedulable":true}} -- agent-1',
    );
    seen('agent-1 true yes');
    const before = asked().match(/patch/g)?.length;
    expect(await run(cordonNode('agent-1'))).toEqual({ ok: true, value: 'ours' });
    expect(asked().match(/patch/g)?.length).toBe(before);
  });

  it('is left as it is when somebody else has cordoned it, also afterwards', async () => {
    seen('agent-1 true ');
    expect(await run(cordonNode('agent-1'))).toEqual({ ok: true, value: 'foreign' });
    expect(await run(uncordonNode('agent-1'))).toEqual({ ok: true, value: 'foreign' });
    expect(asked()).not.toContain('patch');
  });

  it('is uncordoned with its mark, and nothing is done where it is not cordoned or not there', async () => {
    seen('agent-1 true yes');
    expect(await run(uncordonNode('agent-1'))).toEqual({ ok: true, value: 'ours' });
    expect(asked()).toContain(
      '{"metadata":{"annotations":{"k3s-ha.io/cordoned":null}},"spec":{"unschedulable":null}} -- agent-1',
    );
    const before = asked().match(/patch/g)?.length;
    seen('agent-1  ');
    expect(await run(uncordonNode('agent-1'))).toEqual({ ok: true, value: 'ours' });
    seen('');
    expect(await run(uncordonNode('agent-1'))).toEqual({ ok: true, value: 'absent' });
    expect(await run(cordonNode('agent-1'))).toEqual({ ok: true, value: 'absent' });
    expect(asked().match(/patch/g)?.length).toBe(before);
  });

  it('is drained by the API, with the options that were wished', async () => {
    expect(await run(drainNode('agent-1', OPTIONS))).toEqual({ ok: true, value: { kind: 'drained' } });
    await run(drainNode('agent-1', { emptyDir: false, unmanaged: true }));
    expect(asked()).toBe(
      'kubectl drain --ignore-daemonsets --timeout=10s --delete-emptydir-data -- agent-1\n' +
        'kubectl drain --ignore-daemonsets --timeout=10s --force -- agent-1\n',
    );
    expect(readdirSync(join(host.folder, 'run'))).toEqual([]);
  });

  it('ends a drain that was left behind before it is uncordoned', async () => {
    writeFileSync(join(host.folder, 'slow'), '');
    const left = host.start(drainNode('agent-1', OPTIONS));
    const mark = join(host.folder, 'run/k3s-ha-drain.agent-1');
    while (!existsSync(mark) || readFileSync(mark, 'utf8') === '') await new Promise((go) => setTimeout(go, 10));
    const ended = new Promise((resolve) => left.on('close', resolve));
    seen('agent-1 true yes');
    const outcome = await run(uncordonNode('agent-1'));
    expect(outcome).toEqual({ ok: true, value: 'ours' });
    await ended;
    expect(existsSync(mark)).toBe(false);
  });
});
