import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import { registrationUrl, serverUrl } from '../../core/cluster/registration';
import { unitOf } from '../../core/cluster/roles';
import { presentOptions } from '../../core/facts/presentOptions';
import { CONFIG_PATH } from '../../core/k3s/paths';
import type { Step } from '../../core/plan/step';
import { writeConfig } from '../steps/writeConfig';
import { configChange } from './configChange';
import { hideInText } from './hideSecrets';
import type { Situation } from './situation';
import { clusterCaHash } from './starts';

/** How a server whose data were put aside finds the restored cluster. */
export interface RestoreJoin {
  /** Its configuration, where the present one would found a cluster of its own or ask a server that is not up yet. */
  readonly write?: Step;
  /** Options that change with it, beside the way in. */
  readonly others: readonly string[];
  readonly problem?: Problem;
}

/** `up`: servers of the restored cluster that run by then, the restored one first. */
export function restoreJoin(situation: Situation, node: ClusterNode, up: readonly ClusterNode[]): RestoreJoin {
  const { cluster, facts, desired } = situation;
  const seen = facts.get(node.id);
  const content = desired.get(node.id);
  const [through] = up;
  if (seen === undefined || content === undefined || through === undefined) return { others: [] };
  const present = presentOptions(seen, unitOf(node));
  const url = present.effective.get('server')?.[0]?.replace(/\/$/, '');
  const ways = [...up.map((server) => serverUrl(cluster, server)), cluster.loadBalancer && registrationUrl(cluster)];
  if (url !== undefined && ways.includes(url)) return { others: [] };
  const elsewhere = present.elsewhere.get('server');
  if (elsewhere !== undefined)
    return {
      others: [],
      problem: problem(
        'server-told-elsewhere',
        say`${node.id} would join through ${url}, which does not lead to the restored cluster`,
        {
          host: node.id,
          why: say`${elsewhere} says so, and config.yaml cannot say otherwise.`,
          nextSteps: [say`Have it name ${serverUrl(cluster, through)} or the fixed address, then restore.`],
        },
      ),
    };
  const start = { kind: 'join', through: through.id } as const;
  const change = configChange(cluster, node, seen, content, start, clusterCaHash(cluster, facts));
  const difference = {
    path: CONFIG_PATH,
    ...(seen.config === undefined ? {} : { before: hideInText(seen.config) }),
    after: content.shown(start),
  };
  const why = say`it joins the restored cluster through ${through.id}`;
  return {
    write: writeConfig.step(node, { start }, why, { differences: [difference] }),
    others: (change?.options ?? [])
      .map(({ name }) => name)
      .filter((name) => name !== 'server' && name !== 'cluster-init'),
  };
}
