/** What a PEM text may hold; anything else in it makes it the wrong kind. */
export type PemKind = 'certificate' | 'private key';

const LABELS: Readonly<Record<PemKind, RegExp>> = {
  certificate: /^CERTIFICATE$/,
  // `openssl ecparam -genkey` writes the curve in front of the key.
  'private key': /^((EC |RSA )?PRIVATE KEY|EC PARAMETERS)$/,
};

/** A certificate takes 1 to 2 kB and a chain a few of them; more than this is no certificate. */
const MAX_BASE64 = 131_072;

const BLOCK = /-----BEGIN ([A-Z ]+)-----\r?\n[A-Za-z0-9+/=\r\n]+-----END \1-----/g;

/**
 * The value of a `…-data` field of a kubeconfig without line breaks; undefined when it is not base64 of PEM blocks of
 * this kind. Notes between the blocks are allowed, as OpenSSL writes them; they have to be printable ASCII.
 */
export function pemData(value: unknown, kind: PemKind): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_BASE64) return undefined;
  const data = value.replaceAll(/[\r\n]/g, '');
  const text = decodeBase64(data);
  if (text === undefined || !/^[\t\n\r\x20-\x7e]+$/.test(text)) return undefined;
  const labels = [...text.matchAll(BLOCK)].map(([, label]) => label ?? '');
  const ofKind =
    labels.length > 0 &&
    labels.every((label) => LABELS[kind].test(label)) &&
    labels.some((label) => label !== 'EC PARAMETERS');
  return ofKind && !text.replaceAll(BLOCK, '').includes('-----') ? data : undefined;
}

/** The PEM text of such a value, as K3s has it in its files; undefined when it is none. */
export function pemText(value: unknown, kind: PemKind): string | undefined {
  const data = pemData(value, kind);
  return data === undefined ? undefined : decodeBase64(data);
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes as characters U+0000 to U+00FF (core has no Buffer: it must run everywhere). */
function decodeBase64(data: string): string | undefined {
  if (data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return undefined;
  const bytes: string[] = [];
  let bits = 0;
  let held = 0;
  for (const digit of data.replaceAll('=', '')) {
    bits = ((bits << 6) | DIGITS.indexOf(digit)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push(String.fromCharCode((bits >> held) & 0xff));
  }
  return bytes.join('');
}
