import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { normalise } from '../../../src/core/cluster/normalise';
import { planFleet, startFleet, type PracticeFleet } from '../../../src/practice/fleet';
import { practiceAllowances } from '../../support/allowances';
import { makeAuthority } from '../kubernetes/certificates';
import { cli, type CliResult } from './run';

const NETWORK = `127.${200 + (process.pid % 50)}.19.`;
const FILE = 'cluster.k3s.yaml';
const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 10
  template:
    metadata: { labels: { app: web } }
`;

const PINNED = `apiVersion: apps/v1
kind: Deployment
metadata: { name: pinned }
spec:
  replicas: 1
  template:
    metadata: { labels: { app: pinned } }
    spec: { nodeSelector: { kubernetes.io/hostname: agent-1 } }
`;
const DNS = `apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system }
spec:
  replicas: 1
  template:
    metadata: { labels: { k8s-app: kube-dns } }
`;

/** What a person does with single nodes, on simulated hosts; each test goes on where the last one ended. */
describe('k3s-ha on single nodes', () => {
  let folder: string;
  let fleet: PracticeFleet;
  const allowances = practiceAllowances(['11', '12', '13', '21', '22'].map((last) => `${NETWORK}${last}`));
  const run = (args: readonly string[], more: Parameters<typeof cli>[1] = {}): Promise<CliResult> => {
    const at = args.indexOf('--');
    const all = at < 0 ? [...args, ...allowances] : [...args.slice(0, at), ...allowances, ...args.slice(at)];
    return cli(all, {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'state'), KUBECONFIG: path.join(folder, 'kubeconfig') },
      ...more,
    });
  };
  const node = (name: string) => fleet.nodes().find((one) => one.name === name);
  const pods = async (id: string): Promise<string> => (await run(['describe', FILE, id])).stdout;
  const boot = (id: string): string => fleet.inspect(id).bootId;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-nodes-'));
    const example = path.join(import.meta.dirname, '../../../examples/practice', FILE);
    const text = readFileSync(example, 'utf8').replaceAll('127.77.0.', NETWORK);
    writeFileSync(path.join(folder, FILE), `${text}\nmanifests: [./web.yaml]\n`);
    writeFileSync(path.join(folder, 'web.yaml'), WEB);
    const options = planFleet(normalise(parseDocument(text).data));
    fleet = await startFleet({ ...options, directory: folder, timeScale: 0.01 });
    expect(await run(['apply', FILE, '--yes'])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('cordons and uncordons, and tells a node that nobody knows', async () => {
    expect(await run(['cordon', FILE, 'agent-9'])).toMatchObject({
      code: 12,
      stderr: expect.stringContaining('The cluster file has no node agent-9'),
    });
    expect(await run(['cordon', FILE, 'agent-1'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no new pods'),
    });
    expect(node('agent-1')?.cordoned).toBe(true);
    expect(await run(['cordon', FILE, 'agent-1', '--json'])).toMatchObject({
      stdout: JSON.stringify({ node: 'agent-1', schedulable: false, before: false }, undefined, 2) + '\n',
    });
    // What a person has cordoned no run uncordons.
    expect(await run(['apply', FILE, '--yes'])).toMatchObject({ code: 0 });
    expect(node('agent-1')?.cordoned).toBe(true);
    expect(await run(['uncordon', FILE, 'agent-1'])).toMatchObject({ code: 0 });
    expect(node('agent-1')?.cordoned).toBe(false);
  });

  it('describes a node', async () => {
    const told = await run(['describe', FILE, 'server-1']);
    expect(told).toMatchObject({ code: 0 });
    expect(told.stdout).toMatch(/^Name: +server-1$/m);
    expect(told.stdout).toMatch(/^ +Ready +True .*KubeletReady/m);
    expect(await run(['describe', FILE])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('needs one node'),
    });
  });

  it('shows the last lines of the journal, as many as are asked for', async () => {
    const told = await run(['logs', FILE, 'agent-1', '--lines', '3']);
    expect(told).toMatchObject({ code: 0 });
    expect(told.stdout.trim().split('\n')).toHaveLength(3);
    expect(told.stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\+0000 agent-1 (k3s|systemd)\[\d+\]: /);
    const whole = await run(['logs', FILE, 'server-1', '--lines', '5000']);
    expect(whole.stdout).toContain('Started k3s.service');
  });

  it('runs a command line of the operator on all machines, or on some', async () => {
    expect(await run(['run', FILE, '--', 'hostname'])).toMatchObject({
      code: 13,
      stderr: expect.stringMatching(/5 machines: server-1, server-2, server-3, agent-1, agent-2[^]*no terminal/),
    });
    const everywhere = await run(['run', FILE, '--yes', '--', 'uname', '-r']);
    expect(everywhere).toMatchObject({ code: 0 });
    expect(everywhere.stdout).toBe('## server-1, server-2, server-3, agent-1, agent-2\n  6.1.0-37-practice\n');
    const one = await run(['run', FILE, '--yes', '--on', 'agent-2', '--sudo', '--', 'whoami']);
    expect(one).toMatchObject({ code: 0, stdout: '## agent-2\n  root\n' });
    const wrong = await run(['run', FILE, '--yes', '--on', 'agent-2', '--', 'frobnicate']);
    expect(wrong).toMatchObject({ code: 12, stdout: expect.stringContaining('exit status 127') });
  });

  it('opens a shell on a machine, whose input may be a file', async () => {
    const shell = await run(['shell', FILE, 'server-2'], {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'state') },
      input: 'hostname\nstty size\nexit 3\n',
    });
    expect(shell).toMatchObject({ code: 0 });
    expect(shell.stdout).toContain('practice@server-2:~$ hostname\r\nserver-2\r\n');
    expect(shell.stdout).toContain('24 80\r\n');
  });

  it('drains a node: tells how many pods move, and leaves it cordoned', async () => {
    const told = await Promise.all(
      ['server-1', 'server-2', 'server-3'].map(async (id) => [id, await pods(id)] as const),
    );
    const full = told.find(([, text]) => /default +web-/.test(text))?.[0] ?? '';
    const drained = await run(['drain', FILE, full, '--yes']);
    expect(drained).toMatchObject({ code: 0, stderr: expect.stringContaining(`Done: ${full} was drained`) });
    expect(drained.stdout).toMatch(new RegExp(`\\d+ pods? of ${full} moves? to other nodes`));
    expect(node(full)?.cordoned).toBe(true);
    expect(await pods(full)).toContain('Non-terminated Pods:  (0 in total)');
    expect(await run(['drain', FILE, full, '--yes'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to do'),
    });
    expect(await run(['uncordon', FILE, full])).toMatchObject({ code: 0 });
  });

  it('restarts K3s on one node', async () => {
    const before = fleet.inspect('server-3').unit('k3s').invocation;
    const other = fleet.inspect('server-2').unit('k3s').invocation;
    expect(await run(['restart', FILE, 'server-3', '--yes'])).toMatchObject({ code: 0 });
    expect(fleet.inspect('server-3').unit('k3s').invocation).not.toBe(before);
    expect(fleet.inspect('server-2').unit('k3s').invocation).toBe(other);
  });

  it('reboots a machine, which comes back uncordoned, and no other', async () => {
    const [before, other] = [boot('server-2'), boot('server-1')];
    const rebooted = await run(['reboot', FILE, 'server-2', '--yes']);
    expect(rebooted).toMatchObject({ code: 0, stderr: expect.stringContaining('Done: server-2 is back') });
    expect(boot('server-2')).not.toBe(before);
    expect(boot('server-1')).toBe(other);
    expect(node('server-2')).toMatchObject({ cordoned: false, status: 'Ready' });
  });

  it('refuses to reboot a server when etcd would lose its quorum', async () => {
    await fleet.powerOff('server-3');
    const refused = await run(['reboot', FILE, 'server-1', '--yes']);
    expect(refused).toMatchObject({ code: 12, stderr: expect.stringMatching(/quorum|majority/) });
    expect(node('server-1')?.cordoned).toBe(false);
    await fleet.powerOn('server-3');
    await expect.poll(async () => (await run(['status', FILE])).code, { timeout: 30_000 }).toBe(0);
  });

  it('finishes a reboot that was cut off by the same command, without another one', async () => {
    const before = boot('agent-2');
    let interrupted = false;
    const cut = await run(['reboot', FILE, 'agent-2', '--yes'], {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'state') },
      onStderr: (said, kill) => {
        if (interrupted || !/going down|down, waiting/.test(said)) return;
        interrupted = true;
        kill(true);
      },
    });
    expect(cut.code).not.toBe(0);
    await expect.poll(() => boot('agent-2')).not.toBe(before);
    await expect.poll(() => fleet.inspect('agent-2').unit('k3s-agent').active, { timeout: 30_000 }).toBe('active');
    expect(node('agent-2')?.cordoned).toBe(true);
    const after = boot('agent-2');
    const finished = await run(['reboot', FILE, 'agent-2', '--yes']);
    expect(finished).toMatchObject({ code: 0, stdout: expect.stringContaining('was rebooted already') });
    expect(boot('agent-2')).toBe(after);
    expect(node('agent-2')?.cordoned).toBe(false);
    // The next one is a reboot again.
    expect(await run(['plan', FILE])).toMatchObject({ code: 0 });
    expect(await run(['reboot', FILE, 'agent-2', '--yes'])).toMatchObject({ code: 0 });
    expect(boot('agent-2')).not.toBe(after);
  });

  it('says which workloads stop with which node, why, and how two pods of the cluster DNS are kept', async () => {
    writeFileSync(path.join(folder, 'web.yaml'), `${WEB}---\n${PINNED}---\n${DNS}`);
    expect(await run(['apply', FILE, '--yes'])).toMatchObject({ code: 0 });
    const told = async (): Promise<string> => (await run(['workloads', FILE])).stdout.replaceAll(/\s+/g, ' ');
    await expect
      .poll(told, { timeout: 30_000 })
      .toMatch(
        /Without agent-1 \(\d+ pods?\) Deployment default\/pinned stops: its only pod goes, and no other node has what its node selector/,
      );
    const all = await told();
    expect(all).toMatch(/All of coredns is one pod, on \S+: while it is away, no name of the cluster is resolved/);
    expect(all).toContain('Deployment kube-system/coredns is away for about 5 min');
    const without = await run(['workloads', FILE, '--without', 'agent-1,server-2', '--json']);
    expect(without).toMatchObject({ code: 0 });
    const { failures } = JSON.parse(without.stdout) as {
      failures: { nodes: string[]; workloads: { name: string; outcome: string }[] }[];
    };
    expect(failures).toHaveLength(1);
    expect(failures[0]?.nodes.sort()).toEqual(['agent-1', 'server-2']);
    expect(failures[0]?.workloads).toContainEqual(expect.objectContaining({ name: 'pinned', outcome: 'stops' }));
    expect(await run(['workloads', FILE, '--without', 'server-9'])).toMatchObject({ code: 10 });
    const cure = await run(['workloads', FILE, '--cure', 'coredns']);
    expect(cure).toMatchObject({ code: 0, stdout: expect.stringContaining('kind: HorizontalPodAutoscaler') });
  });

  it('says in words that a kubeconfig no longer fits', async () => {
    expect(await run(['kubeconfig', FILE])).toMatchObject({ code: 0 });
    const other = path.join(folder, 'old.yaml');
    const stranger = Buffer.from((await makeAuthority('k3s-server-ca@1')).cert).toString('base64');
    const fits = readFileSync(path.join(folder, 'kubeconfig'), 'utf8');
    writeFileSync(other, fits.replace(/(certificate-authority-data: )\S+/, `$1${stranger}`));
    const told = await run(['workloads', FILE, '--kubeconfig', other]);
    expect(told.code).toBe(12);
    expect(told.stderr).toMatch(/was not issued by the CA|authority/);
  });
});
