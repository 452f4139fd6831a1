/** A value of DER: its tag, and where its content begins and ends. */
interface Value {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

const INTEGER = 0x02;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const VERSION = 0xa0;

/** What is read of a certificate. */
export interface CertificateFields {
  /** Its number, which no other certificate of the same issuer has, as {@link serialText} writes it. */
  readonly serial: string;
  /** Milliseconds since 1970. */
  readonly ends: number;
}

/**
 * Fields of a certificate (base64 of its DER); undefined for what is none. Read here because not every host has openssl, and
 * what K3s tells lacks the certificate of its port. https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function certificateFields(base64: string): CertificateFields | undefined {
  const bytes = decoded(base64);
  if (bytes === undefined) return undefined;
  const [whole] = values(bytes, 0, bytes.length);
  const [body] = whole?.tag === SEQUENCE ? values(bytes, whole.from, whole.to) : [];
  if (body?.tag !== SEQUENCE) return undefined;
  const fields = values(bytes, body.from, body.to);
  // Version (left out in the first one), serial number, algorithm, issuer, validity.
  const first = fields[0]?.tag === VERSION ? 1 : 0;
  const serial = fields[first];
  const validity = fields[first + 3];
  if (serial?.tag !== INTEGER || validity?.tag !== SEQUENCE) return undefined;
  const [, notAfter] = values(bytes, validity.from, validity.to);
  const ends = notAfter === undefined ? undefined : time(bytes, notAfter);
  const digits = [...bytes.subarray(serial.from, serial.to)].map((byte) => byte.toString(16).padStart(2, '0'));
  return ends === undefined ? undefined : { serial: serialText(digits.join('')), ends };
}

/** A serial number as everybody writes it here, of its hexadecimal digits. */
export function serialText(digits: string): string {
  return digits.toLowerCase().replace(/^0+(?=.)/, '');
}

/** The values that stand one after another; what does not fit ends the list. */
function values(bytes: Uint8Array, from: number, to: number): readonly Value[] {
  const found: Value[] = [];
  for (let at = from; at + 2 <= to;) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    const more = first < 0x80 ? 0 : first & 0x7f;
    if (more > 3) break;
    let length = more === 0 ? first : 0;
    for (let i = 0; i < more; i += 1) length = length * 256 + (bytes[at + 2 + i] ?? 0);
    const begin = at + 2 + more;
    if (begin + length > to) break;
    found.push({ tag, from: begin, to: begin + length });
    at = begin + length;
  }
  return found;
}

function time(bytes: Uint8Array, { tag, from, to }: Value): number | undefined {
  const text = String.fromCharCode(...bytes.subarray(from, to));
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (match === null || (tag !== UTC_TIME && tag !== GENERALIZED_TIME)) return undefined;
  const [, written = '', ...rest] = match;
  const year = written.length === 4 ? Number(written) : Number(written) + (Number(written) < 50 ? 2000 : 1900);
  const [month = 1, day = 1, hour = 0, minute = 0, second = 0] = rest.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decoded(base64: string): Uint8Array | undefined {
  const text = base64.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    if (digit < 0) return undefined;
    bits = ((bits << 6) | digit) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at] = (bits >> held) & 0xff;
      at += 1;
    }
  }
  return bytes;
}
