/** A K3s release tag taken apart: `v1.36.3-rc1+k3s1`. */
interface K3sVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `rc1`, `alpha2`; absent for a release. */
  readonly preRelease?: string;
  /** The number after `+k3s`; 0 for the very old releases that have none. */
  readonly build: number;
}

/** The stable release this extension was made against; what "pin the version" proposes. */
export const PINNED_STABLE = 'v1.36.3+k3s1';

/** The oldest Kubernetes minor, `1.N`, that got patch releases when this extension was made. */
export const OLDEST_SUPPORTED_MINOR = 34;

// Releases before v1.17 are tagged without +k3sN, and v1.17.0 alone is tagged +k3s.1.
const TAG = /^v(\d+)\.(\d+)\.(\d+)(?:-((?:alpha|beta|rc)\.?\d*))?(?:\+k3s\.?(\d+))?$/;

/** Reads a release tag exactly as the install script wants it; `undefined` for any other spelling. */
export function parseK3sVersion(text: string): K3sVersion | undefined {
  const match = TAG.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', preRelease, build] = match;
  const version = { major: Number(major), minor: Number(minor), patch: Number(patch), build: Number(build ?? 0) };
  if (build === undefined && (version.major > 1 || version.minor > 16)) return undefined;
  return preRelease === undefined ? version : { ...version, preRelease };
}

/** Negative when `a` is older than `b`, 0 when they are the same release. */
export function compareK3sVersions(a: K3sVersion, b: K3sVersion): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    comparePreRelease(a.preRelease, b.preRelease) ||
    a.build - b.build
  );
}

function comparePreRelease(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a.localeCompare(b, 'en', { numeric: true });
}

/**
 * The tag that was meant by a near miss such as `1.19.5-k3s2`, `v1.36.3%2Bk3s1` or `1.36.3`;
 * `undefined` when it cannot be told, e.g. for `1.36` (a channel) or `latest`.
 */
export function repairK3sVersion(text: string): string | undefined {
  const match = /^v?(\d+\.\d+\.\d+)(-(?:alpha|beta|rc)\.?\d*)?(?:(?:\+|-|_|\.|%2[bB])?k3s[.-]?(\d+))?$/i.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const [, numbers = '', preRelease = '', build = '1'] = match;
  const repaired = `v${numbers}${preRelease.toLowerCase()}+k3s${build}`;
  return parseK3sVersion(repaired) === undefined ? undefined : repaired;
}
