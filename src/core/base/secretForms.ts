/** Shorter strings would match everywhere: the text would become unreadable, and the gaps would give the secret away. */
export const SHORTEST_FORM = 4;

/** Lines of a multi-line secret below this length ("data:", "}") say nothing about it. */
const SHORTEST_LINE = 8;

/**
 * Every way in which a secret may be written, itself included: its lines, the password inside an address or a token,
 * and each of these URL-encoded (RFC 3986, form, Go), as a JSON or Go string (once and twice), quoted for a shell,
 * YAML or SQL, as HTML text, and in Base64 (both alphabets) wherever in a longer text it stands.
 * Forms of less than 4 characters are left out.
 */
export function secretForms(secret: string): readonly string[] {
  if (secret.length < SHORTEST_FORM) return [];
  const pieces = new Set([secret, secret.trim(), ...linesOf(secret), ...passwordsIn(secret)]);
  const forms = [...pieces].flatMap((piece) => [piece, ...urlEncoded(piece), ...quoted(piece), ...base64(piece)]);
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_FORM);
}

function linesOf(secret: string): readonly string[] {
  return secret.includes('\n')
    ? secret
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line.length >= SHORTEST_LINE)
    : [];
}

/** A program rarely repeats a whole address or token; what it prints of it may still hold the password. */
function passwordsIn(secret: string): readonly string[] {
  const written =
    /^[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:(.+)@/i.exec(secret)?.[1] ?? /^K10[0-9a-f]+::(?:[^:]+:)?(.+)$/.exec(secret)?.[1];
  return written === undefined ? [] : [written, decoded(written)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that stands for itself.
    return text;
  }
}

function urlEncoded(text: string): readonly string[] {
  const usual = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
  const strict = usual.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  // Go leaves these alone in the user part of an address. https://pkg.go.dev/net/url#UserPassword
  const go = strict.replace(/%(?:24|26|2B|2C|3B|3D)/g, (code) => decodeURIComponent(code));
  const all = [usual, strict, go, strict.replaceAll('%20', '+')];
  return [...all, ...all.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

function quoted(text: string): readonly string[] {
  const json = jsonText(text);
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    json,
    jsonText(json),
    // Go's encoding/json escapes what HTML would read.
    json.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
    // Go's %q, which logrus uses. https://pkg.go.dev/strconv#Quote
    json
      .replace(/\\u00([0-9a-f]{2})/g, (_all, code: string) => GO_SHORT[code] ?? `\\x${code}`)
      .replaceAll('\x7f', '\\x7f'),
    text.replaceAll("'", String.raw`'\''`),
    text.replaceAll("'", "''"),
    text.replace(/[^\w@%+=:,./-]/g, '\\$&'),
    html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    html.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
  ];
}

const GO_SHORT: Readonly<Record<string, string>> = { '07': '\\a', '0b': '\\v' };

function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The characters that the bytes alone decide, for each place that they may have in a group of three; neighbors change the others. */
function base64(text: string): readonly string[] {
  const bytes = utf8(text);
  const bit = (at: number): number => ((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1;
  const forms = [0, 4, 2].map((skipped) => {
    let form = '';
    for (let at = skipped; at + 6 <= bytes.length * 8; at += 6) {
      let value = 0;
      for (let i = 0; i < 6; i += 1) value = (value << 1) | bit(at + i);
      form += ALPHABET[value] ?? '';
    }
    return form;
  });
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** encodeURIComponent is the one UTF-8 encoder that the language itself has. */
function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const [written] of encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).matchAll(/%..|[^%]/g)) {
    bytes.push(written.length === 3 ? Number.parseInt(written.slice(1), 16) : written.charCodeAt(0));
  }
  return bytes;
}
