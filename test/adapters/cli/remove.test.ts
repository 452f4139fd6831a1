import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { normalise } from '../../../src/core/cluster/normalise';
import { planFleet, startFleet, type PracticeFleet } from '../../../src/practice/fleet';
import { practiceAllowances } from '../../support/allowances';
import { cli, type CliResult } from './run';

const NETWORK = `127.${200 + (process.pid % 50)}.9.`;
const FILE = 'cluster.k3s.yaml';

/** Nodes come and go on simulated hosts; each test goes on where the last one ended. */
describe('k3s-ha replace, remove and reset', () => {
  let folder: string;
  let fleet: PracticeFleet;
  const allowances = practiceAllowances(['11', '12', '13', '21', '22', '23'].map((last) => `${NETWORK}${last}`));
  const run = (args: readonly string[], more: Parameters<typeof cli>[1] = {}): Promise<CliResult> =>
    cli([...args, ...allowances], {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'state'), KUBECONFIG: path.join(folder, 'kubeconfig') },
      ...more,
    });
  const text = (): string => readFileSync(path.join(folder, FILE), 'utf8');
  const installed = (host: string): boolean => fleet.inspect(host).file('/usr/local/bin/k3s') !== undefined;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-remove-'));
    const example = path.join(import.meta.dirname, '../../../examples/practice', FILE);
    writeFileSync(path.join(folder, FILE), readFileSync(example, 'utf8').replaceAll('127.77.0.', NETWORK));
    const withSpare = `${text().trimEnd()}\n    - { host: ${NETWORK}23, name: spare }\n`;
    const options = planFleet(normalise(parseDocument(withSpare).data));
    fleet = await startFleet({ ...options, directory: folder, timeScale: 0.01 });
    expect(await run(['apply', FILE, '--yes'])).toMatchObject({ code: 0 });
    expect(await run(['kubeconfig', FILE])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('wants nodes, and such that somebody knows', async () => {
    expect(await run(['remove', FILE])).toMatchObject({ code: 10, stderr: expect.stringContaining('needs the nodes') });
    expect(await run(['remove', FILE, 'server-9', '--yes'])).toMatchObject({
      code: 11,
      stdout: expect.stringContaining('The cluster file has no node server-9'),
    });
  });

  it('has another machine take the place of a dead one, and says what it needs', async () => {
    const spare = `${NETWORK}23`;
    expect(await run(['replace', FILE, 'agent-2'])).toMatchObject({ code: 10 });
    expect(await run(['replace', FILE, 'agent-2', 'no host'])).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('"no host" is no address and no name of a machine.'),
    });
    const before = text();
    expect(await run(['replace', FILE, 'agent-2', spare, '--yes'])).toMatchObject({
      code: 11,
      stderr: expect.stringContaining('K3s still runs on the machine of agent-2'),
    });
    expect(text()).toBe(before);
    await fleet.powerOff('agent-2');
    await expect.poll(() => fleet.nodes().find(({ name }) => name === 'agent-2')?.status).toBe('Unknown');
    expect(await run(['replace', FILE, 'agent-2', spare, '--yes'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('agent-2 joins anew as "agent-2"'),
      stderr: expect.stringContaining(`Done: ${spare} has the place of agent-2`),
    });
    expect(text()).toBe(before.replace(`${NETWORK}22`, spare));
    expect(installed('spare')).toBe(true);
    expect(await run(['replace', FILE, 'agent-2', spare, '--yes'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to do'),
    });
  });

  it('takes an agent out of cluster and file, and keeps every comment', async () => {
    const comments = text().match(/#.*/g);
    expect(await run(['remove', FILE, 'agent-2', '--yes'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`${FILE} does not name agent-2 any more.`),
    });
    expect(text()).not.toContain('agent-2');
    expect(text().match(/#.*/g)).toEqual(comments);
    expect(installed('spare')).toBe(false);
    expect(await run(['plan', FILE])).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
  });

  it('removes what the file does not name, by apply --prune', async () => {
    const without = text().replace(/agents:\n(?: .*\n?)*/, '');
    expect(without).not.toContain('agent-1');
    writeFileSync(path.join(folder, FILE), without);
    const status = await run(['status', FILE]);
    expect(status.stdout).toMatch(/agent-1 .*not in the file/);
    expect(await run(['apply', FILE, '--prune', '--yes'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Done: agent-1 left the cluster'),
    });
    expect(installed('agent-1')).toBe(false);
    expect(text()).toBe(without);
    expect(await run(['apply', FILE, '--prune', '--yes'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('No node of the cluster is missing in the file.'),
    });
  });

  it('wants the name of the cluster for a server', async () => {
    expect(await run(['remove', FILE, 'server-3', '--yes'])).toMatchObject({
      code: 13,
      stderr: expect.stringContaining('Add --name practice'),
    });
    expect(await run(['remove', FILE, 'server-3', '--name', 'other'])).toMatchObject({
      code: 13,
      stderr: expect.stringContaining('the cluster is called practice'),
    });
    expect(installed('server-3')).toBe(true);
  });

  it('is finished by the same command after Ctrl-C', async () => {
    let interrupted = false;
    const cut = await run(['remove', FILE, 'server-3', '--name', 'practice'], {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'state') },
      onStderr: (said, kill) => {
        if (interrupted || !said.includes('✓ Delete the Node')) return;
        interrupted = true;
        kill();
      },
    });
    expect(cut.code).toBe(13);
    expect(text()).toContain('server-3');
    expect(await run(['remove', FILE, 'server-3', '--name', 'practice'])).toMatchObject({ code: 0 });
    expect(text()).not.toContain('server-3');
    expect(installed('server-3')).toBe(false);
    const status = await run(['status', FILE]);
    expect(status.stderr).toContain('2 of 2 servers ready; etcd keeps quorum (2 of 2)');
  });

  it('refuses the second of two', async () => {
    expect(await run(['remove', FILE, 'server-2', '--name', 'practice'])).toMatchObject({
      code: 11,
      stdout: expect.stringContaining('server-2 is not removed: etcd would lose its quorum'),
    });
  });

  it('takes everything off all machines, once the name is given', async () => {
    expect((await run(['reset', FILE])).code).toBe(13);
    expect((await run(['reset', FILE, '--yes'])).code).toBe(10);
    const kubeconfig = (): string => readFileSync(path.join(folder, 'kubeconfig'), 'utf8');
    expect(kubeconfig()).toContain('name: practice');
    const backup = path.join(folder, 'backup');
    const reset = await run(['reset', FILE, '--name', 'practice', '--keep-snapshot', 'backup', '--forget-kubeconfig']);
    expect(reset).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nothing of practice is left on its machines'),
    });
    expect(reset.stderr).toContain(`The snapshot from before is in ${backup}`);
    expect(readdirSync(backup).filter((name) => name.startsWith('before-reset-server-'))).toHaveLength(2);
    expect(reset.stderr).toContain('context "practice", cluster "practice" and user "practice" taken out');
    expect(kubeconfig()).not.toContain('practice');
    for (const host of ['server-1', 'server-2']) expect(installed(host)).toBe(false);
    expect(await run(['reset', FILE])).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
  });
});
