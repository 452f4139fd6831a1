import { problem, type Problem } from '../base/problem';
import { compareK3sVersions, parseK3sVersion } from './versions';

/**
 * Why a host must not go from its installed release to the wanted one: downgrades need a datastore restore, and a minor
 * release must not be skipped. https://docs.k3s.io/upgrades/manual
 */
export function upgradeProblem(
  node: { readonly id: string },
  wanted: string | undefined,
  installed: string | undefined,
): Problem[] {
  const from = parseK3sVersion(installed ?? '');
  const to = parseK3sVersion(wanted ?? '');
  if (from === undefined || to === undefined) return [];
  if (compareK3sVersions(to, from) < 0) {
    return [
      problem('version-downgrade', `${node.id} runs ${installed}, newer than ${wanted} in the cluster file`, {
        host: node.id,
        nextSteps: ['Set k3s.version to the installed release or newer; going back needs a restored datastore.'],
      }),
    ];
  }
  if (to.major !== from.major || to.minor - from.minor < 2) return [];
  return [
    problem('version-skips-minor', `${node.id} would jump from ${installed} to ${wanted}`, {
      host: node.id,
      nextSteps: [`Go to v${from.major}.${from.minor + 1} first.`],
    }),
  ];
}
