import type { SecretVault } from './secrets';

/** Stores what an import found; a secret that is stored already keeps its value, because another cluster file may live on it. */
export async function storeNewSecrets(vault: SecretVault, secrets: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(secrets)) if ((await vault.get(name)) === undefined) await vault.store(name, value);
}
