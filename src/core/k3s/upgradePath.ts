import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { RELEASES } from './releases';
import { ETCD_STOP, mustStopForEtcd } from './upgrade';
import { compareK3sVersions, parseK3sVersion } from './versions';

/**
 * The releases by which a cluster gets from one to another, the wanted one last: no minor version is left out, and etcd 3.6 is
 * reached by way of the patch that prepares it. Minor versions of which no release is known are named by themselves, as `v1.32`.
 * Empty when `to` is no newer release of the same major version. https://docs.k3s.io/upgrades/manual
 */
export function upgradePath(from: string, to: string, releases = RELEASES, etcd = false): readonly string[] {
  const [begin, end, etcdStop] = [parseK3sVersion(from), parseK3sVersion(to), parseK3sVersion(ETCD_STOP)];
  if (begin === undefined || end === undefined || begin.major !== end.major || compareK3sVersions(begin, end) >= 0)
    return [];
  const path: string[] = [];
  for (let { minor } = begin; minor < end.minor; minor += 1) {
    if (minor > begin.minor) path.push(newestOf(releases, end.major, minor));
    // A stop that is the newest patch of its minor, or newer than it, serves for both.
    if (etcd && minor === etcdStop?.minor && mustStopForEtcd(path.at(-1) ?? from, to)) {
      if (minor > begin.minor) path.pop();
      path.push(ETCD_STOP);
    }
  }
  return [...path, to];
}

function newestOf(releases: readonly string[], major: number, minor: number): string {
  const found = releases
    .flatMap((tag) => {
      const version = parseK3sVersion(tag);
      return version?.major === major && version.minor === minor && version.preRelease === undefined
        ? [{ tag, version }]
        : [];
    })
    .sort((a, b) => compareK3sVersions(b.version, a.version));
  return found[0]?.tag ?? `v${major}.${minor}`;
}

/** A release that a cluster can go to. */
export interface UpgradeOffer {
  readonly release: string;
  /** The upgrades that lead there, itself last; one when it is the next step. */
  readonly path: readonly string[];
  readonly minor: boolean;
}

/** The releases that a cluster can go to from its own, nearest first; those that need others in between say which. */
export function upgradeOffers(from: string, releases: readonly string[], etcd: boolean): readonly UpgradeOffer[] {
  const begin = parseK3sVersion(from);
  return releases
    .flatMap((release): UpgradeOffer[] => {
      const path = upgradePath(from, release, releases, etcd);
      return path.length === 0 ? [] : [{ release, path, minor: parseK3sVersion(release)?.minor !== begin?.minor }];
    })
    .sort((a, b) => a.path.length - b.path.length || (a.minor === b.minor ? 0 : a.minor ? 1 : -1));
}

/** Whether a cluster that runs `from` may be told to go to `to` next; the reason names the steps between. */
export function nextRelease(
  from: string | undefined,
  to: string,
  releases: readonly string[],
  etcd: boolean,
): Result<string, Problem> {
  const wanted = parseK3sVersion(to);
  if (wanted === undefined) {
    return err(
      problem('version-unknown', `${to} is no release of K3s`, {
        nextSteps: [`Write it as K3s tags it, such as ${releases[0] ?? 'v1.36.3+k3s1'}.`],
      }),
    );
  }
  const begin = parseK3sVersion(from ?? '');
  if (from === undefined || begin === undefined) return ok(to);
  if (compareK3sVersions(wanted, begin) < 0) {
    return err(
      problem('version-downgrade', `The cluster file has ${from}, which is newer than ${to}`, {
        nextSteps: [
          'Going back is no upgrade, and to an older minor version it needs a snapshot of that time: see "Upgrade" in docs/operations.md.',
        ],
      }),
    );
  }
  const path = upgradePath(from, to, releases, etcd);
  if (path.length < 2) return ok(to);
  const stops = path.slice(0, -1);
  return err(
    problem('version-skips', `${from} does not go to ${to} in one upgrade`, {
      why:
        stops[0] === ETCD_STOP && stops.length === 1
          ? 'Its etcd reaches etcd 3.6 safely only from a patch that prepares it.'
          : 'No minor version of Kubernetes may be left out.',
      nextSteps: [
        `Go by ${stops.join(', then ')}, then to ${to}: one upgrade after another, each finished before the next.`,
      ],
    }),
  );
}
