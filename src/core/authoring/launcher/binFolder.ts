/** What decides where a person's own programs lie. */
export interface BinSurroundings {
  readonly windows: boolean;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface BinFolder {
  readonly path: string;
  /** Whether shells look for programs there. */
  readonly onPath: boolean;
  /** The line that puts it on PATH for good, and where it belongs. */
  readonly line: string;
  readonly where: string;
}

/**
 * The person's own folder for programs: the one of systemd's file hierarchy, or ~/bin where only that is on PATH.
 * https://www.freedesktop.org/software/systemd/man/latest/file-hierarchy.html#~/.local/bin/
 */
export function binFolder({ windows, home, env }: BinSurroundings): BinFolder {
  if (windows) {
    const path = `${env['LOCALAPPDATA'] ?? `${home}\\AppData\\Local`}\\Programs\\k3s-ha`;
    const onPath = (env['PATH'] ?? env['Path'] ?? '')
      .split(';')
      .some((entry) => entry.replace(/\\+$/, '').toLowerCase() === path.toLowerCase());
    const word = path.replaceAll("'", "''");
    return {
      path,
      onPath,
      line: `[Environment]::SetEnvironmentVariable('Path', [Environment]::GetEnvironmentVariable('Path', 'User') + ';${word}', 'User')`,
      where: 'PowerShell, then open a new terminal',
    };
  }
  const entries = new Set((env['PATH'] ?? '').split(':').map((entry) => entry.replace(/\/+$/, '')));
  const [usual, other] = [`${home}/.local/bin`, `${home}/bin`];
  const path = !entries.has(usual) && entries.has(other) ? other : usual;
  const fish = /\/fish$/.test(env['SHELL'] ?? '');
  const zsh = /\/zsh$/.test(env['SHELL'] ?? '');
  return {
    path,
    onPath: entries.has(path),
    line: fish ? 'fish_add_path ~/.local/bin' : 'export PATH="$HOME/.local/bin:$PATH"',
    where: fish ? 'a fish, once' : `${zsh ? '~/.zshrc' : '~/.profile'}, then log in again`,
  };
}
