/** Options that say something about one machine, whatever others say: its addresses and the names for them. https://docs.k3s.io/cli/server */
export const MACHINE_OPTIONS: readonly string[] = [
  'advertise-address',
  'bind-address',
  'node-external-dns',
  'node-external-ip',
  'node-internal-dns',
  'node-ip',
];
