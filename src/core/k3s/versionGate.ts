import { compareK3sVersions, parseK3sVersion } from './versions';

/**
 * Whether a release has what came with `first`: one release for each minor line that got it, such as
 * `['v1.29.5+k3s1', 'v1.30.1+k3s1']`. Lines between and after the listed ones have it, older lines do not.
 * A version that cannot be read counts as the current stable release, which has everything.
 */
export function hasReached(version: string | undefined, first: readonly string[]): boolean {
  const wanted = parseK3sVersion(version ?? '');
  const gates = first.flatMap((text) => parseK3sVersion(text) ?? []);
  if (wanted === undefined) return true;
  const own = gates.find((gate) => gate.major === wanted.major && gate.minor === wanted.minor);
  if (own !== undefined) return compareK3sVersions(wanted, own) >= 0;
  return gates.some((gate) => compareK3sVersions(wanted, gate) > 0);
}
