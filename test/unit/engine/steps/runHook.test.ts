import { describe, expect, it } from 'vitest';
import type { Cluster, ClusterNode } from '../../../../src/core/cluster/cluster';
import { problem } from '../../../../src/core/base/problem';
import { readHooks } from '../../../../src/core/cluster/hooks';
import { err, ok } from '../../../../src/core/base/result';
import type { ProgramDoor } from '../../../../src/engine/ports';
import { runHook } from '../../../../src/engine/steps/runHook';
import { clusterOf } from '../../../support/cluster';
import { textInput } from '../../../support/localFiles';
import { playStep } from '../../../support/playStep';
import { TOKEN } from '../../../support/plans';

const TEXT = '#!/bin/sh\nexit 0\n';
const texts = { './pre.sh': TEXT };
const sha256 = textInput(TEXT).sha256;

function hooked(on: 'host' | 'here'): { readonly cluster: Cluster; readonly step: ReturnType<typeof runHook.step> } {
  const hooks = readHooks([{ when: 'before node-upgrade', run: './pre.sh', on, timeout: '90s' }]);
  const cluster = { ...clusterOf(), hooks };
  const [server] = cluster.servers as [ClusterNode];
  const what = { side: 'before', event: 'node-upgrade', run: './pre.sh', on, timeoutMs: 90_000 } as const;
  return { cluster, step: runHook.step(server, { ...what, number: 1, sha256 }, 'hooks asks for it') };
}

describe('the step run-hook on a host', () => {
  const { cluster, step } = hooked('host');

  it('sends the script as it was read, with what it is told, and says which one it is', async () => {
    const { outcome, calls } = await playStep({ cluster, step, texts });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toMatchObject([{ host: 'server-1', script: 'run-hook', stdin: TEXT }]);
    expect(calls[0]?.args).toEqual([
      '90',
      String(TEXT.length),
      sha256,
      'K3S_HA_NODE=server-1',
      'K3S_HA_HOST=10.0.0.11',
      'K3S_HA_ROLE=server',
      'K3S_HA_CLUSTER=edge',
      'K3S_HA_VERSION=v1.36.3+k3s1',
    ]);
    expect(step.says.title).toBe(
      `Run ./pre.sh (sha256 ${sha256.slice(0, 12)}) there, before node-upgrade, at most 90s`,
    );
  });

  it('fails with the last lines of the hook, secrets masked', async () => {
    const stdout = `checking\nlogin with ${TOKEN} refused\n`;
    const answer = () => ({ stdout, stderr: 'the hook ended with exit status 3\n', exitCode: 90 });
    const { outcome } = await playStep({ cluster, step, texts, answer });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { host: 'server-1', code: 'hook-failed', why: 'The hook ended with exit status 3.' },
    });
    expect(JSON.stringify(outcome)).toContain('refused');
    expect(JSON.stringify(outcome)).not.toContain(TOKEN);
  });

  it('names its time limit when that is over', async () => {
    const answer = () => ({ stderr: 'the hook ran longer than 90 s and was ended\n', exitCode: 91 });
    const { outcome } = await playStep({ cluster, step, texts, answer });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { why: 'The hook ran longer than 90 s and was ended.' } });
  });

  it('is unknown when the connection breaks, and cancelled when that is wished', async () => {
    expect((await playStep({ cluster, step, texts, answer: () => 'cut off' })).outcome.kind).toBe('unknown');
    expect((await playStep({ cluster, step, texts, cancelAt: 'run-hook' })).outcome).toEqual({ kind: 'cancelled' });
  });
});

describe('the step run-hook on this computer', () => {
  const { cluster, step } = hooked('here');

  it('runs what was read for the plan, tells its lines, and asks no host', async () => {
    const ran: unknown[] = [];
    const programs: ProgramDoor = {
      admit: async () => ok(undefined),
      run: async ({ name, input, env, timeoutMs, onLine }) => {
        ran.push([name, input.sha256, env['K3S_HA_NODE'], timeoutMs]);
        onLine?.('looking');
        return ok(undefined);
      },
    };
    const { outcome, asked, lines } = await playStep({ cluster, step, texts, programs });
    expect(outcome).toEqual({ kind: 'done' });
    expect(ran).toEqual([['./pre.sh', sha256, 'server-1', 90_000]]);
    expect(lines).toEqual(['looking']);
    expect(asked).toEqual([]);
  });

  it('fails on the machine that it is about', async () => {
    const programs: ProgramDoor = {
      admit: async () => ok(undefined),
      run: async () => err(problem('hook-failed', 'The hook ./pre.sh did not succeed')),
    };
    expect((await playStep({ cluster, step, texts, programs })).outcome).toMatchObject({
      kind: 'failed',
      problem: { host: 'server-1', code: 'hook-failed' },
    });
  });

  it('runs nothing where nobody can have agreed', async () => {
    await expect(playStep({ cluster, step, texts })).rejects.toThrow('nobody was asked whether ./pre.sh may run here');
  });
});
