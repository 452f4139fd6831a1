import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markNode } from '../../../src/core/remote/markNode';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('A Node gets labels and taints, under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('k3s', 'echo "$*" >> "$HOST/asked"\ncase $* in *broken*) echo refused >&2; exit 1;; esac\n');
  });
  afterEach(() => host.remove());

  it('each by kubectl, and text of the file never is an option', async () => {
    const command = markNode('agent-1', { labels: ['--all=x', 'empty='], taints: ['gpu=yes:NoSchedule'] });
    expect(command.parse(await host.run(command))).toEqual({ ok: true, value: undefined });
    expect(readFileSync(join(host.folder, 'asked'), 'utf8').trim().split('\n')).toEqual([
      'kubectl label node --overwrite --request-timeout=10s -- agent-1 --all=x',
      'kubectl label node --overwrite --request-timeout=10s -- agent-1 empty=',
      'kubectl taint node --overwrite --request-timeout=10s -- agent-1 gpu=yes:NoSchedule',
    ]);
  });

  it('and the first one that is refused is told', async () => {
    const command = markNode('agent-1', { labels: ['broken=1', 'disk=ssd'], taints: [] });
    expect(command.parse(await host.run(command))).toMatchObject({
      ok: false,
      error: { code: 'mark-node-failed', why: 'refused' },
    });
    expect(readFileSync(join(host.folder, 'asked'), 'utf8')).not.toContain('disk=ssd');
  });
});
