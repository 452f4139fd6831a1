/** What the debug output of one ssh tells, as OpenSSH writes it since 7.4. */
export interface SshSaid {
  /** `SHA256:…` of the key that the host has shown, and its type; the plain key of a host certificate is not told. */
  readonly hostKey: { readonly keyType: string; readonly fingerprint: string } | undefined;
  /** Keys that were offered, in order, with what the host said of them. */
  readonly tried: readonly string[];
  /** Ways to log in that the host offers. */
  readonly offered: readonly string[];
  /** What the server sent instead of a greeting, if it did. */
  readonly banner: string;
  /** What it says to people, without debug output. */
  readonly words: readonly string[];
}

export function readSaid(lines: readonly string[]): SshSaid {
  let hostKey: SshSaid['hostKey'];
  let offered: readonly string[] = [];
  const tried: string[] = [];
  const banner: string[] = [];
  for (const line of lines) {
    const key = /^debug1: Server host (?:key|certificate): (\S+) (SHA256:[A-Za-z0-9+/]+)/.exec(line);
    if (key !== null) hostKey ??= { keyType: key[1] ?? '', fingerprint: key[2] ?? '' };
    const offer = /^debug1: (?:Offering public key|Trying private key): (.+)$/.exec(line)?.[1];
    if (offer !== undefined) tried.push(keyName(offer));
    if (/^debug1: Next authentication method: (gssapi\S*|hostbased)/.test(line)) tried.push(line.replace(/.*: /, ''));
    if (/^debug1: Server accepts key:/.test(line) && tried.length > 0)
      tried[tried.length - 1] = `${tried.at(-1) ?? ''} (known to the host)`;
    const sent = /banner line \d+: (.*)$/.exec(line)?.[1];
    if (sent !== undefined) banner.push(sent);
    const left = /^debug1: Authentications that can continue: (.+)$/.exec(line)?.[1];
    if (left !== undefined) offered = left.split(',');
  }
  const words = lines.filter((line) => !NOISE.test(line)).map((line) => line.trim());
  return { hostKey, tried, offered, banner: banner.join(' ').trim(), words };
}

/** Debug output, and what `-v` prints about itself. */
const NOISE = /^debug\d: |^OpenSSH_|^Authenticated |^Transferred: |^Bytes per second: |^\s*$/;

/** `/home/a/.ssh/id ED25519 SHA256:… explicit agent` in the words of messages. */
function keyName(offer: string): string {
  const [, path, type = '', rest = ''] = /^(.*?)(?: ([A-Z0-9-]+) SHA256:\S+(.*))?$/.exec(offer) ?? [];
  const what = type.endsWith('-CERT') ? 'certificate' : /\bauthenticator\b/.test(rest) ? 'security key' : 'key';
  const kind = /\bagent\b/.test(rest) ? `agent ${what}` : what === 'key' ? 'key file' : what;
  return `${kind} ${path ?? offer}`;
}
