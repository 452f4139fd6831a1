import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import type { AddressSight, DoorSight, Reach, TrySight } from '../loadBalancer/addressSight';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/** Exit status of a script that found no curl. */
const NO_CURL = 3;
/** More addresses behind a name are not asked. */
const MOST_DOORS = 16;
/** No further connection is tried after so many seconds. */
const PATIENCE_S = 20;

/**
 * $1: fixed address, $2: its port, $3: name that the certificate has to list, $4: K3s data-dir or nothing, $5: port of the
 * server on this host or nothing, $6: connections to try. Changes nothing. Whoever answers is asked for K3s's authority without
 * trust; anything else is said only to a certificate of the authority that this host has itself. It shows its client
 * certificate then, because only somebody whom the API knows is told which server that is (GET /api, serverAddress).
 */
export const ADDRESS_SIGHT_SCRIPT: RemoteScript = {
  id: 'address-sight',
  text: String.raw`export LC_ALL=C
${ROOT_PATH}
command -v curl >/dev/null 2>&1 || exit ${NO_CURL}
port=$2 dir=$4 own=$5 tries=$6
# Before there is a cluster, silence is what is to be expected.
patience=1
[ -z "$dir" ] || patience=3
url() { case $1 in *:*) printf '[%s]' "$1" ;; *) printf %s "$1" ;; esac; }
shown=$(url "$3")
ca= cert= key=
if [ -s "$dir/server/tls/server-ca.crt" ]; then
  ca=$dir/server/tls/server-ca.crt cert=$dir/server/tls/client-admin.crt key=$dir/server/tls/client-admin.key
elif [ -s "$dir/agent/server-ca.crt" ]; then
  ca=$dir/agent/server-ca.crt cert=$dir/agent/client-kubelet.crt key=$dir/agent/client-kubelet.key
fi
[ -s "$cert" ] && [ -s "$key" ] || cert=
ask() { curl -q -sS --noproxy '*' --connect-timeout 2 -m 4 -w '\n<<< %{http_code}\n' "$@" 2>&1; }
# Behind one address there may be one that does not answer: what counts first is whether anybody does.
steady() {
  turn=1
  while :; do
    out=$(ask "$@"); code=$?
    case $code in 7 | 28 | 35 | 52 | 56) ;; *) return ;; esac
    [ $turn -lt "$patience" ] || return
    turn=$((turn + 1))
  done
}
known() { if [ -n "$cert" ]; then ask --cacert "$ca" --cert "$cert" --key "$key" "$@"; else ask --cacert "$ca" "$@"; fi; }
status() { printf '%s\n' "$out" | sed -n 's/^<<< \([0-9]*\)$/\1/p' | tail -n 1; }
says() { printf '%s\n' "$out" | sed -n -e 's/^\* *connect to .* failed: /&/p' -e 's/^curl: //p' | sed 's/^\* *//' | head -n 1; }
server() { printf '%s\n' "$out" | tr -d '\n' | sed -n 's/.*"serverAddress": *"\([^"]*\)".*/\1/p'; }
case $1 in
  *:*) doors=$1 ;;
  *[!0-9.]*)
    command -v getent >/dev/null 2>&1 || { echo end; exit 0; }
    doors=$(getent ahosts "$1" 2>/dev/null | awk '{print $1}' | sort -u)
    [ -n "$doors" ] || doors=$(getent hosts "$1" 2>/dev/null | awk '{print $1}' | sort -u) ;;
  *) doors=$1 ;;
esac
echo "addresses $(echo $doors)"
if [ -n "$own" ] && [ -n "$cert" ]; then
  out=$(known "https://127.0.0.1:$own/api")
  echo "self $(server)"
fi
deadline=$(($(date +%s) + ${PATIENCE_S}))
for door in $(printf '%s\n' $doors | head -n ${MOST_DOORS}); do
  at=$(url "$door")
  echo "door $door"
  set -- "https://$shown:$port"
  [ "$shown" = "$at" ] || set -- --resolve "$shown:$port:$at" "$@"
  steady -k -v -o /dev/null "$@/cacerts"
  printf '%s\n' "$out" | sed -n -e 's/^\* *subject: /subject /p' -e 's/^\* *issuer: /issuer /p'
  echo "first $code $(says)"
  [ $code = 0 ] || continue
  if [ "$(status)" = 200 ]; then
    turn=0
    while [ $turn -lt "$patience" ]; do
      turn=$((turn + 1))
      # The point keeps the last line end, and stands only behind a whole answer.
      body=$(curl -q -f -sS -k --noproxy '*' --connect-timeout 2 -m 4 "$@/cacerts" 2>/dev/null && printf .)
      case $body in *.) ;; *) continue ;; esac
      echo "authority $(printf %s "${'$'}{body%.}" | sha256sum | cut -d' ' -f1)"
      break
    done
  fi
  [ -n "$ca" ] || continue
  steady --cacert "$ca" "$@/ping"
  echo "named $code $(says)"
  if [ $code != 0 ]; then
    # Every certificate of K3s has this name.
    set -- --resolve "kubernetes:$port:$at" "https://kubernetes:$port"
    steady --cacert "$ca" "$@/ping"
    echo "trusted $code $(says)"
  fi
  [ $code = 0 ] || continue
  turn=0
  while [ $turn -lt "$tries" ] && [ "$(date +%s)" -lt $deadline ]; do
    turn=$((turn + 1))
    out=$(known "$@/api"); code=$?
    where=$(server)
    case $out in *'apiserver disabled'*) where=none ;; esac
    [ -n "$where" ] || where=unknown
    echo "try $code $where $(says)"
  done
done
echo end`,
};

