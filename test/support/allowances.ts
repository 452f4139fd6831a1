/** Options that let hosts at `addresses` have what the practice example gives to its hosts. */
export function practiceAllowances(addresses: readonly string[]): string[] {
  return ['file:.practice/token', 'key:.practice/id_ed25519', 'known-hosts:.practice/known_hosts'].flatMap((name) => [
    '--allow-secrets',
    `${name}=${addresses.join(',')}`,
  ]);
}
