import { problem, type Problem } from '../base/problem';
import { err, ok } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

const STAYS = 4;
const SILENT = 5;

/**
 * $1: fixed address, $2: the same for a URL, $3: its port, $4: seconds. Ends kube-vip as long as this host has the address;
 * done when the API answers there while the address is not here. The kubelet starts kube-vip again, the second time after
 * 10 s: by then another server has the lease. Stopping K3s does not end it, because containers outlive the unit.
 * https://github.com/kube-vip/kube-vip/issues/1786
 */
export const MOVE_ADDRESS_SCRIPT: RemoteScript = {
  id: 'move-address',
  text: `${HOST_K3S}
export LC_ALL=C
interface() { ip -o addr show to "$1" | awk '{ print $2; exit }'; }
if [ -z "$(interface "$1")" ]; then echo elsewhere; exit 0; fi
deadline=$(($(date +%s) + $4))
while :; do
  if [ -n "$(interface "$1")" ]; then
    code=${STAYS}
    # While kube-vip runs the address stays where it is: taken off, it would be nowhere.
    ids=$(k3s crictl ps -q --state Running --name '^kube-vip$') || exit 1
    for id in $ids; do k3s crictl stop --timeout 5 "$id" >/dev/null || exit 1; done
    # One that had to be killed takes nothing away with it.
    here=$(interface "$1")
    if [ -n "$here" ]; then
      case $1 in *:*) ip addr del "$1/128" dev "$here" ;; *) ip addr del "$1/32" dev "$here" ;; esac
    fi
  else
    code=${SILENT}
    # Every certificate of the API has this name.
    answer=$(k3s kubectl --server "https://$2:$3" --tls-server-name kubernetes get --raw /readyz --request-timeout=2s 2>&1)
    if [ "$answer" = ok ] && [ -z "$(interface "$1")" ]; then echo moved; exit 0; fi
  fi
  if [ "$(date +%s)" -ge "$deadline" ]; then break; fi
  sleep 0.3 2>/dev/null || sleep 1
done
echo "$answer" >&2
exit $code`,
};

/** The lease ends after 5 s; what answers then needs a moment to be heard of in the network. */
const MOVE_SECONDS = 30;

/** Has the fixed address leave this host; says whether it was here. */
export function moveAddressAway(address: string, port: number): RemoteCommand<'moved' | 'elsewhere'> {
  return {
    script: MOVE_ADDRESS_SCRIPT,
    args: [address, address.includes(':') ? `[${address}]` : address, String(port), String(MOVE_SECONDS)],
    sudo: true,
    timeoutMs: (MOVE_SECONDS + 30) * 1000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(output.stdout.trim() === 'moved' ? 'moved' : 'elsewhere')
        : err(moveProblem(address, output)),
  };
}

function moveProblem(address: string, output: RemoteOutput): Problem {
  switch (output.exitCode) {
    case STAYS:
      return problem('address-stays', `${address} does not leave this server`, {
        why: 'kube-vip was ended here, and the address came back to this server each time.',
        nextSteps: ['See "kubectl -n kube-system get pods -o wide": kube-vip has to run on another server, too.'],
      });
    case SILENT:
      return failed('address-silent', `${address} has left this server, and no other one answers there`, output, [
        'See "kubectl -n kube-system logs ds/kube-vip-ds" for why no other server takes the address. Nothing was stopped but kube-vip, which starts again by itself.',
      ]);
    default:
      return failed('address-not-moved', `${address} could not be moved to another server`, output);
  }
}