/** What the fixed address is to a machine. */
export interface AddressQuestion {
  readonly address: string;
  readonly port: number;
  /** Name that the certificate has to list, when it is not the address itself. */
  readonly tlsServerName?: string;
  /** K3s's data-dir, on a node. */
  readonly dataDir?: string;
  /** Port of the API server on this machine. */
  readonly ownPort?: number;
  /** Connections that are opened to see where they end. */
  readonly tries: number;
}

/** What a host sees at the fixed address. */
export function lookAtAddress(asked: AddressQuestion): RemoteCommand<AddressSight> {
  const { address, port, tlsServerName = address, dataDir = '', ownPort, tries } = asked;
  return {
    script: ADDRESS_SIGHT_SCRIPT,
    args: [address, String(port), tlsServerName, dataDir, ownPort === undefined ? '' : String(ownPort), String(tries)],
    sudo: true,
    timeoutMs: (PATIENCE_S + 15 * MOST_DOORS) * 1000,
    secrets: [],
    parse: parseSight,
  };
}

function parseSight(output: RemoteOutput): Result<AddressSight, Problem> {
  if (output.exitCode === NO_CURL) {
    return err(
      problem('curl-missing', 'The fixed address cannot be looked at from here: this host has no curl', {
        nextSteps: ['Install curl on the host, then try again.'],
      }),
    );
  }
  const lines = output.stdout.split('\n').map((line) => line.trim());
  if (output.exitCode !== 0 || !lines.includes('end'))
    return err(failed('address-not-looked-at', 'The fixed address could not be looked at from here', output));
  const sight: { addresses?: readonly string[]; self?: string } = {};
  const doors: Writable<DoorSight>[] = [];
  for (const line of lines) {
    const [word = '', ...rest] = line.split(' ');
    const text = rest.join(' ');
    const door = doors.at(-1);
    if (word === 'addresses') sight.addresses = rest.filter((address) => address !== '');
    else if (word === 'self' && text !== '') sight.self = text;
    else if (word === 'door') doors.push({ address: text, reach: 'silent', tries: [] });
    else if (door !== undefined) readDoorLine(door, word, rest);
  }
  return ok({ ...sight, doors });
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function readDoorLine(door: Writable<DoorSight>, word: string, rest: readonly string[]): void {
  const text = rest.join(' ');
  switch (word) {
    case 'first':
      Object.assign(door, reachOf(rest));
      return;
    case 'subject':
    case 'issuer':
      door[word] = text;
      return;
    case 'authority':
      door.authority = text;
      return;
    case 'named':
      door.named = rest[0] === '0';
      if (door.named) door.trusted = true;
      return;
    case 'trusted': {
      const { reach } = reachOf(rest);
      // A connection that failed for another reason tells nothing of the certificate.
      if (reach === 'answered') door.trusted = true;
      else delete door.named;
      if (reach === 'untrusted') door.trusted = false;
      return;
    }
    case 'try':
      door.tries = [...door.tries, readTry(rest)];
  }
}

function readTry([code = '', where = '', ...says]: readonly string[]): TrySight {
  const known = where === 'none' || where === 'unknown' ? undefined : where;
  return {
    ...reachOf([code, ...says]),
    ...(known === undefined ? {} : { server: known }),
    withoutApi: where === 'none',
  };
}

/** What an exit status of curl means. https://everything.curl.dev/cmdline/exitcode.html */
function reachOf([code = '', ...words]: readonly string[]): { readonly reach: Reach; readonly says?: string } {
  const says = words.join(' ').trim();
  const reach = (): Reach => {
    switch (Number(code)) {
      case 0:
        return 'answered';
      case 7:
        return /no route|unreachable/i.test(says) ? 'no-route' : /timed? ?out/i.test(says) ? 'silent' : 'refused';
      case 28:
        return 'silent';
      case 35:
        return /wrong version|unsupported protocol|packet length|unexpected message|http request/i.test(says)
          ? 'not-tls'
          : 'closed';
      case 1:
      case 8:
        return 'not-tls';
      case 51:
      case 60:
        return 'untrusted';
      default:
        return 'closed';
    }
  };
  return { reach: reach(), ...(says === '' ? {} : { says: says.replace(/^\(\d+\) /, '') }) };
}
