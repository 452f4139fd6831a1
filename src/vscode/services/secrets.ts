import type * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { err, ok } from '../../core/base/result';
import type { Log, SecretSource } from '../../engine/ports';
import { askText, sayWarning } from './say';

/** Values of `${secret:name}`: SecretStorage, with a copy in memory for machines without a keyring. */
export interface SecretVault {
  get(name: string): Promise<string | undefined>;
  store(name: string, value: string): Promise<void>;
  /** Names that are stored, never values. */
  names(): Promise<readonly string[]>;
}

const PREFIX = 'k3s-ha.secret.';

/**
 * SecretStorage can fail or forget where the system has no keyring. Values are kept in memory as well, so the
 * session works on; that they will be asked for again is said once.
 */
export function createVault(storage: vscode.SecretStorage, log: Log): SecretVault {
  const memory = new Map<string, string>();
  let told = false;
  const key = (name: string): string => `${PREFIX}${name}`;
  return {
    async get(name) {
      const kept = memory.get(name);
      if (kept !== undefined) return kept;
      try {
        return await storage.get(key(name));
      } catch (error) {
        log.warn(`The secret "${name}" cannot be read from VS Code's secret storage: ${String(error)}`);
        return undefined;
      }
    },
    async names() {
      const kept = [...memory.keys()];
      try {
        const stored = (await storage.keys()).filter((one) => one.startsWith(PREFIX)).map((one) => one.slice(PREFIX.length));
        return [...new Set([...kept, ...stored])].sort();
      } catch {
        return kept;
      }
    },
    async store(name, value) {
      memory.set(name, value);
      try {
        await storage.store(key(name), value);
      } catch (error) {
        log.warn(`The secret "${name}" is kept for this session only: ${String(error)}`);
        if (!told) void sayWarning('This system has no keyring that VS Code can use. Secrets are kept until the window closes and will be asked for again.');
        told = true;
      }
    },
  };
}

const WHOLE_REFERENCE = /^\$\{secret:([^}]+)\}$/;

/**
 * Resolves references for the editor: `${secret:…}` from the vault, asking for what it does not hold; everything else
 * (`env`, `file`) by `other`.
 */
export function editorSecrets(vault: SecretVault, other: SecretSource): SecretSource {
  return {
    async resolve(text) {
      const name = WHOLE_REFERENCE.exec(text)?.[1];
      if (name === undefined) return other.resolve(text);
      const known = await vault.get(name);
      if (known !== undefined) return ok(known);
      const typed = await askText({
        title: `Secret "${name}"`,
        prompt: `The cluster file refers to \${secret:${name}}. It is stored in VS Code's secret storage, not in the file.`,
        password: true,
        ignoreFocusOut: true,
      });
      if (typed === undefined || typed === '') {
        return err(problem('secret-missing', `The secret "${name}" is not known`, { nextSteps: [`Run the command again and enter it, or change \${secret:${name}} in the cluster file.`] }));
      }
      await vault.store(name, typed);
      return ok(typed);
    },
  };
}
