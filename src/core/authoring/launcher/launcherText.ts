import { shellWord } from '../../remote/shell';

/** What a launcher has to find: the command line of the extension that installed it. */
export interface LauncherTarget {
  /** Folder of the extension, such as `/home/me/.vscode/extensions/k3s-ha.k3s-ha-0.1.0`. */
  readonly extension: string;
  /** The version that this folder is named after. */
  readonly version: string;
  /** The program that runs the extension: it is a Node when it is told so. */
  readonly program: string;
}

/** By this line an own launcher is known again: nothing else is ever overwritten or removed. */
export const LAUNCHER_MARK = 'Written by "K3s HA: Install Command Line"; "Uninstall Command Line" takes it away.';

/** Every version of the extension has a folder of its own: all of them, the part before the version; undefined where the folder is named otherwise. */
function allVersions({ extension, version }: LauncherTarget): string | undefined {
  return extension.endsWith(`-${version}`) ? extension.slice(0, -version.length) : undefined;
}

/** `k3s-ha` for Linux and macOS: the newest version that is there, by the Node of the editor, else by one on PATH. */
export function shLauncher(target: LauncherTarget): string {
  const versions = allVersions(target);
  const found = versions === undefined ? shellWord(target.extension) : `${shellWord(versions)}*`;
  return `#!/bin/sh
# ${LAUNCHER_MARK}
newest=
for cli in ${found}/dist/cli.js; do
  if [ -f "$cli" ] && { [ -z "$newest" ] || [ "$cli" -nt "$newest" ]; }; then newest=$cli; fi
done
if [ -z "$newest" ]; then
  echo "k3s-ha: the extension K3s HA is not installed any more. Install it again, or remove $0" >&2
  exit 127
fi
program=${shellWord(target.program)}
if [ -x "$program" ]; then ELECTRON_RUN_AS_NODE=1 exec "$program" "$newest" "$@"; fi
if command -v node >/dev/null 2>&1; then exec node "$newest" "$@"; fi
echo "k3s-ha: $program is gone, and there is no node on PATH. Run K3s HA: Install Command Line in the editor again" >&2
exit 127
`;
}

/** `k3s-ha.cmd` for Windows. */
export function cmdLauncher(target: LauncherTarget): string {
  const versions = allVersions(target);
  const slash = target.extension.lastIndexOf('\\');
  const parent = batch(target.extension.slice(0, slash));
  const names = batch(versions === undefined ? target.extension.slice(slash + 1) : `${versions.slice(slash + 1)}*`);
  return [
    '@echo off',
    `rem ${LAUNCHER_MARK}`,
    'setlocal',
    'set "CLI="',
    // The newest folder comes first.
    `for /f "delims=" %%d in ('dir /b /ad /o-d "${parent}\\${names}" 2^>nul') do if not defined CLI if exist "${parent}\\%%d\\dist\\cli.js" set "CLI=${parent}\\%%d\\dist\\cli.js"`,
    'if not defined CLI (',
    '  echo k3s-ha: the extension K3s HA is not installed any more. Install it again, or remove %~f0 1>&2',
    '  exit /b 127',
    ')',
    `if exist "${batch(target.program)}" (`,
    '  set "ELECTRON_RUN_AS_NODE=1"',
    `  "${batch(target.program)}" "%CLI%" %*`,
    ') else (',
    '  node "%CLI%" %*',
    ')',
    'exit /b %ERRORLEVEL%',
    '',
  ].join('\r\n');
}

/** In quotes only a percent sign means something. */
function batch(path: string): string {
  return path.replaceAll('%', '%%');
}
