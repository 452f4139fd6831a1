import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { normalise } from '../../../src/core/cluster/normalise';
import { planFleet, startFleet, type PracticeFleet } from '../../../src/practice/fleet';
import { practiceAllowances } from '../../support/allowances';
import { cli, type CliResult } from './run';

const NETWORK = `127.${200 + (process.pid % 50)}.7.`;
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

/** One file from the first plan to the merged kubeconfig, on simulated hosts; each test goes on where the last one ended. */
describe('k3s-ha on the practice fleet', () => {
  let folder: string;
  let fleet: PracticeFleet;
  const outputs: CliResult[] = [];
  const allowances = practiceAllowances(['11', '12', '13', '21', '22'].map((last) => `${NETWORK}${last}`));
  const FILE = 'cluster.k3s.yaml';
  const run = async (args: readonly string[], more: Parameters<typeof cli>[1] = {}): Promise<CliResult> => {
    const result = await cli([...args, ...allowances], {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'state'), KUBECONFIG: path.join(folder, 'kubeconfig') },
      ...more,
    });
    outputs.push(result);
    return result;
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-cli-'));
    const text = readFileSync(
      path.join(import.meta.dirname, '../../../examples/practice/cluster.k3s.yaml'),
      'utf8',
    ).replaceAll('127.77.0.', NETWORK);
    writeFileSync(path.join(folder, FILE), text);
  });
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('names the token file that is missing', async () => {
    const { code, stdout } = await run(['plan', FILE]);
    expect(code).toBe(11);
    expect(stdout).toContain('.practice/token');
  });

  it('names every host that refuses, within seconds', async () => {
    const fleetOptions = planFleet(normalise(parseDocument(readFileSync(path.join(folder, FILE), 'utf8')).data));
    fleet = await startFleet({ ...fleetOptions, directory: folder, timeScale: 0.01 });
    await Promise.all(['server-2', 'agent-1'].map((host) => fleet.powerOff(host)));
    const started = Date.now();
    const { code, stdout } = await run(['plan', FILE]);
    expect(Date.now() - started).toBeLessThan(15_000);
    expect(code).toBe(11);
    expect(stdout).toContain('server-2: ');
    expect(stdout).toContain('agent-1 does not answer and is left out');
    await Promise.all(['server-2', 'agent-1'].map((host) => fleet.powerOn(host)));
  });

  it('judges hosts by a command of its own, and tries the ports between them', async () => {
    await fleet.powerOff('agent-2');
    const some = await run(['check', FILE, '--json']);
    expect(some.code).toBe(11);
    expect(JSON.parse(some.stdout)).toMatchObject({
      machines: 5,
      examined: 4,
      findings: [{ id: 'host-not-examined', severity: 'error', machine: 'agent-2' }],
    });
    await fleet.powerOn('agent-2');
    const all = await run(['check', FILE]);
    expect([all.code, all.stdout]).toEqual([0, '']);
    expect(all.stderr).toContain('5 of 5 machines examined, nothing found');
  });

  it('refuses a token file that others can read', async () => {
    const token = path.join(folder, '.practice', 'token');
    chmodSync(token, 0o644);
    const { code, stdout } = await run(['plan', FILE]);
    expect(code).toBe(11);
    expect(stdout).toContain('.practice/token');
    chmodSync(token, 0o600);
  });

  it('plans, and changes nothing without a terminal to confirm on', async () => {
    expect(await run(['plan', FILE])).toMatchObject({
      code: 14,
      stdout: expect.stringContaining('Install and unpack K3s v1.36.3+k3s1 as server'),
    });
    expect(await run(['apply', FILE])).toMatchObject({
      code: 13,
      stderr: expect.stringContaining('Nothing was changed'),
    });
    expect(fleet.inspect('server-1').file('/etc/rancher/k3s/config.yaml')).toBeUndefined();
  });

  it('stops for Ctrl-C, and the next run finishes', async () => {
    let interrupted = false;
    const { code, stderr } = await run(['apply', FILE, '--yes'], {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'state') },
      onStderr: (text, kill) => {
        if (interrupted || !text.includes('✓ Install')) return;
        interrupted = true;
        kill();
      },
    });
    expect(code).toBe(13);
    expect(stderr).toContain('run the same command again to finish');
    const finished = await run(['apply', FILE, '--yes', '--timings']);
    expect(finished).toMatchObject({ code: 0, stderr: expect.stringContaining('Done: 5 nodes Ready') });
    expect(finished.stderr).toMatch(/ s {2}steps, \d+\.\d\d times the [\d.]+ s that the hosts needed/);
    expect(finished.stderr).toMatch(/^What set the pace .*\n.* server-\d .*$/m);
    expect(await run(['plan', FILE])).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
  });

  it('tells what is not as the file says, and ends with a status for CI', async () => {
    expect(await run(['status', FILE, '--drift'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('5 machines as the file says.'),
    });
    const written = readFileSync(path.join(folder, FILE), 'utf8');
    writeFileSync(path.join(folder, FILE), written.replace(/^agents:$/m, 'agents:\n  config: { debug: true }'));
    await fleet.powerOff('agent-2');
    const text = await run(['status', FILE, '--drift']);
    const json = await run(['status', FILE, '--drift', '--json']);
    await fleet.powerOn('agent-2');
    writeFileSync(path.join(folder, FILE), written);
    expect([text.code, json.code]).toEqual([14, 14]);
    expect(text.stdout).toContain('≠ debug is not set: the file says true');
    expect(text.stdout).toContain('+ debug: true');
    expect(text.stderr).toContain('1 difference on 1 machine; agent-2 could not be looked at');
    fleet.partition('server-2', 'agent-1');
    const checked = await run(['check', FILE, '--json']);
    fleet.heal();
    expect(JSON.parse(checked.stdout)).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ id: 'tunnel-lost', machine: 'agent-1' })]) as unknown,
    });
    expect(JSON.parse(json.stdout)).toMatchObject({
      machines: [
        { id: 'server-1', state: 'same' },
        { id: 'server-2', state: 'same' },
        { id: 'server-3', state: 'same' },
        { id: 'agent-1', state: 'differs', differences: [{ kind: 'option', name: 'debug' }] },
        { id: 'agent-2', state: 'not-seen', problem: { host: 'agent-2' } },
      ],
      strangers: [],
    });
    await vi.waitFor(async () => expect((await run(['status', FILE])).code).toBe(0), { timeout: 60_000 });
  });

  it('restarts K3s on the nodes that are named, and on no other', async () => {
    const runs = (): readonly string[] => [
      fleet.inspect('server-1').unit('k3s').invocation,
      fleet.inspect('server-2').unit('k3s').invocation,
      fleet.inspect('agent-1').unit('k3s-agent').invocation,
    ];
    const before = runs();
    expect(await run(['restart', FILE, 'server-9', '--yes'])).toMatchObject({
      code: 11,
      stdout: expect.stringContaining('The cluster file has no node server-9'),
    });
    expect(await run(['restart', FILE, 'agent-1', 'server-2', '--yes'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Done: K3s was restarted on server-2 and agent-1'),
    });
    expect(runs().map((one, i) => one === before[i])).toEqual([true, false, false]);
  });

  it('has written down every run, here and on the servers, for whoever comes next', async () => {
    const all = await run(['history', FILE]);
    expect(all.stdout).toMatch(/^1 .*Restart K3s .*done, \d+ steps$/m);
    expect(all.stdout).toMatch(/Provision Cluster .*done, \d+ steps$/m);
    expect(all.stdout).toMatch(/Provision Cluster .*cancelled, \d+ of \d+ steps done$/m);
    const elsewhere = { env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'elsewhere') } };
    expect((await run(['history', FILE], elsewhere)).stdout).toBe(all.stdout);
    const one = await run(['history', FILE, '1']);
    expect(one.stdout).toContain('# Restart K3s: practice\n');
    expect(one.stdout).toMatch(/\| server-2 \| Restart .* \| done \| [\d.]+ \|/);
    const compared = await run(['history', FILE, '2', '1']);
    expect(compared.stdout).toMatch(/^-# Provision Cluster: practice\n\+# Restart K3s: practice$/m);
    expect(await run(['history', FILE, '99'])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('There is no run 99'),
    });
  });

  it('shows the nodes through the load balancer', async () => {
    const { code, stdout, stderr } = await run(['status', FILE]);
    expect(code).toBe(0);
    expect(stdout.match(/ {2}Ready {2}/g)).toHaveLength(5);
    expect(stderr).toContain(`through the load balancer ${NETWORK}100:6443`);
    expect(stderr).toContain('simulated');
  });

  it('tells when certificates end, and renews them by a command that replaces the kubeconfig here', async () => {
    await fleet.ageCertificates(6 * 86_400_000);
    expect(await run(['status', FILE])).toMatchObject({
      stderr: expect.stringMatching(/agent-2: certificates until [\d-]+, in 5 days/),
    });
    expect(await run(['check', FILE])).toMatchObject({
      stdout: expect.stringContaining('A certificate of agent-2 lasts until'),
    });
    expect((await run(['kubeconfig', FILE])).code).toBe(0);
    const before = readFileSync(path.join(folder, 'kubeconfig'), 'utf8');
    const renewed = await run(['certificates', 'renew', FILE, '--yes']);
    expect(renewed).toMatchObject({ code: 0, stderr: expect.stringContaining('have new certificates after') });
    expect(renewed.stderr).toMatch(/kubeconfig: context "practice" \w+ with the new certificate/);
    expect(readFileSync(path.join(folder, 'kubeconfig'), 'utf8')).not.toBe(before);
    const { stdout } = await run(['status', FILE, '--json']);
    const { certificates } = JSON.parse(stdout) as { certificates: Record<string, { age: string }> };
    expect(Object.values(certificates).map(({ age }) => age)).toEqual(['fine', 'fine', 'fine', 'fine', 'fine']);
  });

  it('takes the cluster to a new token, for its name and not for a yes', async () => {
    expect(await run(['token', 'rotate', FILE, '--name', 'practice'])).toMatchObject({
      code: 11,
      stdout: expect.stringContaining('still has the token that the cluster has'),
    });
    const file = path.join(folder, '.practice', 'token');
    const token = 'c0ffee'.repeat(6);
    const old = readFileSync(file, 'utf8').trim();
    writeFileSync(file, token, { mode: 0o600 });
    expect(await run(['token', 'rotate', FILE, '--name', 'another'])).toMatchObject({
      code: 13,
      stderr: expect.stringContaining('the cluster is called practice'),
    });
    expect(await run(['token', 'rotate', FILE])).toMatchObject({
      code: 13,
      stderr: expect.stringContaining('--name practice'),
    });
    const rotated = await run(['token', 'rotate', FILE, '--name', 'practice', '--verbose']);
    expect(rotated).toMatchObject({ code: 0, stderr: expect.stringContaining('runs with its new token') });
    for (const secret of [token, old]) expect(rotated.stdout + rotated.stderr).not.toContain(secret);
    expect(fleet.inspect('agent-2').file('/etc/rancher/k3s/config.yaml')?.content).toContain(token);
    expect(await run(['plan', FILE])).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
  });

  it('merges a kubeconfig that kubectl can use, and asks before it replaces another cluster', async () => {
    const target = path.join(folder, 'own.yaml');
    expect(await run(['kubeconfig', FILE, '--output', target])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('answers (v1.36.3+k3s1)'),
    });
    if (hasKubectl) {
      const { stdout } = await promisify(execFile)('kubectl', ['--kubeconfig', target, 'get', 'nodes', '--no-headers']);
      expect(stdout.match(/ Ready /g)).toHaveLength(5);
    }
    const other = readFileSync(target, 'utf8').replace(
      /certificate-authority-data: \S+/,
      'certificate-authority-data: b3RoZXI=',
    );
    writeFileSync(target, other);
    expect(await run(['kubeconfig', FILE, '--output', target])).toMatchObject({
      code: 12,
      stderr: expect.stringContaining('nothing was written'),
    });
    expect(readFileSync(target, 'utf8')).toBe(other);
    expect((await run(['kubeconfig', FILE, '--output', target, '--on-conflict', 'keep-both'])).code).toBe(0);
    expect(readFileSync(target, 'utf8')).toContain('practice-2');
  });

  it('tells a cluster that has lost a server as degraded, in words', async () => {
    await fleet.powerOff('server-3');
    await expect.poll(async () => (await run(['status', FILE])).code, { timeout: 60_000, interval: 500 }).toBe(15);
    expect(outputs.at(-1)?.stderr).toContain('2 of 3 servers ready');
  });

  it('never shows the token', () => {
    const token = readFileSync(path.join(folder, '.practice', 'token'), 'utf8').trim();
    expect(token.length).toBeGreaterThan(20);
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(token);
  });
});
