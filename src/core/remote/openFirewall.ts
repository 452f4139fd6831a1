import { problem } from '../base/problem';
import { err, ok } from '../base/result';
import type { AllowedTraffic } from '../k3s/traffic';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** The tools of firewalls that are told to let traffic in. */
export type FirewallTool = 'firewalld' | 'ufw';

const NOT_ACTIVE = 4;

/**
 * $1: ufw or firewalld; standard input: `<tcp|udp|any> <first port> <last port> <address or network>` a line, `-` for none.
 * Adds what is lacking, for good and for now, and never has the firewall read anew: a reload of firewalld throws the rules of
 * kube-proxy away. For good comes first: what is missing now is seen by the next look. Every zone that has an interface gets
 * the rule, but those that let everything in. What was added is written down; prints how many rules that were.
 * https://github.com/k3s-io/k3s/issues/7542
 */
export const OPEN_FIREWALL_SCRIPT: RemoteScript = {
  id: 'open-firewall',
  text: `export LC_ALL=C
${ROOT_PATH}
umask 077
# The rules are for nobody but the loop.
exec 3<&0 < /dev/null
tool=$1
record=/var/lib/k3s-ha/firewall
mkdir -p "\${record%/*}" || exit 1
added=0
remember() {
  { cat $record 2>/dev/null; echo "$*"; } | sort -u > $record.new && mv -f $record.new $record || exit 1
  added=$((added + 1))
}
allow_ufw() {
  said=$(ufw allow "$@" 2>&1) || { echo "$said" >&2; exit 1; }
  case $said in *'Rule added'*) remember ufw allow "$@" ;; esac
}
# $1: zone, $2: what, $3: which one
allow_firewalld() {
  for when in --permanent ''; do
    if firewall-cmd --quiet $when --zone="$1" "--query-$2=$3" 2>/dev/null; then continue; fi
    said=$(firewall-cmd --quiet $when --zone="$1" "--add-$2=$3" 2>&1) || { echo "$said" >&2; exit 1; }
    remember firewalld $when --zone="$1" "--add-$2=$3"
  done
}
if [ "$tool" = ufw ]; then
  ufw status | grep -q '^Status: active' || exit ${NOT_ACTIVE}
else
  firewall-cmd --quiet --state || exit ${NOT_ACTIVE}
  zones=$(firewall-cmd --get-active-zones | awk '/^[^ ]/ { zone = $1 } /^ +interfaces: *[^ ]/ { print zone }' | grep -vxE 'trusted|docker')
  if [ -z "$zones" ]; then zones=$(firewall-cmd --get-default-zone) || exit 1; fi
fi
while read -r protocol first last from <&3; do
  if [ "$tool" = ufw ]; then
    if [ "$first" = - ]; then allow_ufw from "$from"; continue; fi
    ports=$first
    if [ "$first" != "$last" ]; then ports=$first:$last; fi
    if [ "$from" = - ]; then allow_ufw "$ports/$protocol"; else allow_ufw proto "$protocol" from "$from" to any port "$ports"; fi
    continue
  fi
  if [ "$first" = - ]; then allow_firewalld trusted source "$from"; continue; fi
  ports=$first
  if [ "$first" != "$last" ]; then ports=$first-$last; fi
  case $from in *:*) family=ipv6 ;; *) family=ipv4 ;; esac
  for zone in $zones; do
    if [ "$from" = - ]; then allow_firewalld "$zone" port "$ports/$protocol"
    else allow_firewalld "$zone" rich-rule "rule family=\\"$family\\" source address=\\"$from\\" port port=\\"$ports\\" protocol=\\"$protocol\\" accept"
    fi
  done
done
echo "added=$added"`,
};

/** Has the firewall of a host let traffic in; gives how many rules it lacked. */
export function openFirewall(tool: FirewallTool, traffic: readonly AllowedTraffic[]): RemoteCommand<number> {
  return {
    script: OPEN_FIREWALL_SCRIPT,
    args: [tool],
    stdin: traffic.map((one) => `${lineOf(one)}\n`).join(''),
    sudo: true,
    timeoutMs: 180_000,
    secrets: [],
    parse: (output) => {
      const added = /^added=(\d+)$/m.exec(output.stdout)?.[1];
      if (output.exitCode === 0 && added !== undefined) return ok(Number(added));
      return err(
        output.exitCode === NOT_ACTIVE
          ? problem('firewall-not-active', `${tool} is not active on this host any more`, {
              nextSteps: ['Run again: the new plan goes by the firewall that is there now. Nothing was changed.'],
            })
          : failed('firewall-not-opened', `${tool} did not take a rule that this cluster needs`, output, [
              'Look at the rules of the firewall on the host. Those that it took before stay; run again for the others.',
            ]),
      );
    },
  };
}

function lineOf({ protocol, ports, from }: AllowedTraffic): string {
  return [protocol, ...(ports ?? ['-', '-']), from ?? '-'].join(' ');
}
