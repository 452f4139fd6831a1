import { problem, type Problem } from '../base/problem';

/**
 * Why a host must not go from its installed release to the wanted one: downgrades need a datastore restore, and a minor
 * release must not be skipped. https://docs.k3s.io/upgrades/manual
 */
export function upgradeProblem(node: { readonly id: string }, wanted: string | undefined, installed: string | undefined): Problem[] {
  const from = parse(installed);
  const to = parse(wanted);
  if (from === undefined || to === undefined) return [];
  const order = from.map((part, i) => (to[i] ?? 0) - part).find((difference) => difference !== 0) ?? 0;
  if (order < 0) {
    return [problem('version-downgrade', `${node.id} runs ${installed}, newer than ${wanted} in the cluster file`, { host: node.id, nextSteps: ['Set k3s.version to the installed release or newer; going back needs a restored datastore.'] })];
  }
  const minors = (to[0] ?? 0) === (from[0] ?? 0) ? (to[1] ?? 0) - (from[1] ?? 0) : 0;
  if (minors > 1) {
    return [problem('version-skips-minor', `${node.id} would jump from ${installed} to ${wanted}`, { host: node.id, nextSteps: [`Go to v${from[0]}.${(from[1] ?? 0) + 1} first.`] })];
  }
  return [];
}

function parse(version: string | undefined): number[] | undefined {
  const match = /^v(\d+)\.(\d+)\.(\d+)\+k3s(\d+)$/.exec(version ?? '');
  return match?.slice(1).map(Number);
}
