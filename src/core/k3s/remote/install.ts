import { err, ok } from '../../base/result';
import type { NodeRole } from '../../spec/cluster';
import type { RemoteCommand, RemoteScript } from '../remoteCommand';
import { failed } from './failure';

/**
 * $1: URL of the install script, $2: server, agent, or empty when INSTALL_K3S_EXEC says it; standard input: `NAME=value` lines of its environment.
 * The work runs detached and logs to a file, so a lost connection does not stop it half way; a second call finds it
 * running and waits for the same result. Prints the installer's log and ends with its exit status.
 */
export const INSTALL_SCRIPT: RemoteScript = {
  id: 'install-k3s',
  text: `export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin
umask 077
base=/var/lib/k3s-ha/install
mkdir -p /var/lib/k3s-ha || exit 1
running() { pid=$(cat $base.pid 2>/dev/null) && grep -q k3s-ha-install "/proc/$pid/cmdline" 2>/dev/null; }
if running; then
  echo "An installation is already running on this host; waiting for it."
else
  rm -f $base.rc $base.log
  cat > $base.env || exit 1
  setsid sh -c 'base=$1
while IFS= read -r line; do export "$line"; done < $base.env
rm -f $base.env
umask 022
if command -v curl >/dev/null 2>&1; then curl -sSfL --connect-timeout 15 --retry 2 -o $base.sh "$2"
else wget -q -T 15 -O $base.sh "$2"
fi
rc=$?
if [ $rc -eq 0 ]; then sh $base.sh \${3:+"$3"}; rc=$?
else echo "[ERROR]  The install script could not be downloaded from $2"
fi
echo $rc > $base.rc.new
mv $base.rc.new $base.rc' k3s-ha-install $base "$1" "$2" </dev/null >$base.log 2>&1 &
  echo $! > $base.pid
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

/** Runs the install script of K3s; never starts K3s when `env` says so (see `installEnvironment`). */
export function installK3s(inputs: InstallInputs, secrets: readonly string[] = []): RemoteCommand<void> {
  const lines = Object.entries(inputs.env).map(([name, value]) => `${name}=${value}\n`);
  return {
    script: INSTALL_SCRIPT,
    args: [inputs.scriptUrl, inputs.env['INSTALL_K3S_EXEC'] === undefined ? inputs.role : ''],
    stdin: lines.join(''),
    sudo: true,
    timeoutMs: 15 * 60_000,
    secrets,
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('install-failed', 'The K3s install script failed', output, ['Read the installer output in the log; run again when the cause is removed.'])),
  };
}
