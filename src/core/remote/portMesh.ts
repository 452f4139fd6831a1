import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/** A port as the scripts name it: `tcp:6443`. */
export type MeshPort = `${'tcp' | 'udp'}:${number}`;

/** A door that a machine knocks at. */
export interface Knock {
  readonly port: MeshPort;
  readonly address: string;
}

/** What a machine met there: an answer, a refusal, or nothing within seconds. */
export type Met = 'reached' | 'refused' | 'silent';

/** The first interpreter that a host has, in `$run`; every distribution has one of them in its smallest form, busybox systems none. */
const INTERPRETER = `for run in python3 /usr/libexec/platform-python perl; do command -v "$run" >/dev/null 2>&1 && break; run=none; done
`;

/**
 * $1: seconds; the others: ports. Prints its process, `busy PORT` for ports that another program has, then `ready`, then a dot
 * a second: when nobody reads them any more, it ends. It ends by itself after its seconds in any case, and writes nothing anywhere.
 */
export const PORT_LISTEN_SCRIPT: RemoteScript = {
  id: 'port-listen',
  text: `${INTERPRETER}[ "$run" = none ] || echo "process $$"
case $run in
none) echo none; exit 0 ;;
perl) exec perl -e '
# k3s-ha-listen
use strict; use Socket; use IO::Select;
$| = 1; my $end = time + shift @ARGV; my $all = IO::Select->new; my %udp;
for my $word (@ARGV) {
  my ($protocol, $port) = split /:/, $word; my ($s, $done);
  for my $family (AF_INET6, AF_INET) {
    socket($s, $family, $protocol eq "udp" ? SOCK_DGRAM : SOCK_STREAM, 0) or next;
    setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1) if $protocol eq "tcp";
    my $at = $family == AF_INET6 ? Socket::pack_sockaddr_in6($port, Socket::inet_pton(AF_INET6, "::")) : pack_sockaddr_in($port, INADDR_ANY);
    if (bind($s, $at) && ($protocol eq "udp" || listen($s, 64))) { $done = 1; last }
    last if $!{EADDRINUSE};
  }
  if ($done) { $all->add($s); $udp{fileno $s} = 1 if $protocol eq "udp" } else { print "busy $word\\n" }
}
print "ready\\n"; my $told = time;
while (time < $end) {
  for my $s ($all->can_read(0.5)) {
    if ($udp{fileno $s}) { my $from = recv($s, my $text, 64, 0); send($s, $text, 0, $from) if defined $from } else { accept(my $peer, $s); close $peer if $peer }
  }
  if (time > $told) { print "." or exit; $told = time }
}' -- "$@" ;;
*) exec "$run" -c '
# k3s-ha-listen
import select, socket, sys, time
end = time.time() + float(sys.argv[1])
socks = []
for word in sys.argv[2:]:
    protocol, port = word.split(":")
    for family, host in ((socket.AF_INET6, "::"), (socket.AF_INET, "0.0.0.0")):
        try:
            s = socket.socket(family, socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM)
        except OSError:
            continue
        try:
            if family == socket.AF_INET6:
                s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            if protocol == "tcp":
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((host, int(port)))
            if protocol == "tcp":
                s.listen(64)
            socks.append((s, protocol))
            break
        except OSError as error:
            s.close()
            if error.errno == 98 or family == socket.AF_INET:
                print("busy " + word)
                break
print("ready", flush=True)
told = time.time()
kinds = dict((s.fileno(), kind) for s, kind in socks)
while time.time() < end:
    for s in select.select([s for s, kind in socks], [], [], 0.5)[0]:
        try:
            if kinds[s.fileno()] == "udp":
                text, peer = s.recvfrom(64)
                s.sendto(text, peer)
            else:
                s.accept()[0].close()
        except OSError:
            pass
    if time.time() > told + 1:
        try:
            print(".", end="", flush=True)
        except OSError:
            break
        told = time.time()
' "$@" ;;
esac`,
};

/** $1: process of a listener. Prints `there` if it is one and still there, ends it, and waits until its ports are free. */
export const PORT_FREE_SCRIPT: RemoteScript = {
  id: 'port-free',
  text: `lives() { grep -q k3s-ha-listen "/proc/$1/cmdline" 2>/dev/null; }
if lives "$1"; then echo there; fi
turns=0
while [ $turns -lt 50 ] && lives "$1"; do
  if [ $turns -lt 25 ]; then kill "$1" 2>/dev/null; else kill -9 "$1" 2>/dev/null; fi
  turns=$((turns + 1))
  sleep 0.1 2>/dev/null || sleep 1
done`,
};

