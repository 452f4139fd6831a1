import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { nodesOf, unitOf } from '../../core/cluster/roles';
import { presentOptions } from '../../core/facts/presentOptions';
import { serverTokenFault } from '../../core/k3s/joinToken';
import { reachedNodes, type Situation } from './situation';

/** A token with which no server can be started, or to which none can be taken: told before anything is touched. */
export function unusableTokenProblems({ cluster, desired }: Situation): readonly Problem[] {
  const faults = cluster.servers.flatMap(({ id }) => {
    const token = desired.get(id)?.token;
    const fault = token === undefined ? undefined : serverTokenFault(token);
    return fault === undefined ? [] : [fault];
  });
  return [...new Set(faults)].map((fault) =>
    problem('token-unusable', say`The token of the cluster file cannot be that of a server: it ${fault}`, {
      nextSteps: [say`Take another one: "openssl rand -hex 16" makes one that cannot be guessed.`],
    }),
  );
}

/** Nodes whose token is decided by something else than their config.yaml: they would stay with the old one. */
export function tokenElsewhereProblems(situation: Situation): readonly Problem[] {
  return reachedNodes(situation).flatMap((node) => {
    const seen = situation.facts.get(node.id);
    if (seen === undefined) return [];
    const { elsewhere, effective } = presentOptions(seen, unitOf(node));
    const name = ['token-file', 'token'].find(
      (one) => effective.has(one) && (one === 'token-file' || elsewhere.has(one)),
    );
    // What config.yaml says goes before a variable.
    const by = name === undefined ? undefined : elsewhere.get(name);
    if (name === undefined || (name === 'token' && by?.startsWith('the variable') === true)) return [];
    return [
      problem(
        'token-elsewhere',
        say`K3s on ${node.id} takes its token from ${by ?? name}, which a rotation does not change`,
        {
          host: node.id,
          nextSteps: [say`Take ${name} out there, provision the cluster, then rotate the token.`],
        },
      ),
    ];
  });
}

/** Servers that would be left with a token that nobody takes any more; one that is only stopped is started when that is so already. */
export function absentServerProblems({ cluster, facts, unreachable }: Situation, rotated: boolean): readonly Problem[] {
  return nodesOf(cluster).flatMap((node) => {
    if (node.role === 'agent') return [];
    const active = facts.get(node.id)?.units.k3s?.active;
    if (active === 'active' || (rotated && active !== undefined)) return [];
    const why = unreachable.get(node.id)?.message;
    return [
      problem(
        'server-absent',
        say`${node.id} ${why === undefined ? say`does not run K3s` : say`does not answer`}, so it would keep the old token`,
        {
          host: node.id,
          why: say`${why === undefined ? '' : `${why}. `}A server that is started with it afterwards stops with "bootstrap data already found and encrypted with different token".`,
          nextSteps: [say`Bring it back, or take it out of the cluster and the file, then run this again.`],
        },
      ),
    ];
  });
}
