import { compareK3sVersions, parseK3sVersion, PINNED_STABLE } from './versions';

/** Releases to choose from, the newest patch of each minor version that still gets patches; the stable one first. */
export const RELEASES: readonly string[] = [PINNED_STABLE, 'v1.35.7+k3s1', 'v1.34.10+k3s1'];

/** Release channels; https://update.k3s.io/v1-release/channels */
export const CHANNELS: readonly string[] = ['stable', 'latest', 'v1.36', 'v1.35', 'v1.34'];

/** Where K3s publishes its release channels. */
export const CHANNELS_URL = 'https://update.k3s.io/v1-release/channels';

/** How many minor versions are offered; older ones get no patches any more. */
const OFFERED_MINORS = 6;

/**
 * The releases that a channel server names: the stable one first, then the newest patch of each minor version, the newest
 * first. Undefined when the answer is not a list of channels. Names come from the net: what is no release tag is passed over.
 */
export function releasesOfChannels(answer: unknown): readonly string[] | undefined {
  const channels = (answer as { readonly data?: unknown } | null)?.data;
  if (!Array.isArray(channels)) return undefined;
  const found = channels.flatMap((channel: { readonly id?: unknown; readonly latest?: unknown } | null) => {
    const version = typeof channel?.latest === 'string' ? parseK3sVersion(channel.latest) : undefined;
    return version === undefined || version.preRelease !== undefined || typeof channel?.latest !== 'string'
      ? []
      : [{ id: channel.id, tag: channel.latest, version }];
  });
  const stable = found.find(({ id }) => id === 'stable');
  if (stable === undefined) return undefined;
  const newest = new Map<number, (typeof found)[number]>();
  for (const one of found) {
    const before = newest.get(one.version.minor);
    if (before === undefined || compareK3sVersions(one.version, before.version) > 0) newest.set(one.version.minor, one);
  }
  const others = [...newest.values()]
    .filter(({ tag }) => tag !== stable.tag)
    .sort((a, b) => compareK3sVersions(b.version, a.version));
  return [stable.tag, ...others.slice(0, OFFERED_MINORS).map(({ tag }) => tag)];
}
