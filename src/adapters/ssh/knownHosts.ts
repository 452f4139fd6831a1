import { createHmac } from 'node:crypto';

/** One usable line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export interface KnownHost {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly marker?: 'revoked' | 'cert-authority';
  /** Comma-separated patterns, or one hashed name. */
  readonly hosts: string;
  readonly keyType: string;
  /** Base64 of the public key. */
  readonly key: string;
}

/** Reads a known_hosts text; comments and lines that are not understood are left out, as ssh does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const fields = raw.trim().split(/[ \t]+/);
    if (fields[0] === undefined || fields[0] === '' || fields[0].startsWith('#')) return [];
    const marker =
      fields[0] === '@revoked' ? 'revoked' : fields[0] === '@cert-authority' ? 'cert-authority' : undefined;
    if (marker === undefined && fields[0].startsWith('@')) return [];
    const [hosts, keyType, key] = marker === undefined ? fields : fields.slice(1);
    if (hosts === undefined || keyType === undefined || key === undefined || !isKeyOf(keyType, key)) return [];
    return [{ file, line: index + 1, ...(marker === undefined ? {} : { marker }), hosts, keyType, key }];
  });
}

/** How known_hosts writes a host: the bare name on port 22, `[name]:port` on any other. */
export function knownHostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** The entries whose host field matches `name` (as {@link knownHostName} writes it). */
export function entriesFor(entries: readonly KnownHost[], name: string): readonly KnownHost[] {
  return entries.filter((entry) =>
    entry.hosts.startsWith('|') ? matchesHash(entry.hosts, name) : matchesPatterns(entry.hosts.split(','), name),
  );
}

/** Hashed form of a host name: `|1|salt|HMAC-SHA1(salt, name)`. */
export function hashHostName(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

function matchesHash(field: string, name: string): boolean {
  const [, version, salt] = field.split('|');
  return version === '1' && salt !== undefined && hashHostName(name, Buffer.from(salt, 'base64')) === field;
}

/** Whether `base64` is a public key of that type: the blob begins with the name of its type (RFC 4253, 6.6). */
export function isKeyOf(keyType: string, base64: string): boolean {
  const blob = Buffer.from(base64, 'base64');
  return (
    blob.length > 4 + keyType.length &&
    blob.readUInt32BE(0) === keyType.length &&
    blob.toString('latin1', 4, 4 + keyType.length) === keyType
  );
}

/** A list of ssh patterns: `*` and `?` are wildcards, a matching `!pattern` wins over every other. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (!matchesWildcards(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/**
 * Whether a shell-like pattern with `*` and `?` matches the whole text, ignoring case. At most pattern × text steps: a
 * regular expression would take for ever for a line with many stars in a file of somebody else.
 */
export function matchesWildcards(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = text.toLowerCase();
  let at = 0;
  let star = -1;
  let resume = 0;
  let i = 0;
  while (i < given.length) {
    if (wanted[at] === '*') {
      star = at;
      resume = i;
      at += 1;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[i])) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      resume += 1;
      at = star + 1;
      i = resume;
    } else return false;
  }
  while (wanted[at] === '*') at += 1;
  return at === wanted.length;
}
