import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { normalise } from '../../../src/core/cluster/normalise';
import { planFleet, startFleet, type PracticeFleet } from '../../../src/practice/fleet';
import { practiceAllowances } from '../../support/allowances';
import { cli, type CliResult } from './run';

const NETWORK = `127.${200 + (process.pid % 50)}.9.`;
const HOSTS = ['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2'];
const [OLD, NEW] = ['v1.35.7+k3s1', 'v1.36.3+k3s1'];

const workload = (name: string, replicas: number): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n  replicas: ${replicas}\n  template:\n    metadata: { labels: { app: ${name} } }\n`;
const BUDGET =
  '---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: shop }\nspec: { minAvailable: 1, selector: { matchLabels: { app: shop } } }\n';

/** An upgrade from one release to the next with pods on the nodes; each test goes on where the last one ended. */
describe('k3s-ha upgrade on the practice fleet', () => {
  let folder: string;
  let fleet: PracticeFleet;
  const allowances = practiceAllowances(['11', '12', '13', '21', '22'].map((last) => `${NETWORK}${last}`));
  const FILE = 'cluster.k3s.yaml';
  const run = (args: readonly string[], onStderr?: (text: string, kill: () => void) => void): Promise<CliResult> =>
    cli([...args, ...allowances], {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'state'), KUBECONFIG: path.join(folder, 'kubeconfig') },
      ...(onStderr === undefined ? {} : { onStderr }),
    });
  const file = (): string => readFileSync(path.join(folder, FILE), 'utf8');
  const pods = (text: string): void => writeFileSync(path.join(folder, 'shop.yaml'), text);
  const cordoned = (): readonly string[] => fleet.nodes().flatMap(({ name, cordoned: is }) => (is ? [name] : []));
  const versions = (): readonly string[] => [...new Set(fleet.nodes().map(({ version }) => version))];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-upgrade-'));
    const example = readFileSync(
      path.join(import.meta.dirname, '../../../examples/practice/cluster.k3s.yaml'),
      'utf8',
    ).replaceAll('127.77.0.', NETWORK);
    const text = example.replace(
      'version: v1.36.3+k3s1',
      `version: ${OLD} # pinned\n  upgrade: { drain: true, drainTimeout: 20s }\nmanifests: [./shop.yaml]`,
    );
    writeFileSync(path.join(folder, FILE), text);
    pods(workload('shop', 1) + BUDGET);
    fleet = await startFleet({ ...planFleet(normalise(parseDocument(text).data)), directory: folder, timeScale: 0.01 });
    expect(await run(['apply', FILE, '--yes'])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists the releases that come next', async () => {
    const { code, stdout } = await run(['upgrade', FILE]);
    expect(code).toBe(0);
    expect(stdout).toContain(`From ${OLD} this goes on:\n  --to ${NEW}`);
  });

  it('refuses to leave a minor version out, names those between, and asks no host', async () => {
    const before = file();
    const { code, stderr } = await run(['upgrade', FILE, '--to', 'v1.38.1+k3s1', '--yes']);
    expect(code).toBe(10);
    expect(stderr).toContain(`Go by ${NEW}, then v1.37, then to v1.38.1+k3s1`);
    expect(stderr).not.toContain('Examining');
    expect(file()).toBe(before);
  });

  it('is refused before the first node is cordoned when a budget keeps a pod, and leaves the file as it is', async () => {
    const before = file();
    const { code, stdout } = await run(['upgrade', FILE, '--to', NEW, '--yes']);
    expect(code).toBe(11);
    expect(stdout).toMatch(/default\/shop-\w+ may not leave (?:server|agent)-\d/);
    expect(stdout).toContain('PodDisruptionBudget default/shop allows no pod to go');
    expect(file()).toBe(before);
    expect([cordoned(), versions()]).toEqual([[], [OLD]]);
  });

  it('leaves no node cordoned when it is cancelled while one is drained', async () => {
    pods(workload('shop', 3) + BUDGET);
    expect(await run(['apply', FILE, '--yes'])).toMatchObject({ code: 0 });
    let interrupted = false;
    const { code } = await run(['upgrade', FILE, '--to', NEW, '--yes'], (text, kill) => {
      if (interrupted || !text.includes('✓ Cordon it')) return;
      interrupted = true;
      kill();
    });
    expect(interrupted).toBe(true);
    expect(code).toBe(13);
    expect(cordoned()).toEqual([]);
    // The person had agreed, so the file says where the run was going.
    expect(file()).toContain(`version: ${NEW} # pinned`);
  });

  it('goes on with the same command: a snapshot, one server after another, every node drained and back', async () => {
    const { code, stdout, stderr } = await run(['upgrade', FILE, '--to', NEW, '--yes']);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`Done: every node runs ${NEW}`)]);
    expect(stdout).toContain('Drain it: its pods move to other nodes, within 20 s');
    expect([cordoned(), versions()]).toEqual([[], [NEW]]);
    for (const host of HOSTS) expect(stderr).toMatch(new RegExp(`${host} +✓ Uncordon it`));
    const restarted = [...stderr.matchAll(/^(\S+) +✓ Restart k3s/gm)].map(([, host]) => host);
    expect(restarted.slice(0, 3)).toEqual(['server-1', 'server-2', 'server-3'].slice(3 - restarted.slice(0, 3).length));
    expect(await run(['plan', FILE])).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
  });
});
