import { problem, type Problem } from '../base/problem';
import { err, ok } from '../base/result';
import { utf8Length } from '../base/text';
import type { NodeRole } from '../k3s/nodeRole';
import { failed } from './failure';
import { environmentLines } from './installInput';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { DOWNLOAD, downloadMode } from './scriptDownload';

/** Exit status when an installation with other inputs runs on the host. */
const OTHER_INPUTS = 95;
/** Exit status when the script on the host is not the one that was agreed to. */
const OTHER_SCRIPT = 94;

/**
 * $1: server, agent, or empty when INSTALL_K3S_EXEC says it, $2: number of bytes, $3: `text`, or how to download (`https`,
 * `any`), $4: sha256 that the install script must have; standard input: `NAME=value` lines of its environment, an empty
 * line, then the script or its address. The work runs detached and logs to a file, so a lost connection does not stop it
 * half way. A second call with the same inputs finds it running and waits for the same result; one with other inputs ends
 * with {@link OTHER_INPUTS}. Prints the installer's log and ends with its exit status.
 *
 * Standard input may hold secrets, the address included: its file loses its name before the first byte is written and
 * lives on as open descriptors only, so nothing that is killed leaves it behind. The variables take effect in the
 * detached shell, which keeps what it needs in positional parameters, where no variable can reach it. What a run was
 * given is remembered as one sha256.
 */
export const INSTALL_SCRIPT: RemoteScript = {
  id: 'install-k3s',
  text: `export LC_ALL=C
${ROOT_PATH}
umask 077
base=/var/lib/k3s-ha/install
mkdir -p "$(dirname $base)" || exit 1
running() { pid=$(cat $base.pid 2>/dev/null) && grep -q k3s-ha-install "/proc/$pid/cmdline" 2>/dev/null; }
same() { [ "$(cat $base.inputs 2>/dev/null)" = "$inputs" ]; }
other() { echo "an installation with other settings is running on this host" >&2; exit ${OTHER_INPUTS}; }
rm -rf $base.in.$$
exec 3> $base.in.$$ 4< $base.in.$$ 5< $base.in.$$ 6< $base.in.$$ || exit 1
rm -f $base.in.$$
cat >&3 || exit 1
exec 3>&-
if [ "$(wc -c <&5)" -ne "$2" ]; then echo "only a part of the installation's inputs arrived" >&2; exit 1; fi
inputs=$({ printf '%s\\n' "$@"; cat <&6; } | sha256sum | cut -c 1-64)
exec 5<&- 6<&-
if [ -z "$inputs" ]; then echo "sha256sum is missing on this host" >&2; exit 1; fi
exec 9> $base.lock && flock 9 || exit 1
if running; then
  if ! same; then other; fi
  echo "This installation is already running on this host; waiting for it."
else
  # Inputs first: whoever still waits for an earlier run notices that its result is no longer there to be read.
  rm -rf $base.inputs.new $base.inputs
  echo "$inputs" > $base.inputs.new && mv -f $base.inputs.new $base.inputs || exit 1
  rm -rf $base.rc $base.rc.new $base.log $base.sh $base.env
  setsid sh -c '${DOWNLOAD}
while IFS= read -r k3s_ha_line && [ -n "$k3s_ha_line" ]; do
  if ! (export "$k3s_ha_line") 2>/dev/null; then
    echo "[ERROR]  The variable \${k3s_ha_line%%=*} cannot be set on this host"
    echo 96 > "$1.rc.new"
    mv -f "$1.rc.new" "$1.rc"
    exit
  fi
  export "$k3s_ha_line"
done
unset k3s_ha_line
umask 022
if [ "$3" = text ]; then cat > "$1.sh"; else (ulimit -f 4096; k3s_ha_download "$3" 2) > "$1.sh"; fi
set -- "$1" "$2" "$3" "$4" "$?"
exec </dev/null
if [ "$5" -ne 0 ]; then echo "[ERROR]  The install script could not be downloaded"
elif [ "$(sha256sum < "$1.sh" | cut -c 1-64)" != "$4" ]; then
  echo "[ERROR]  The install script has the sha256 $(sha256sum < "$1.sh" | cut -c 1-64), not $4"
  set -- "$1" "$2" "$3" "$4" ${OTHER_SCRIPT}
else
  sh "$1.sh" \${2:+"$2"}
  set -- "$1" "$2" "$3" "$4" "$?"
fi
echo "$5" > "$1.rc.new"
mv -f "$1.rc.new" "$1.rc"' k3s-ha-install $base "$1" "$3" "$4" <&4 >$base.log 2>&1 4<&- 9>&- &
  echo $! > $base.pid
fi
exec 4<&- 9>&-
shown=0
missed=0
while :; do
  finished=no
  # /proc shows an empty command line for a moment while a program is being replaced: one look is no proof.
  if running; then missed=0; else missed=$((missed + 1)); fi
  rc=$(cat $base.rc 2>/dev/null)
  if ! same; then other; fi
  if [ -n "$rc" ] || [ $missed -ge 5 ]; then finished=yes; fi
  size=$(wc -c < $base.log 2>/dev/null || echo 0)
  if [ "$size" -gt "$shown" ]; then tail -c +$((shown + 1)) $base.log; shown=$size; fi
  if [ $finished = yes ]; then break; fi
  sleep 0.2 2>/dev/null || sleep 1
done
if [ -z "$rc" ]; then echo "the installation was interrupted (killed, or the host was restarted)" >&2; exit 98; fi
exit "$rc"`,
};

/** The install script that all hosts run: its text where this machine has it, else where each host finds it. */
export type InstallScript = { readonly sha256: string } & ({ readonly text: string } | { readonly url: string });

export interface InstallInputs {
  readonly role: NodeRole;
  /** Environment of the install script, references resolved. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs the install script of K3s; never starts K3s when `env` says so (see `installEnvironment`). */
export function installK3s(
  { role, env }: InstallInputs,
  script: InstallScript,
  secrets: readonly string[] = [],
): RemoteCommand<void> {
  const stdin = `${environmentLines(env)}\n${'text' in script ? script.text : `${script.url}\n`}`;
  return {
    script: INSTALL_SCRIPT,
    args: [
      env['INSTALL_K3S_EXEC'] === undefined ? role : '',
      String(utf8Length(stdin)),
      'text' in script ? 'text' : downloadMode(script.url),
      script.sha256,
    ],
    stdin,
    sudo: true,
    timeoutMs: 15 * 60_000,
    secrets,
    parse: (output) => (output.exitCode === 0 ? ok(undefined) : err(installProblem(output))),
  };
}

function installProblem(output: RemoteOutput): Problem {
  switch (output.exitCode) {
    case OTHER_INPUTS:
      return problem('install-other-running', 'Another installation with other settings is running on this host', {
        why: 'Somebody else, or an earlier run of this file before it was changed, installs K3s there. Its result would not be the one that this plan wants.',
        nextSteps: ['Wait until it has ended, then run again; the new plan shows what it left.'],
      });
    case OTHER_SCRIPT:
      return failed(
        'install-script-changed',
        'This host got another install script than the plan says, and did not run it',
        output,
        ['Run again: the new plan shows the script that the hosts get now.'],
      );
    default:
      return failed('install-failed', 'The K3s install script failed', output, [
        'Read the installer output in the log; run again when the cause is removed.',
      ]);
  }
}
