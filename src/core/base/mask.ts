/** What stands in place of a secret. */
const MASK = '***';

/** Shorter strings would match everywhere: the text would become unreadable, and the gaps would give the secret away. */
const SHORTEST = 4;

/** Lines of a multi-line secret below this length ("data:", "}") say nothing about it. */
const SHORTEST_LINE = 8;

/**
 * Replaces every secret in `text` by `***`, longest first so that a secret inside another leaves no rest.
 * Also found: the lines of a multi-line secret, and its URL-encoded, JSON-escaped, shell-quoted and Base64 forms.
 * Secrets shorter than 4 characters are ignored.
 */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  return secretMasker(secrets)(text);
}

/** {@link maskSecrets} prepared once for many texts, such as the lines of a command's output. */
export function secretMasker(secrets: Iterable<string>): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (const form of formsOf(secret)) forms.add(form);
  }
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((masked, form) => masked.replaceAll(form, MASK), text);
}

function formsOf(secret: string): readonly string[] {
  const lines = secret.includes('\n') ? secret.split(/\r?\n/).map((line) => line.trim()).filter((line) => line.length >= SHORTEST_LINE) : [];
  const quoted = secret.replaceAll("'", String.raw`'\''`);
  return [secret, ...lines, urlEncoded(secret), JSON.stringify(secret).slice(1, -1), quoted, base64(secret)];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of the UTF-8 text without its last, incomplete group: that part stays the same when a line end follows the secret. */
function base64(text: string): string {
  const bytes = utf8(text);
  let result = '';
  for (let i = 0; i + 2 < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (const shift of [18, 12, 6, 0]) result += ALPHABET[(group >> shift) & 63] ?? '';
  }
  return result.length >= SHORTEST ? result : text;
}

/** Without lone surrogates, on which encodeURIComponent throws. */
function urlEncoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** encodeURIComponent is the one UTF-8 encoder that the language itself has. */
function utf8(text: string): number[] {
  const encoded = urlEncoded(text);
  const bytes: number[] = [];
  for (let i = 0; i < encoded.length; i += 1) {
    if (encoded[i] === '%') {
      bytes.push(Number.parseInt(encoded.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(encoded.charCodeAt(i));
  }
  return bytes;
}
