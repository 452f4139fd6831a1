import { problem, type Problem } from '../base/problem';
import { err, ok } from '../base/result';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

const OWN = 3;
const STAYS = 4;

/**
 * $1: fixed address, $2: bits of its prefix, $3: seconds. Ends the kube-vip that carries this address here, takes the address
 * off every interface and proves it gone; prints `released` or `absent`. The process is found by its environment: without
 * K3s no containerd answers for its container, and another kube-vip is left alone. An address with the prefix of a network is
 * the machine's own.
 */
export const RELEASE_ADDRESS_SCRIPT: RemoteScript = {
  id: 'release-address',
  text: `export LC_ALL=C
${ROOT_PATH}
on_interfaces() { ip -o addr show to "$address" | awk '{ split($4, own, "/"); print $2, own[2] }'; }
carriers() {
  for process in /proc/[0-9]*; do
    [ "$(cat "$process/comm" 2>/dev/null)" = kube-vip ] || continue
    if tr '\\0' '\\n' < "$process/environ" 2>/dev/null | grep -qxF "address=$address"; then echo "\${process##*/}"; fi
  done
}
address=$1
running=$(carriers)
here=$(on_interfaces)
if [ -z "$here" ] && [ -z "$running" ]; then echo absent; exit 0; fi
if echo "$here" | awk -v bits="$2" 'NF > 1 && $2 != bits { found = 1 } END { exit !found }'; then echo "$here" >&2; exit ${OWN}; fi
for process in $running; do kill "$process"; done
deadline=$(($(date +%s) + $3))
# It takes the address away itself when it ends well.
while [ -n "$(carriers)" ] && [ "$(date +%s)" -lt "$deadline" ]; do sleep 0.3 2>/dev/null || sleep 1; done
for process in $(carriers); do kill -9 "$process"; done
on_interfaces | while read -r interface bits; do ip addr del "$address/$2" dev "$interface" || exit 1; done || exit 1
here=$(on_interfaces)
if [ -n "$here" ]; then echo "$here" >&2; exit ${STAYS}; fi
echo released`,
};

/** kube-vip gives its lease back and ends within this time. */
const END_SECONDS = 10;

/** Has a fixed address leave every interface of this host, with the kube-vip that carries it; says whether it was here. */
export function releaseAddress(address: string): RemoteCommand<'released' | 'absent'> {
  return {
    script: RELEASE_ADDRESS_SCRIPT,
    args: [address, address.includes(':') ? '128' : '32', String(END_SECONDS)],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(output.stdout.trim() === 'released' ? 'released' : 'absent')
        : err(releaseProblem(address, output)),
  };
}

function releaseProblem(address: string, output: RemoteOutput): Problem {
  const where = output.stderr.trim().split(/\s+/)[0] ?? '';
  switch (output.exitCode) {
    case OWN:
      return problem('address-is-own', `${address} is an own address of this host, so it stays`, {
        why: `${where} has it with the prefix of a network; the fixed address of a cluster stands alone.`,
        nextSteps: ['Write another free address under loadBalancer.address, or take it off the host by hand.'],
      });
    case STAYS:
      return problem('address-stays', `${address} does not leave this host`, {
        why: `It was taken off, and is on ${where} again.`,
        nextSteps: [`See "ip -o addr show to ${address}" on the host, and end the program that puts it there.`],
      });
    default:
      return failed('address-not-released', `${address} could not be taken off this host`, output);
  }
}
