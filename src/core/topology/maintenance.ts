import { say } from '../base/say';
import type { Cluster } from '../cluster/cluster';
import { fallWith } from './fate';
import { agentPart, serverPart } from './ids';
import type { Answer, Survival } from './model';
import { workloadNodes } from './roles';
import { survives } from './survival';

/**
 * May this part be taken down for maintenance now, with `chosen` down already? The answer is about what the file shows;
 * whether the other nodes are healthy has to be looked at.
 */
export function maintenance(cluster: Cluster, chosen: readonly string[], partId: string): Answer {
  const now = survives(cluster, chosen);
  if (now.failed.includes(partId)) return { outcome: 'yes', reason: say`It is down already.` };
  const then = survives(cluster, [...chosen, partId]);
  if (then.api.outcome === 'no' && now.api.outcome !== 'no')
    return { outcome: 'no', reason: say`No: the API would be gone. ${then.api.reason}` };
  if (then.workloads.outcome === 'no' && now.workloads.outcome !== 'no')
    return { outcome: 'no', reason: `No: ${lower(then.workloads.reason)}` };
  const notes = [...drain(cluster, partId), ...whatIsLost(now, then)];
  const last = then.quorum !== undefined && then.quorum.margin === 0 && then.quorum.alive < then.quorum.members;
  if (last)
    return {
      outcome: 'partly',
      reason: [
        say`Yes, if every other member is healthy: until it is back and Ready, no other may fail.`,
        ...notes,
      ].join(' '),
    };
  const lastServer = partId.startsWith(serverPart('')) && spare(cluster, [...chosen, partId]) === 0;
  if (lastServer)
    return {
      outcome: 'partly',
      reason: [
        say`Yes, but then a single server is left: wait until it is back and Ready before the next.`,
        ...notes,
      ].join(' '),
    };
  return {
    outcome: notes.length > 0 && then.join.outcome === 'no' && now.join.outcome !== 'no' ? 'partly' : 'yes',
    reason: [say`Yes, one at a time: wait until it is back and Ready before the next.`, ...notes].join(' '),
  };
}

/** How many more servers may fail with these parts down. */
function spare(cluster: Cluster, down: readonly string[]): number {
  const { failed } = survives(cluster, down);
  return cluster.servers.filter((server) => !failed.includes(serverPart(server.id))).length - 1;
}

function drain(cluster: Cluster, partId: string): readonly string[] {
  const down = fallWith(cluster, [partId]);
  const busy = workloadNodes(cluster).some((node) =>
    down.has(node.role === 'server' ? serverPart(node.id) : agentPart(node.id)),
  );
  return busy ? [say`Drain it first, so that its pods move before it stops.`] : [];
}

function whatIsLost(now: Survival, then: Survival): readonly string[] {
  return then.join.outcome === 'no' && now.join.outcome !== 'no'
    ? [say`Meanwhile no node can join: ${lower(then.join.reason)}`]
    : [];
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
