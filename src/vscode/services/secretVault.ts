import type * as vscode from 'vscode';
import type { Log } from '../../engine/ports';

/** Values of `${secret:name}`. Each belongs to one cluster file: the same name in another file is another secret. */
export interface SecretVault {
  of(file: vscode.Uri): FileSecrets;
  /** A cluster file has another place now; its secrets go along. */
  move(from: vscode.Uri, to: vscode.Uri): Promise<void>;
  /** Every file that has stored secrets, as the text of its URI. */
  files(): Promise<readonly string[]>;
  /** Secrets of a file by the text of its URI, as {@link files} gives it. */
  ofFile(id: string): FileSecrets;
}

/** The secrets of one cluster file, in VS Code's SecretStorage. */
export interface FileSecrets {
  get(name: string): Promise<string | undefined>;
  store(name: string, value: string): Promise<void>;
  forget(name: string): Promise<void>;
  /** Names that are stored, never values. */
  names(): Promise<readonly string[]>;
}

const PREFIX = 'k3s-ha.secret ';

/**
 * SecretStorage can fail or forget where the system has no keyring. Values are kept in memory as well, so the
 * session works on; that they will be asked for again is said once.
 */
export function createSecretVault(
  storage: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete' | 'keys'>,
  log: Pick<Log, 'warn'>,
  tellNoKeyring: () => void,
): SecretVault {
  const memory = new Map<string, string>();
  let told = false;

  const storedKeys = async (): Promise<readonly string[]> => {
    const kept = [...memory.keys()];
    try {
      return [...new Set([...kept, ...(await storage.keys()).filter((key) => key.startsWith(PREFIX))])].sort();
    } catch {
      return kept;
    }
  };

  const store = async (key: string, name: string, value: string): Promise<void> => {
    memory.set(key, value);
    try {
      await storage.store(key, value);
    } catch (error) {
      log.warn(`The secret "${name}" is kept for this session only: ${String(error)}`);
      if (!told) tellNoKeyring();
      told = true;
    }
  };

  const ofFile = (id: string): FileSecrets => {
    const start = `${PREFIX}${id} `;
    return {
      async get(name) {
        const kept = memory.get(start + name);
        if (kept !== undefined) return kept;
        try {
          return await storage.get(start + name);
        } catch (error) {
          log.warn(`The secret "${name}" cannot be read from VS Code's secret storage: ${String(error)}`);
          return undefined;
        }
      },
      store: (name, value) => store(start + name, name, value),
      async forget(name) {
        memory.delete(start + name);
        await storage.delete(start + name);
      },
      names: async () =>
        (await storedKeys()).filter((key) => key.startsWith(start)).map((key) => key.slice(start.length)),
    };
  };

  return {
    of: (file) => ofFile(idOf(file)),
    ofFile,
    async move(from, to) {
      if (idOf(from) === idOf(to)) return;
      const [source, target] = [ofFile(idOf(from)), ofFile(idOf(to))];
      for (const name of await source.names()) {
        const value = await source.get(name);
        if (value !== undefined && (await target.get(name)) === undefined) await target.store(name, value);
        await source.forget(name);
      }
    },
    files: async () => [...new Set((await storedKeys()).map((key) => key.slice(PREFIX.length).split(' ')[0] ?? ''))],
  };
}

/** A new file is `untitled:` until it is saved at the same place. An encoded URI holds no blank, and so ends at one. */
export function idOf(file: vscode.Uri): string {
  return (file.scheme === 'untitled' && file.path.startsWith('/') ? file.with({ scheme: 'file' }) : file).toString();
}
