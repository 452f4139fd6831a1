import { problem } from '../../core/base/problem';
import { say } from '../../core/base/say';
import { count, listed } from '../../core/base/words';
import { apiPort, dataDir } from '../../core/cluster/options';
import type { MachineId, StepOutcome } from '../../core/plan/step';
import { tunnels, type TunnelAnswers } from '../../core/remote/tunnels';
import { lostTunnels, type LostTunnel } from '../../core/hostChecks/reading/lostTunnels';
import { awaitUnit } from '../hosts/awaitUnit';
import { nodeNameOf } from '../planning/situation';
import { defineStep, ended, type StepContext } from './step';

const PAUSE_MS = 3000;

/**
 * Nodes may take their time to notice that a server is back: one whose connection was never closed dials it anew after 59 s, as
 * a real K3s did.
 */
const LOOKS = 75_000 / PAUSE_MS;

interface Asked {
  /** Each is asked for all nodes. */
  readonly servers: readonly MachineId[];
  readonly nodes: readonly MachineId[];
}

/**
 * Asks every server for the kubelet of every node, which goes by the tunnel between the two. A node may lack one to a server
 * that was restarted, and never notice: all is Ready, and logs and exec fail through that server for hours. An agent that
 * does so for longer than it needs gets its K3s restarted, which leaves its pods alone; a server is told, for its restart costs more.
 */
export const proveTunnels = defineStep<Asked>({
  kind: 'prove-tunnels',
  phase: 'wait',
  estimateMs: 3000,
  says: ({ servers, nodes }) => ({
    title: say`Prove the tunnels of ${count(nodes.length, 'node')} to ${count(servers.length, 'server')}, pair by pair; restart K3s on an agent that has no tunnel to one`,
    doing: say`proving the tunnels`,
    counted: '',
  }),
  run: async (asked, at) => {
    const lost = await settled(asked, at);
    if ('kind' in lost) return lost;
    const agents = lost.filter(({ node }) => node.role === 'agent');
    if (agents.length === 0) return outcomeOf(lost);
    for (const pair of agents) {
      at.progress(say`${words(pair)}: K3s is restarted on ${pair.node.id} alone`);
      const up = await awaitUnit(pair.node, 'restart', at);
      if (up.kind !== 'done') return up;
    }
    const left = await settled(asked, at);
    return 'kind' in left ? left : outcomeOf(left);
  },
});

/** `server-2 ↔ agent-7`, for each server that lacks the node. */
function words({ node, without }: LostTunnel): string {
  return say`no tunnel ${listed(without.map((server) => `${server} ↔ ${node.id}`))}`;
}

function outcomeOf(lost: readonly LostTunnel[]): StepOutcome {
  const [first] = lost;
  if (first === undefined) return { kind: 'done' };
  return {
    kind: 'failed',
    problem: problem('tunnel-lost', say`Not every server reaches every node: ${lost.map(words).join('; ')}`, {
      host: first.node.id,
      why: first.words,
      nextSteps: lost.map(({ node }) =>
        node.role === 'agent'
          ? say`Its K3s was restarted, and the tunnel did not come: look into the journal of K3s on ${node.id} for what its remotedialer says.`
          : say`Restart K3s on ${node.id} alone ("Restart K3s", or k3s-ha restart): all else is done, and logs and exec of its pods fail through ${listed(lost.filter((pair) => pair.node === node).flatMap(({ without }) => without))} until then.`,
      ),
    }),
  };
}

/** The tunnels that are still not there when nodes have had the time to dial anew. */
async function settled(asked: Asked, at: StepContext): Promise<readonly LostTunnel[] | StepOutcome> {
  let told = '';
  for (let look = 1; ; look++) {
    const answers = await ask(asked, at);
    const late = look >= LOOKS;
    if ('kind' in answers) {
      if (answers.kind !== 'failed' || answers.problem.code === 'remote-cancelled' || late) return answers;
    } else {
      const nodes = asked.nodes.map((id) => at.node(id));
      const lost = lostTunnels(nodes, (node) => nodeNameOf(node, at.facts.get(node.id)) ?? node.id, answers);
      if (lost.length === 0 || late) return lost;
      const now = lost.map(words).join('; ');
      if (now !== told) at.progress(now);
      told = now;
    }
    try {
      await at.clock.sleep(PAUSE_MS, at.signal);
    } catch {
      return { kind: 'cancelled' };
    }
  }
}

/** What each server says of the nodes; or why one of them did not say. */
async function ask({ servers }: Asked, at: StepContext): Promise<ReadonlyMap<MachineId, TunnelAnswers> | StepOutcome> {
  const told = await Promise.all(
    servers.map(async (id) => {
      const server = at.node(id);
      const command = tunnels(dataDir(at.cluster, server), apiPort(at.cluster, server));
      return { id, outcome: await at.on(server, command) };
    }),
  );
  const answers = new Map<MachineId, TunnelAnswers>();
  for (const { id, outcome } of told) {
    if (outcome.kind !== 'done') return ended(outcome);
    answers.set(id, outcome.value);
  }
  return answers;
}
