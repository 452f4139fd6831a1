import { describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../../../src/core/cluster/cluster';
import { proveTunnels } from '../../../../src/engine/steps/proveTunnels';
import { clusterOf } from '../../../support/cluster';
import { playStep, type Played } from '../../../support/playStep';
import { unitText, type Reply } from '../../../support/scriptedHosts';

const cluster = clusterOf({ servers: 2, agents: 2 });
const NODES = ['server-1', 'server-2', 'agent-1', 'agent-2'];
const SERVERS = ['server-1', 'server-2'];
const [first] = cluster.servers as [ClusterNode];
const step = proveTunnels.step(first, { servers: SERVERS, nodes: NODES }, 'a node may lack its tunnel');
const NO_SESSION = (node: string): string => `Error from server: failed to find Session for client ${node}`;

interface Look {
  readonly turn: number;
  /** K3s was restarted there before this look. */
  readonly restarted: ReadonlySet<string>;
}

/** Plays the step where a pair lacks its tunnel as long as `lacks` says so. */
async function played(
  lacks: (server: string, node: string, look: Look) => boolean,
  more: { readonly cancelAt?: string; readonly first?: (script: string) => Reply | undefined } = {},
): Promise<Played> {
  const restarted = new Set<string>();
  const { cancelAt } = more;
  return playStep({
    cluster,
    step,
    ...(cancelAt === undefined ? {} : { cancelAt }),
    answer: (host, script, turn): Reply => {
      const own = more.first?.(script);
      if (own !== undefined) return own;
      if (script === 'unit-control') restarted.add(host);
      if (script === 'unit-status') return { stdout: unitText({ active: 'active', invocation: 'next' }) };
      if (script !== 'tunnels') return {};
      const lines = NODES.map(
        (node) => `${node} ${lacks(host, node, { turn, restarted }) ? NO_SESSION(node) : 'ok'}\n`,
      );
      return { stdout: lines.join('') };
    },
  });
}

const restarts = ({ asked }: Played): readonly string[] => asked.filter((call) => call.startsWith('unit-control'));

describe('the step prove-tunnels', () => {
  it('is done at the first look when every server reaches every node, and restarts nothing', async () => {
    const run = await played(() => false);
    expect(run).toMatchObject({ outcome: { kind: 'done' }, told: [] });
    expect(run.asked).toEqual(['tunnels server-1', 'tunnels server-2']);
  });

  it('waits for nodes that dial anew, and names the pair meanwhile', async () => {
    const run = await played((server, node, { turn }) => turn < 2 && server === 'server-2' && node === 'agent-1');
    expect(run).toMatchObject({ outcome: { kind: 'done' }, told: ['no tunnel server-2 ↔ agent-1'] });
    expect(restarts(run)).toEqual([]);
  });

  it('restarts K3s on the agent of a pair that stays broken, on no other machine, and asks again', async () => {
    const run = await played(
      (server, node, { restarted }) => server === 'server-2' && node === 'agent-2' && !restarted.has(node),
    );
    expect(run.outcome).toEqual({ kind: 'done' });
    expect(restarts(run)).toEqual(['unit-control agent-2']);
    expect(run.told).toContain('no tunnel server-2 ↔ agent-2: K3s is restarted on agent-2 alone');
    expect(run.asked.at(-1)).toMatch(/^tunnels/);
  });

  it('fails with the pair, the words of the server and the journal to look into when that did not help', async () => {
    const run = await played((server, node) => server === 'server-1' && node === 'agent-1');
    expect(restarts(run)).toEqual(['unit-control agent-1']);
    expect(run.outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'tunnel-lost',
        host: 'agent-1',
        message: 'Not every server reaches every node: no tunnel server-1 ↔ agent-1',
        why: NO_SESSION('agent-1'),
        nextSteps: [expect.stringContaining('journal of K3s on agent-1')],
      },
    });
  });

  it('does not restart a server by itself, but names the restart that cures it', async () => {
    const run = await played((server, node) => server === 'server-1' && node === 'server-2');
    expect(restarts(run)).toEqual([]);
    expect(run.outcome).toMatchObject({
      kind: 'failed',
      problem: {
        code: 'tunnel-lost',
        nextSteps: [expect.stringMatching(/^Restart K3s on server-2 alone .*fail through server-1 until then/)],
      },
    });
  });

  it('leaves a node alone that no server reaches and that none has lost a session of', async () => {
    const run = await played(() => false, {
      first: (script) =>
        script === 'tunnels'
          ? { stdout: NODES.map((node) => `${node} ${node === 'agent-1' ? 'no route to host' : 'ok'}\n`).join('') }
          : undefined,
    });
    expect(run).toMatchObject({ outcome: { kind: 'done' } });
  });

  it('fails when a server does not say what it reaches, and ends when somebody cancels', async () => {
    const silent = await played(() => false, {
      first: (script) => (script === 'tunnels' ? { exitCode: 1, stderr: 'refused' } : undefined),
    });
    expect(silent.outcome).toMatchObject({ kind: 'failed', problem: { code: 'tunnels-unread' } });
    expect((await played(() => false, { cancelAt: 'tunnels' })).outcome.kind).not.toBe('done');
    const cutOff = await played(() => false, { first: (script) => (script === 'tunnels' ? 'cut off' : undefined) });
    expect(cutOff.outcome.kind).toBe('unknown');
  });
});
