import { err, ok } from '../base/result';
import { BALANCER_CONFIGS, DOWN_FILE, HEADER, PACKAGES_RECORD, type BalancerUnit } from '../loadBalancer/paths';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

/**
 * $1…: units. Stops those whose configuration is ours, takes it away, and uninstalls the packages that are written down as
 * ours; anything else stays. An address that keepalived leaves behind goes, too, and has to be gone in the end.
 */
export const REMOVE_BALANCER_SCRIPT: RemoteScript = {
  id: 'remove-balancer',
  text: `export LC_ALL=C DEBIAN_FRONTEND=noninteractive
${ROOT_PATH}
${SERVICES}
trap '' HUP PIPE
ours() { grep -qxF "$1" ${PACKAGES_RECORD} 2>/dev/null; }
gone=
remove() {
  unit=$1 path=$2
  shift 2
  head -n 1 "$path" 2>/dev/null | grep -qxF '${HEADER}' || return 0
  address=
  if [ "$unit" = keepalived ]; then address=$(awk '/virtual_ipaddress/ { getline; print $1 }' "$path"); fi
  systemctl disable --quiet --now "$unit" || return 1
  if [ -n "$address" ]; then
    ip -o addr show | awk -v wanted="$address" '$4 == wanted { print $2 }' | while read -r interface; do ip addr del "$address" dev "$interface"; done
    if ip -o addr show | awk '{ print $4 }' | grep -qxF "$address"; then echo "$address is still on an interface" >&2; return 1; fi
  fi
  rm -f "$path" "/etc/systemd/system/$unit.service.d/k3s-ha.conf"
  rmdir "/etc/systemd/system/$unit.service.d" 2>/dev/null
  for package; do if ours "$package"; then gone="$gone $package"; fi; done
}
for unit; do
  case $unit in
    haproxy) remove haproxy ${BALANCER_CONFIGS.haproxy} haproxy socat || exit 1 ;;
    nginx) remove nginx ${BALANCER_CONFIGS.nginx} libnginx-mod-stream nginx-mod-stream nginx || exit 1 ;;
    keepalived) remove keepalived ${BALANCER_CONFIGS.keepalived} keepalived || exit 1 ;;
  esac
done
systemctl daemon-reload
if [ -n "$gone" ]; then
  for manager in apt-get dnf zypper apk; do if command -v "$manager" >/dev/null 2>&1; then break; fi; done
  case $manager in
    apt-get) set -- -o DPkg::Lock::Timeout=300 remove -y ;;
    dnf) set -- remove -y ;;
    zypper) set -- --non-interactive remove ;;
    apk) set -- del ;;
  esac
  # shellcheck disable=SC2086
  if ! "$manager" "$@" $gone > /var/lib/k3s-ha/packages.log 2>&1 < /dev/null; then tail -n 1 /var/lib/k3s-ha/packages.log >&2; exit 1; fi
  for package in $gone; do grep -vxF "$package" ${PACKAGES_RECORD} > ${PACKAGES_RECORD}.new; mv -f ${PACKAGES_RECORD}.new ${PACKAGES_RECORD}; done
fi
if [ ! -s ${PACKAGES_RECORD} ]; then rm -f ${PACKAGES_RECORD} ${DOWN_FILE}; fi
exit 0`,
};

/** Takes away what K3s HA has made of the load balancer on a host. */
export function removeBalancerUnits(units: readonly BalancerUnit[]): RemoteCommand<void> {
  return {
    script: REMOVE_BALANCER_SCRIPT,
    args: units,
    sudo: true,
    timeoutMs: 10 * 60_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(
            failed('balancer-not-removed', 'The load balancer could not be taken away', output, [
              'Run again when the cause is removed; what is gone already stays gone.',
            ]),
          ),
  };
}
