import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { DRILL_PATH, DRILLED_PATH } from '../k3s/paths';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

const NO_TOOL = 3;
const NO_INTERFACE = 4;

/** $1: way, $2: unit or interface. Brings back what a drill has taken away, whatever of it is away. */
const BACK = `${ROOT_PATH}
if [ "$1" = link ]; then
  nft delete table inet k3s_ha_drill 2>/dev/null
  for tool in iptables ip6tables; do
    while $tool -w -t raw -D PREROUTING -i "$2" -j DROP 2>/dev/null; do :; done
    while $tool -w -t mangle -D POSTROUTING -o "$2" -j DROP 2>/dev/null; do :; done
  done
elif [ -d /run/systemd/system ]; then systemctl start --no-block "$2"
else rc-service "$2" start
fi`;

/** $1: mark of the drill, $2: interface. Nothing passes there until {@link BACK}; not when that has been already. */
const CUT = `${ROOT_PATH}
[ -f "$1" ] || exit 0
if command -v nft >/dev/null 2>&1; then
  nft add table inet k3s_ha_drill &&
  nft "add chain inet k3s_ha_drill in { type filter hook prerouting priority -500; }" &&
  nft add rule inet k3s_ha_drill in iifname "$2" drop &&
  nft "add chain inet k3s_ha_drill out { type filter hook postrouting priority 500; }" &&
  nft add rule inet k3s_ha_drill out oifname "$2" drop && exit 0
  nft delete table inet k3s_ha_drill 2>/dev/null
fi
for tool in iptables ip6tables; do
  $tool -w -t raw -I PREROUTING -i "$2" -j DROP
  $tool -w -t mangle -I POSTROUTING -o "$2" -j DROP
done`;

/**
 * $1: way (k3s, balancer, link), $2: unit, or the address whose network is cut, $3: seconds after which this machine brings it back by
 * itself, $4: name of the part. The way back stands before anything is taken away: a timer of systemd, or a process of
 * its own where there is none, which nobody has to be connected for. A cut begins a second later, so that this answer still passes.
 */
export const TAKE_AWAY_SCRIPT: RemoteScript = {
  id: 'take-away',
  text: `${ROOT_PATH}
${SERVICES}
back='${BACK}'
cut='${CUT}'
subject=$2
if [ "$1" = link ]; then
  subject=$(ip -o addr show 2>/dev/null | awk -v address="$2" '{ split($4, own, "/"); if (own[1] == address) { print $2; exit } }')
  if [ -z "$subject" ]; then echo "no interface has $2" >&2; exit ${NO_INTERFACE}; fi
  command -v nft >/dev/null 2>&1 || command -v iptables >/dev/null 2>&1 || exit ${NO_TOOL}
fi
later() {
  name=$1; after=$2; text=$3; shift 3
  if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
    systemctl stop "$name.timer" 2>/dev/null
    systemctl reset-failed "$name.service" 2>/dev/null
    systemd-run --quiet --collect --unit="$name" --on-active="$after" --timer-property=AccuracySec=100ms /bin/sh -c "$text" sh "$@"
  else
    setsid sh -c 'sleep "$1"; text=$2; shift 2; exec sh -c "$text" sh "$@"' sh "$after" "$text" "$@" >/dev/null 2>&1 </dev/null &
  fi
}
mkdir -p "$(dirname ${DRILL_PATH})" && printf '%s\\n' "$4" "$1" "$subject" > ${DRILL_PATH} || exit 1
later k3s-ha-drill-back "$3" "$back" "$1" "$subject" || { rm -f ${DRILL_PATH}; exit 1; }
case $1 in
  link) later k3s-ha-drill-cut 1 "$cut" ${DRILL_PATH} "$subject" || exit 1 ;;
  *)
    systemctl stop "$subject" >&2 || exit 1 ;;
esac
echo taken`,
};

/**
 * $1: way, $2: unit, $3: name of the part, $4: id of the drill. Brings it back, takes the mark and the timers away, and writes down that this part of
 * this drill is over. What was taken away says the mark; a link without one is none.
 */
export const BRING_BACK_SCRIPT: RemoteScript = {
  id: 'bring-back',
  text: `${ROOT_PATH}
${SERVICES}
back='${BACK}'
way=$1
subject=$2
if [ -f ${DRILL_PATH} ]; then way=$(sed -n 2p ${DRILL_PATH}); subject=$(sed -n 3p ${DRILL_PATH}); fi
rm -f ${DRILL_PATH}
systemctl stop k3s-ha-drill-cut.timer k3s-ha-drill-back.timer 2>/dev/null
if [ "$way" != reboot ]; then sh -c "$back" sh "$way" "$subject" >&2 || exit 1; fi
mkdir -p "$(dirname ${DRILLED_PATH})"
if [ "$(head -n 1 ${DRILLED_PATH} 2>/dev/null)" != "$4" ]; then printf '%s\\n' "$4" > ${DRILLED_PATH}; fi
printf '%s\\n' "$3" >> ${DRILLED_PATH}
if [ "$way" = balancer ]; then
  for turn in 1 2 3 4 5 6 7 8 9 10; do
    if [ -d /run/systemd/system ]; then systemctl is-active --quiet "$subject" && break
    else rc-service "$subject" status >/dev/null 2>&1 && break
    fi
    if [ "$turn" = 10 ]; then echo "$subject does not run again" >&2; exit 1; fi
    sleep 1
  done
fi
echo back`,
};

/** What is taken away on a host. */
export interface Takeable {
  readonly way: 'k3s' | 'balancer' | 'link';
  /** The unit that stops, or the address whose network is cut. */
  readonly subject: string;
  readonly part: string;
  /** After so long the host brings it back by itself. */
  readonly seconds: number;
}

/** Takes something away for a while. */
export function takeAway({ way, subject, part, seconds }: Takeable): RemoteCommand<void> {
  return {
    script: TAKE_AWAY_SCRIPT,
    args: [way, subject, String(seconds), part],
    sudo: true,
    timeoutMs: 150_000,
    secrets: [],
    parse: (output) => (said(output, 'taken') ? ok(undefined) : err(notTaken(output, subject))),
  };
}

function notTaken(output: RemoteOutput, subject: string): Problem {
  switch (output.exitCode) {
    case NO_TOOL:
      return problem(
        'drill-no-firewall',
        'The network of this machine cannot be cut: it has neither nft nor iptables',
        {
          nextSteps: ['Leave "link:" of this machine out of the drill, or install nftables there.'],
        },
      );
    case NO_INTERFACE:
      return problem('drill-no-interface', `No interface of this machine has the address ${subject}`, {
        why: 'A cut needs the interface whose network goes; behind NAT the machine has another address than the file names.',
        nextSteps: ['Leave "link:" of this machine out of the drill.'],
      });
    default:
      return failed('drill-not-taken', 'It could not be taken away', output, [
        'What was begun is brought back, by the drill or by the machine itself. Run the drill again when the cause is removed.',
      ]);
  }
}

/** Brings back what a drill has taken away. */
export function bringBack(way: string, subject: string, part: string, drill: string): RemoteCommand<void> {
  return {
    script: BRING_BACK_SCRIPT,
    args: [way, subject, part, drill],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output): Result<void, Problem> =>
      said(output, 'back')
        ? ok(undefined)
        : err(
            failed('drill-not-back', 'What the drill has taken away does not come back', output, [
              'Start it by hand; then run the same command again, which takes the mark of the drill away.',
            ]),
          ),
  };
}

function said({ exitCode, stdout }: RemoteOutput, word: string): boolean {
  return exitCode === 0 && stdout.trim() === word;
}
