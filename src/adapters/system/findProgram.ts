import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';

interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where programs are when the environment has no PATH, as execvp(3) has it. */
const DEFAULT_PATH = '/usr/bin:/bin';

/**
 * The absolute paths at which the OpenSSH program `name` may be, best first. Empty and relative entries of PATH are
 * left out: they mean the current folder, and what lies there must never be run.
 */
export function programPaths(name: string, { platform, env }: Machine): readonly string[] {
  if (platform !== 'win32') {
    const folders = (env['PATH'] ?? DEFAULT_PATH).split(':').filter((folder) => folder.startsWith('/'));
    return folders.map((folder) => posix.join(folder, name));
  }
  // The names of Windows' variables have no case, but those of a copied environment do.
  const variable = (wanted: string): string | undefined =>
    Object.entries(env).find(([key]) => key.toUpperCase() === wanted)?.[1];
  const folders = (variable('PATH') ?? '').split(';').map((folder) => folder.replaceAll('"', ''));
  const root = variable('SYSTEMROOT');
  const system = root === undefined ? [] : [win32.join(root, 'System32', 'OpenSSH')];
  return [...system, ...folders].filter(hasDrive).map((folder) => win32.join(folder, `${name}.exe`));
}

/** `\folder` is on the current drive, so it is relative too. */
function hasDrive(folder: string): boolean {
  return /^[A-Za-z]:[\\/]|^\\\\[^\\]/.test(folder);
}

/** The absolute path of an OpenSSH program; undefined when it is nowhere. `isProgram` looks at one path. */
export async function findProgram(
  name: string,
  machine: Machine,
  isProgram: (path: string) => Promise<boolean> = isExecutableFile,
): Promise<string | undefined> {
  for (const path of programPaths(name, machine)) if (await isProgram(path)) return path;
  return undefined;
}

/** Whether a file is there that this user may run. */
async function isExecutableFile(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() !== true) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
