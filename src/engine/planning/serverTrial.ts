import type { PlacedFinding } from '../../core/datastore/trial/trial';

/** What one server's network showed of the datastore, or why nobody looked. */
export type ServerTrial =
  | { readonly kind: 'tried'; readonly findings: readonly PlacedFinding[] }
  | { readonly kind: 'untried'; readonly why: string };
