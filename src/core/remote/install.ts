import { err, ok } from '../base/result';
import { utf8Length } from '../base/text';
import type { NodeRole } from '../k3s/nodeRole';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { unsendableVariable } from './sendable';
import { failed } from './failure';

/**
 * $1: URL of the install script, $2: server, agent, or empty when INSTALL_K3S_EXEC says it, $3: number of bytes; standard
 * input: `NAME=value` lines of its environment. The work runs detached and logs to a file, so a lost connection does not
 * stop it half way; a second call finds it running and waits for the same result. Prints the installer's log and ends
 * with its exit status.
 *
 * The environment may hold secrets: its file loses its name before the first byte is written and lives on as open
 * descriptors only, so nothing that is killed leaves it behind. Its variables take effect in the detached shell, which
 * keeps what it needs in positional parameters, where no variable can reach it.
 */
export const INSTALL_SCRIPT: RemoteScript = {
  id: 'install-k3s',
  text: `export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin
umask 077
base=/var/lib/k3s-ha/install
mkdir -p "$(dirname $base)" || exit 1
running() { pid=$(cat $base.pid 2>/dev/null) && grep -q k3s-ha-install "/proc/$pid/cmdline" 2>/dev/null; }
if running; then
  echo "An installation is already running on this host; waiting for it."
else
  rm -rf $base.rc $base.rc.new $base.log $base.sh $base.env
  exec 3> $base.env 4< $base.env 5< $base.env || exit 1
  rm -f $base.env
  cat >&3 || exit 1
  exec 3>&-
  if [ "$(wc -c <&5)" -ne "$3" ]; then echo "only a part of the environment arrived" >&2; exit 1; fi
  setsid sh -c 'while IFS= read -r k3s_ha_line; do
  if ! (export "$k3s_ha_line") 2>/dev/null; then
    echo "[ERROR]  The variable \${k3s_ha_line%%=*} cannot be set on this host"
    echo 96 > "$1.rc.new"
    mv -f "$1.rc.new" "$1.rc"
    exit
  fi
  export "$k3s_ha_line"
done
unset k3s_ha_line
exec </dev/null
umask 022
if command -v curl >/dev/null 2>&1; then curl -sSfL --connect-timeout 15 --retry 2 -o "$1.sh" "$2"
else wget -q -T 15 -O "$1.sh" "$2"
fi
set -- "$1" "$2" "$3" $?
if [ "$4" -eq 0 ]; then
  sh "$1.sh" \${3:+"$3"}
  set -- "$1" "$2" "$3" $?
else echo "[ERROR]  The install script could not be downloaded from $2"
fi
echo "$4" > "$1.rc.new"
mv -f "$1.rc.new" "$1.rc"' k3s-ha-install $base "$1" "$2" <&4 >$base.log 2>&1 4<&- 5<&- &
  echo $! > $base.pid
  exec 4<&- 5<&-
fi
shown=0
missed=0
while :; do
  finished=no
  # /proc shows an empty command line for a moment while a program is being replaced: one look is no proof.
  if running; then missed=0; else missed=$((missed + 1)); fi
  if [ -f $base.rc ] || [ $missed -ge 5 ]; then finished=yes; fi
  size=$(wc -c < $base.log 2>/dev/null || echo 0)
  if [ "$size" -gt "$shown" ]; then tail -c +$((shown + 1)) $base.log; shown=$size; fi
  if [ $finished = yes ]; then break; fi
  sleep 0.2 2>/dev/null || sleep 1
done
if [ ! -f $base.rc ]; then echo "the installation was interrupted (killed, or the host was restarted)" >&2; exit 98; fi
exit "$(cat $base.rc)"`,
};

export interface InstallInputs {
  readonly scriptUrl: string;
  readonly role: NodeRole;
  /** Environment of the install script, references resolved. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs the install script of K3s; never starts K3s when `env` says so (see `installEnvironment`). A plan has refused what
 * {@link unsendableVariable} finds wrong with `env`; what gets here all the same is a bug, and throws.
 */
export function installK3s(inputs: InstallInputs, secrets: readonly string[] = []): RemoteCommand<void> {
  const environment = environmentLines(inputs.env);
  return {
    script: INSTALL_SCRIPT,
    args: [
      inputs.scriptUrl,
      inputs.env['INSTALL_K3S_EXEC'] === undefined ? inputs.role : '',
      String(utf8Length(environment)),
    ],
    stdin: environment,
    sudo: true,
    timeoutMs: 15 * 60_000,
    secrets,
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(
            failed('install-failed', 'The K3s install script failed', output, [
              'Read the installer output in the log; run again when the cause is removed.',
            ]),
          ),
  };
}

function environmentLines(env: InstallInputs['env']): string {
  return Object.entries(env)
    .map(([name, value]) => {
      const reason = unsendableVariable(name, value);
      if (reason !== undefined) throw new Error(`${JSON.stringify(name)} ${reason}`);
      return `${name}=${value}\n`;
    })
    .join('');
}
