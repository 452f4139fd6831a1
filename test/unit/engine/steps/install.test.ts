import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { install } from '../../../../src/engine/steps/install';
import { airgapOf } from '../../../support/airgap';
import { clusterOf } from '../../../support/cluster';
import { SOME_SCRIPT } from '../../../support/installScripts';
import { planFor, provisionedFacts } from '../../../support/plans';
import { playStep } from '../../../support/playStep';

const cluster = clusterOf();
const [agent] = cluster.agents as [ClusterNode];
const step = install.step(agent, { role: 'agent', release: 'v1.36.3+k3s1' }, 'K3s is not installed');

describe('the step install', () => {
  it('gives the installer its release, has it start nothing, and unpacks what it brought', async () => {
    const { outcome, calls, lines, told } = await playStep({
      cluster,
      step,
      answer: (_, script) => (script === 'install-k3s' ? { stdout: '[INFO]  Using v1.36.3+k3s1 as release\n' } : {}),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(calls).toEqual([
      {
        host: 'agent-1',
        script: 'install-k3s',
        args: ['agent', expect.any(String), 'text', SOME_SCRIPT.sha256],
        stdin: expect.stringMatching(/^INSTALL_K3S_SKIP_START=true$/m) as string,
      },
      { host: 'agent-1', script: 'unpack-k3s', args: ['/var/lib/rancher/k3s'], stdin: '' },
    ]);
    expect(told).toEqual(['unpacking K3s']);
    expect(calls[0]?.stdin.endsWith(`\n\n${'text' in SOME_SCRIPT ? SOME_SCRIPT.text : ''}`)).toBe(true);
    expect(calls[0]?.stdin).toContain('INSTALL_K3S_VERSION=v1.36.3+k3s1\n');
    expect(lines).toEqual(['[INFO]  Using v1.36.3+k3s1 as release']);
  });

  it('stops before anything is started when the folder of an air gap held another release', async () => {
    const behind = airgapOf(cluster);
    const says = (version: string) => (_: string, script: string) =>
      script === 'installed-version' ? { stdout: `k3s version ${version} (0a1b2c3d)\n` } : {};
    const right = await playStep({ cluster: behind, step, answer: says('v1.36.3+k3s1') });
    expect(right.outcome).toEqual({ kind: 'done' });
    expect(right.calls[0]?.stdin).toContain('INSTALL_K3S_SKIP_DOWNLOAD=true\n');
    const other = await playStep({ cluster: behind, step, answer: says('v1.35.7+k3s1') });
    expect(other.outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'airgap-other-release',
        host: 'agent-1',
        message: 'The binary from ./airgap is v1.35.7+k3s1, and the file wants v1.36.3+k3s1',
      },
    });
    const mute = await playStep({ cluster: behind, step });
    expect(mute.outcome).toMatchObject({ kind: 'failed', problem: { code: 'k3s-version-unknown' } });
  });

  it('fails with the words of the installer', async () => {
    const said = '[ERROR]  Download sha256 does not match';
    const { outcome } = await playStep({ cluster, step, answer: () => ({ stdout: said, exitCode: 1 }) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'install-failed',
        host: 'agent-1',
        why: said,
        nextSteps: [expect.stringContaining('run again')],
      },
    });
  });

  it('fails before anything is started when the binary does not run there', async () => {
    const said = 'sh: 2: k3s: Exec format error';
    const { outcome } = await playStep({
      cluster,
      step,
      answer: (_, script) => (script === 'unpack-k3s' ? { stderr: said, exitCode: 126 } : {}),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'unpack-failed', host: 'agent-1', why: said },
    });
  });

  it('unpacks where the data of the node are', async () => {
    const moved = clusterOf({ serverConfig: { 'data-dir': '/srv/k3s' } });
    const [server] = moved.servers as [ClusterNode];
    const other = install.step(server, { role: 'server', release: 'v1.36.3+k3s1' }, 'K3s is not installed');
    const { calls } = await playStep({ cluster: moved, step: other });
    expect(calls[1]?.args).toEqual(['/srv/k3s']);
  });

  it.each([
    [94, 'install-script-changed'],
    [95, 'install-other-running'],
  ])('says what is in the way when the host refuses with %i', async (exitCode, code) => {
    const { outcome } = await playStep({ cluster, step, answer: () => ({ exitCode }) });
    expect(outcome).toMatchObject({ kind: 'failed', problem: { code, host: 'agent-1' } });
  });

  it('is unknown when the connection breaks: the installer goes on by itself', async () => {
    expect((await playStep({ cluster, step, answer: () => 'cut off' })).outcome).toMatchObject({
      kind: 'unknown',
      problem: { code: 'connection-lost' },
    });
  });

  it('is cancelled while the installer works', async () => {
    expect((await playStep({ cluster, step, cancelAt: 'install-k3s' })).outcome).toEqual({ kind: 'cancelled' });
  });

  it('is not planned where the release is installed, and is where another one is', () => {
    const facts = provisionedFacts(cluster);
    expect(planFor(cluster, facts).steps).toEqual([]);
    const other = facts.get('agent-1');
    if (other !== undefined) facts.set('agent-1', { ...other, k3sVersion: 'v1.36.2+k3s1' });
    const planned = planFor(cluster, facts).steps.filter(({ kind }) => kind === 'install');
    expect(planned.map(({ id, says }) => [id, says.reason])).toEqual([
      ['install:agent-1', 'v1.36.2+k3s1 is installed'],
    ]);
  });
});