/** Standard input: `PORT ADDRESS` a line. Prints `reached`, `refused` or `silent` with the same words, or `none`. */
export const PORT_DIAL_SCRIPT: RemoteScript = {
  id: 'port-dial',
  text: `${INTERPRETER}case $run in
none) echo none; exit 0 ;;
perl) exec perl -e '
use strict; use Socket qw(:all); use IO::Select; use Fcntl; use Errno;
while (1) {
  my @lines; while (@lines < 200 and defined(my $line = <STDIN>)) { push @lines, $line } last unless @lines;
  my (%open, %said); my $end = time + 4;
  for my $line (@lines) {
    my ($word, $address) = split " ", $line; my ($protocol, $port) = split /:/, $word;
    my ($error, $info) = getaddrinfo($address, $port, { socktype => $protocol eq "udp" ? SOCK_DGRAM : SOCK_STREAM });
    if ($error) { print "silent $word $address\\n"; next }
    socket(my $s, $info->{family}, $info->{socktype}, $info->{protocol}); fcntl($s, F_SETFL, O_NONBLOCK);
    my $went = connect($s, $info->{addr});
    if (!$went && !$!{EINPROGRESS}) { print(($!{ECONNREFUSED} ? "refused" : "silent"), " $word $address\\n"); next }
    $open{fileno $s} = [$s, $protocol, "$word $address"];
  }
  while (%open && time < $end) {
    for my $at (values %open) { send($at->[0], "k3s-ha", 0) if $at->[1] eq "udp" }
    my $r = IO::Select->new(map { $_->[0] } grep { $_->[1] eq "udp" } values %open);
    my $w = IO::Select->new(map { $_->[0] } grep { $_->[1] eq "tcp" } values %open);
    my ($read, $write) = IO::Select->select($r, $w, undef, 0.5);
    for my $s (@{$read || []}) { my $at = delete $open{fileno $s}; my $got = recv($s, my $text, 64, 0); print(($text ne "" ? "reached" : "refused"), " $at->[2]\\n") }
    for my $s (@{$write || []}) { my $at = delete $open{fileno $s}; my $fault = unpack "i", getsockopt($s, SOL_SOCKET, SO_ERROR); print(($fault == 0 ? "reached" : $fault == Errno::ECONNREFUSED() ? "refused" : "silent"), " $at->[2]\\n") }
  }
  print "silent $_->[2]\\n" for values %open;
}' ;;
*) exec "$run" -c '
import errno, select, socket, sys, time
asked = [line.split() for line in sys.stdin if line.strip()]
for first in range(0, len(asked), 200):
    left = {}
    for word, address in asked[first:first + 200]:
        protocol, port = word.split(":")
        try:
            info = socket.getaddrinfo(address, int(port), 0, socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM)[0]
            s = socket.socket(info[0], info[1])
            s.setblocking(False)
            s.connect_ex(info[4])
            left[s] = (protocol, word + " " + address)
        except OSError:
            print("silent " + word + " " + address)
    end = time.time() + 4
    while left and time.time() < end:
        for s in [s for s in left if left[s][0] == "udp"]:
            try:
                s.send(b"k3s-ha")
            except OSError:
                pass
        read, write, _ = select.select([s for s in left if left[s][0] == "udp"], [s for s in left if left[s][0] == "tcp"], [], 0.5)
        for s in read:
            try:
                s.recv(64)
                print("reached " + left.pop(s)[1])
            except OSError:
                print("refused " + left.pop(s)[1])
        for s in write:
            fault = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            print(("reached " if fault == 0 else "refused " if fault == errno.ECONNREFUSED else "silent ") + left.pop(s)[1])
    for protocol, words in left.values():
        print("silent " + words)
' ;;
esac`,
};

/** What a machine that listened could not do. */
export interface Listened {
  /** No interpreter is there, so nothing was opened. */
  readonly unable: boolean;
  /** Ports that another program has. */
  readonly busy: readonly MeshPort[];
  /** The process that listens. */
  readonly process?: string;
}

/** A line of {@link PORT_LISTEN_SCRIPT} after which the others may knock. */
export function isListening(line: string): boolean {
  return line === 'ready' || line === 'none';
}

/** Listens on ports for seconds, or until nobody reads what it prints any more. */
export function listenOnPorts(ports: readonly MeshPort[], seconds: number): RemoteCommand<Listened> {
  return {
    script: PORT_LISTEN_SCRIPT,
    args: [String(seconds), ...ports],
    sudo: true,
    timeoutMs: (seconds + 15) * 1000,
    secrets: [],
    parse: ({ stdout }) => ok(readListening(stdout.split('\n'))),
  };
}

/** What the lines of a listener say so far. */
export function readListening(lines: readonly string[]): Listened {
  const process = lines.flatMap((line) => /^process (\d+)$/.exec(line)?.[1] ?? [])[0];
  return {
    ...(process === undefined ? {} : { process }),
    unable: lines.includes('none'),
    busy: lines.flatMap((line) => (line.startsWith('busy ') ? [line.slice(5) as MeshPort] : [])),
  };
}

/**
 * Ends a listener: a connection that is closed tells it only after a second, and until then its ports are in use. Tells
 * whether it was still there: one that was not, after a reboot for example, has listened to nobody.
 */
export function freePorts(process: string): RemoteCommand<boolean> {
  return {
    script: PORT_FREE_SCRIPT,
    args: [process],
    sudo: true,
    timeoutMs: 20_000,
    secrets: [],
    parse: ({ stdout }) => ok(stdout.split('\n').includes('there')),
  };
}

/** Knocks at doors of other machines; undefined when the machine has no program that can. */
export function dialPorts(knocks: readonly Knock[]): RemoteCommand<ReadonlyMap<string, Met> | undefined> {
  return {
    script: PORT_DIAL_SCRIPT,
    args: [],
    stdin: knocks.map((knock) => `${knockKey(knock)}\n`).join(''),
    sudo: false,
    timeoutMs: 15_000 + Math.ceil(knocks.length / 200) * 5000,
    secrets: [],
    parse: readDialled,
  };
}

/** How a knock is named in what {@link dialPorts} gives. */
export function knockKey({ port, address }: Knock): string {
  return `${port} ${address}`;
}

function readDialled({
  stdout,
  stderr,
  exitCode,
}: RemoteOutput): Result<ReadonlyMap<string, Met> | undefined, Problem> {
  if (stdout.trim() === 'none') return ok(undefined);
  if (exitCode !== 0) {
    const why = stderr.trim().split('\n').at(-1) ?? '';
    return err(problem('port-dial-failed', 'The ports of the other machines could not be tried', { why }));
  }
  const met = [...stdout.matchAll(/^(reached|refused|silent) (.+)$/gm)].map(
    ([, how = '', key = '']) => [key, how as Met] as const,
  );
  return ok(new Map(met));
}
