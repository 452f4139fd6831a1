import { PINNED_STABLE } from './versions';

/** Releases to choose from, the newest patch of each minor version that still gets patches; the stable one first. */
export const RELEASES: readonly string[] = [PINNED_STABLE, 'v1.35.7+k3s1', 'v1.34.10+k3s1'];

/** Release channels; https://update.k3s.io/v1-release/channels */
export const CHANNELS: readonly string[] = ['stable', 'latest', 'v1.36', 'v1.35', 'v1.34'];
