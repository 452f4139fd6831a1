import { isIPv6 } from 'node:net';

/**
 * Whether `text` is a name that a host may have: a DNS name, an IPv4 address, an alias of ssh_config, or an IPv6
 * address (`fe80::1%eth0` included, without brackets). Everything else that ssh might take (other letters, `@`, `/`,
 * brackets, quotes) would mean something else in known_hosts, in paths with tokens, or to a shell of `Match exec`.
 */
export function isHostName(text: string): boolean {
  return text.length <= 255 && (/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(text) || isIPv6(text));
}

/** Whether `name` may stand in the host field of a known_hosts line: a host name, or `[name]:port`. */
export function isKnownHostsField(name: string): boolean {
  return isHostName(/^\[(.+)\]:\d+$/.exec(name)?.[1] ?? name);
}

/**
 * Whether a cluster file may name this user. ssh_config can put the name into paths (`%r`) and into the command of
 * `Match exec`, so nothing passes that a path or a shell reads. `DOMAIN\user`, `user@domain` and `machine$` do.
 */
export function isUserName(text: string): boolean {
  return /^[\p{L}\p{N}_.][\p{L}\p{N}_.@+\\-]*\$?$/u.test(text) && !text.endsWith('\\') && !text.includes('..');
}
