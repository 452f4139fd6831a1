import { problem, type Problem } from '../base/problem';
import { compareK3sVersions, parseK3sVersion } from './versions';

/** The first release of 1.33 with etcd 3.5.26, from which alone etcd 3.6 can be reached safely. https://docs.k3s.io/release-notes/v1.33.X */
export const ETCD_STOP = 'v1.33.7+k3s3';

/**
 * Why a member of embedded etcd must not go from its release to one with etcd 3.6 (K3s 1.34 and newer): members that
 * were removed long ago may come back, and quorum is lost, unless it ran etcd 3.5.26 before.
 * https://etcd.io/blog/2025/upgrade_from_3.5_to_3.6_issue_followup/
 */
export function etcdHopProblem(
  node: { readonly id: string },
  wanted: string | undefined,
  installed: string | undefined,
): Problem[] {
  if (!mustStopForEtcd(installed, wanted)) return [];
  return [
    problem('etcd-hop', `${node.id} runs ${installed}, whose etcd must not go to that of ${wanted} in one step`, {
      host: node.id,
      why: 'etcd 3.6 is reached safely from etcd 3.5.26 only: members that were removed long ago may come back otherwise, and the cluster loses its quorum.',
      nextSteps: [`Go to ${ETCD_STOP} or a newer patch of v1.33 first, on all servers, then to ${wanted}.`],
    }),
  ];
}

/** Whether a member of etcd has to go to {@link ETCD_STOP} on its way. */
export function mustStopForEtcd(installed = '', wanted = ''): boolean {
  const from = parseK3sVersion(installed);
  const to = parseK3sVersion(wanted);
  const stop = parseK3sVersion(ETCD_STOP);
  if (to === undefined || stop === undefined || to.minor <= stop.minor) return false;
  // A minor version without a patch counts as its oldest one.
  const minor = from?.minor ?? Number(/^v1\.(\d+)$/.exec(installed)?.[1] ?? -1);
  return minor === stop.minor && (from === undefined || compareK3sVersions(from, stop) < 0);
}

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
        nextSteps: [
          'Set k3s.version to the installed release or newer.',
          'Going back to an older minor version needs a datastore of that time, such as the snapshot before-… that was saved before the upgrade: see "Upgrade" in docs/operations.md.',
        ],
      }),
    ];
  }
  if (to.major !== from.major || to.minor - from.minor < 2) return [];
  return [
    problem('version-skips-minor', `${node.id} would jump from ${installed} to ${wanted}`, {
      host: node.id,
      nextSteps: [
        `Go to v${from.major}.${from.minor + 1} first, then to each minor version in turn: "Upgrade K3s" names the releases.`,
      ],
    }),
  ];
}
