import { err, ok } from '../base/result';
import { PACKAGES_RECORD } from '../loadBalancer/paths';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

const LOG = '/var/lib/k3s-ha/packages.log';

/**
 * $1: package manager, $2…: packages that the host lacks. Installs them without starting anything and writes down that they
 * are ours. What is printed goes into a file, so that a connection that breaks ends nothing in the middle: whoever comes
 * next waits for the lock of the package manager.
 */
export const INSTALL_PACKAGES_SCRIPT: RemoteScript = {
  id: 'install-packages',
  text: `export LC_ALL=C DEBIAN_FRONTEND=noninteractive
${ROOT_PATH}
trap '' HUP PIPE
umask 022
mkdir -p /var/lib/k3s-ha || exit 1
manager=$1
shift
{ cat ${PACKAGES_RECORD} 2>/dev/null; printf '%s\\n' "$@"; } | sort -u > ${PACKAGES_RECORD}.new && mv -f ${PACKAGES_RECORD}.new ${PACKAGES_RECORD} || exit 1
add() {
  case "$manager" in
    apt-get)
      # Debian starts what it installs, with a configuration that nobody wants.
      if [ ! -e /usr/sbin/policy-rc.d ]; then
        printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d || return 1
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
      fi
      apt-get -o DPkg::Lock::Timeout=300 update
      apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold install -y --no-install-recommends "$@"
      ;;
    dnf) dnf install -y --setopt=install_weak_deps=False "$@" ;;
    zypper) zypper --non-interactive install --no-recommends "$@" ;;
    apk) apk add "$@" ;;
    *) echo "$manager is no package manager that is known here"; return 1 ;;
  esac
}
if ! add "$@" > ${LOG} 2>&1 < /dev/null; then
  why=$(grep -E '^(E:|Error|ERROR|Problem)' ${LOG} | tail -n 1)
  printf '%s\\n' "\${why:-$(tail -n 1 ${LOG})}" >&2
  exit 1
fi
# SELinux lets HAProxy use the ports of web servers only.
if [ "$(getenforce 2>/dev/null)" = Enforcing ]; then setsebool -P haproxy_connect_any 1 2>/dev/null; fi
exit 0`,
};

/** Installs packages of the distribution. */
export function installPackages(manager: string, packages: readonly string[]): RemoteCommand<void> {
  return {
    script: INSTALL_PACKAGES_SCRIPT,
    args: [manager, ...packages],
    sudo: true,
    timeoutMs: 15 * 60_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(
            failed('packages-failed', `${packages.join(', ')} could not be installed`, output, [
              `See ${LOG} on the host; run again when ${manager} works there.`,
            ]),
          ),
  };
}
