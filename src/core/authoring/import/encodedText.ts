import { gunzip } from './gunzip';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The text in Base64, which may be packed with gzip; undefined when it is no text. */
export function decodedText(text: string): string | undefined {
  const bytes = bytesOf(text);
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes) : bytes;
  return plain === undefined ? undefined : textOf(plain);
}

function bytesOf(text: string): readonly number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/[^A-Za-z0-9+/]/g, '')) {
    bits = (bits << 6) | ALPHABET.indexOf(character);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 255);
    bits &= (1 << held) - 1;
  }
  return bytes;
}

function textOf(bytes: readonly number[]): string | undefined {
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return undefined;
  }
}

/** What a `data:` address holds; undefined for another address and for what is no text. https://www.rfc-editor.org/rfc/rfc2397 */
export function dataUrlText(url: string): string | undefined {
  const [, head = '', body = ''] = /^data:([^,]*),([\s\S]*)$/.exec(url) ?? [];
  if (!url.startsWith('data:')) return undefined;
  try {
    const written = decodeURIComponent(body);
    return /;base64$/.test(head) ? decodedText(written) : written;
  } catch {
    return undefined;
  }
}
