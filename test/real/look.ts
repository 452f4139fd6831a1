import { problem } from '../../src/core/base/problem';
import { err, ok } from '../../src/core/base/result';
import type { RemoteCommand, RemoteScript } from '../../src/core/remote/remoteCommand';

/** What a look at a machine over SSH tells; nothing is changed. */
export interface Look {
  readonly hostname: string;
  /** systemd's id of the present run of K3s; empty when it does not run. */
  readonly invocation: string;
  readonly version: string;
}

const LOOK_SCRIPT: RemoteScript = {
  id: 'real-look',
  text: `hostname
systemctl show "$1" -p InvocationID | cut -d= -f2-
k3s --version 2>/dev/null | sed -n '1s/^k3s version \\([^ ]*\\).*/\\1/p'`,
};

/** Looks at the unit of K3s. */
export function look(unit: 'k3s' | 'k3s-agent'): RemoteCommand<Look> {
  return {
    script: LOOK_SCRIPT,
    args: [unit],
    sudo: false,
    timeoutMs: 30_000,
    secrets: [],
    parse: ({ stdout }) => {
      const [hostname = '', invocation = '', version = ''] = stdout.split('\n').map((line) => line.trim());
      return ok({ hostname: hostname.toLowerCase(), invocation, version });
    },
  };
}

const CARRIES_SCRIPT: RemoteScript = {
  id: 'real-carries',
  text: `if ip -o addr show | grep -qF " $1/"; then echo yes; else echo no; fi; systemctl is-active "$2"`,
};

/** Whether a machine has the fixed address, and whether its proxy runs. */
export function carries(address: string, unit: string): RemoteCommand<{ address: boolean; active: boolean }> {
  return {
    script: CARRIES_SCRIPT,
    args: [address, unit],
    sudo: false,
    timeoutMs: 30_000,
    secrets: [],
    parse: ({ stdout }) => ok({ address: stdout.startsWith('yes'), active: /^active$/m.test(stdout) }),
  };
}

const UNIT_SCRIPT: RemoteScript = {
  id: 'real-unit',
  text: `case $1 in
  kill) systemctl kill -s KILL "$2" ;;
  *) systemctl "$1" "$2" ;;
esac`,
};

/** Stops or kills a proxy, as an accident would, or starts it again. */
export function unit(verb: 'stop' | 'kill' | 'start', name: string): RemoteCommand<void> {
  return {
    script: UNIT_SCRIPT,
    args: [verb, name],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: ({ exitCode, stderr }) =>
      exitCode === 0
        ? ok(undefined)
        : err(problem('unit-control-failed', `systemd could not ${verb} ${name}`, { why: stderr.trim() })),
  };
}

const SLOW_SCRIPT: RemoteScript = {
  id: 'real-slow-checks',
  text: `journalctl -u haproxy -o cat --no-pager -q | grep -cE 'is DOWN, reason: Layer[467] timeout'; exit 0`,
};

/** How often HAProxy has given up a server that did not answer its check within two seconds; one that stops refuses at once. */
export function slowChecks(): RemoteCommand<number> {
  return {
    script: SLOW_SCRIPT,
    args: [],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: ({ stdout }) => ok(Number(stdout.trim())),
  };
}
