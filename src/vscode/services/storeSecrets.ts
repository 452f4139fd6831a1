import { say } from '../../core/base/say';
import { sayWarning } from './say';
import type { FileSecrets } from './secretVault';

/**
 * Stores what a quick fix or an import found in the text of the file. Asks before a value that is already stored for this
 * file is replaced; false when the person gives up, and nothing was stored then.
 */
export async function storeSecrets(secrets: FileSecrets, found: Readonly<Record<string, string>>): Promise<boolean> {
  const entries = Object.entries(found);
  const differing: string[] = [];
  for (const [name, value] of entries) {
    const present = await secrets.get(name);
    if (present !== undefined && present !== value) differing.push(name);
  }
  if (differing.length > 0) {
    const names = differing.map((name) => `"${name}"`).join(', ');
    const replace = say`Replace`;
    const detail = say`The old value is lost. If a running cluster uses it, keep it: restoring a snapshot needs the token of its time.`;
    const answer = await sayWarning(
      say`This file already has ${differing.length === 1 ? 'a secret' : 'secrets'} ${names} with another value.`,
      { detail, choices: [replace] },
    );
    if (answer !== replace) return false;
  }
  for (const [name, value] of entries) await secrets.store(name, value);
  return true;
}
