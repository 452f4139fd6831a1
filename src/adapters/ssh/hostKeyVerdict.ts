import { entriesFor, knownHostName, type KnownHost } from './knownHosts';
import type { Hop } from './hops';

/** What lists of keys say about the key that a server shows. */
export type HostKeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'revoked'; readonly entry: KnownHost }
  | { readonly kind: 'changed'; readonly entries: readonly KnownHost[] }
  /** Only the known_hosts of the cluster file has it. */
  | { readonly kind: 'vouched'; readonly entry: KnownHost }
  | { readonly kind: 'unknown' };

/** Lists of keys, those of the person and those of the known_hosts that the cluster file names. */
export interface KeyLists {
  readonly own: readonly KnownHost[];
  readonly ofClusterFile: readonly KnownHost[];
}

/** The name under which known_hosts lists a hop. */
export function nameOf(hop: Hop): string {
  return hop.hostKeyAlias?.toLowerCase() ?? knownHostName(hop.host, hop.port);
}

/**
 * Judges a key as ssh does. The person's lists come first: what they know is known. The list of the cluster file adds
 * knowledge against a key (revoked, changed), but none in its favour without the person.
 */
export function judge(key: string, hop: Hop, lists: KeyLists): HostKeyVerdict {
  const name = nameOf(hop);
  const own = entriesFor(lists.own, name);
  const foreign = entriesFor(lists.ofClusterFile, name);
  const has = (entry: KnownHost): boolean => entry.key === key;

  const revoked = [...own, ...foreign].find((entry) => entry.marker === 'revoked' && has(entry));
  if (revoked !== undefined) return { kind: 'revoked', entry: revoked };
  const known = plain(own);
  if (known.some(has)) return { kind: 'known' };
  if (known.length > 0) return { kind: 'changed', entries: known };
  if (plain(withoutPort(lists.own, hop)).some(has)) return { kind: 'known' };
  const listed = plain(foreign);
  const entry =
    listed.find(has) ?? (listed.length > 0 ? undefined : plain(withoutPort(lists.ofClusterFile, hop)).find(has));
  if (entry !== undefined) return { kind: 'vouched', entry };
  return listed.length > 0 ? { kind: 'changed', entries: listed } : { kind: 'unknown' };
}

/** Entries that list a key itself: no marker before them. */
export function plain(entries: readonly KnownHost[]): readonly KnownHost[] {
  return entries.filter((entry) => entry.marker === undefined);
}

/** ssh also accepts a key that is known for the bare name when the port is not 22, except under a HostKeyAlias. */
function withoutPort(entries: readonly KnownHost[], hop: Hop): readonly KnownHost[] {
  return hop.port === 22 || hop.hostKeyAlias !== undefined ? [] : entriesFor(entries, hop.host.toLowerCase());
}

/** Keys that the cluster file's list has for a hop about which the person's lists say nothing. */
export function vouchedKeys(hop: Hop, lists: KeyLists): readonly KnownHost[] {
  const foreign = plain([...entriesFor(lists.ofClusterFile, nameOf(hop)), ...withoutPort(lists.ofClusterFile, hop)]);
  return foreign.filter(
    (entry, index) =>
      foreign.findIndex(({ key }) => key === entry.key) === index && judge(entry.key, hop, lists).kind === 'vouched',
  );
}
