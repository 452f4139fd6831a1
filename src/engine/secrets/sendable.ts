import { problem, type Problem } from '../../core/base/problem';
import type { Steps } from '../../core/base/steps';
import { unsendable, unsendableVariable } from '../../core/remote/sendable';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { nodesOf } from '../../core/cluster/roles';
import type { NodeContent } from '../planning/desired';

/**
 * What the hosts would get otherwise than it stands in the file, secrets included: one problem for each variable and each
 * option, on the first node that has it. The values themselves are in none of the texts.
 */
export function* unsendableProblems(
  cluster: Cluster,
  content: ReadonlyMap<string, NodeContent>,
): Steps<readonly Problem[]> {
  const found = new Map<string, Problem>();
  for (const node of nodesOf(cluster)) {
    for (const one of nodeProblems(cluster, node, content.get(node.id)))
      if (!found.has(one.message)) found.set(one.message, one);
    yield;
  }
  return [...found.values()];
}

function nodeProblems(cluster: Cluster, node: ClusterNode, content: NodeContent | undefined): Problem[] {
  if (content === undefined) return [];
  const variables = Object.entries(content.install.env).flatMap(([name, text]) => {
    const reason = unsendableVariable(name, text);
    return reason === undefined
      ? []
      : [refusal(node, 'environment-not-sendable', `the variable ${JSON.stringify(name)}`, 'k3s.install', reason)];
  });
  // How a server begins adds nothing but addresses of other nodes.
  const options = Object.entries(content.options({ kind: 'found' })).flatMap(([name, written]) =>
    [name, written].flat().flatMap((text: unknown) => {
      const reason = typeof text === 'string' ? unsendable(text) : undefined;
      return reason === undefined
        ? []
        : [refusal(node, 'option-not-sendable', `the option ${JSON.stringify(name)}`, `${node.role}s`, reason)];
    }),
  );
  return [...variables, ...options];
}

function refusal(node: ClusterNode, code: string, what: string, where: string, reason: string): Problem {
  return problem(code, `Nothing is sent, because ${what} cannot reach a host as it is`, {
    host: node.id,
    why: `It ${reason}.`,
    nextSteps: [
      `Correct it below ${where} in the cluster file, or the secret that it refers to.`,
      'A text of several lines, such as a certificate, belongs into a file on the hosts.',
    ],
  });
}
