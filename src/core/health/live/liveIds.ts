/** The ids of what a running cluster tells by itself. Apart from what judges it, because the editor has to know them at its start. */
export const LIVE_IDS = [
  'server-down',
  'agent-down',
  'address-taken',
  'quorum-lost',
  'quorum-at-risk',
  'etcd-member-unhealthy',
  'etcd-alarm',
  'api-silent',
  'fixed-address-silent',
  'node-not-ready',
  'node-absent',
  'node-pressure',
  'left-cordoned',
  'certificates-ending',
  'snapshot-old',
  'drift',
] as const;

export type LiveId = (typeof LIVE_IDS)[number];
