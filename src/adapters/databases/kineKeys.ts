/** Of Bitcoin: no letters that look like others. */
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** A key as kine names it in NATS: each part in Base58, with dots between. https://github.com/k3s-io/kine/tree/master/pkg/drivers/nats */
export function toNatsKey(key: string): string {
  return key
    .split('/')
    .filter((part) => part !== '')
    .map((part) => base58(Buffer.from(part, 'utf8')))
    .join('.');
}

/** The key that such a name stands for; undefined when kine did not make it. */
export function fromNatsKey(name: string): string | undefined {
  const parts = name.split('.').map(fromBase58);
  return parts.includes(undefined) ? undefined : `/${parts.join('/')}`;
}

function base58(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; value > 0n; value /= 58n) text = `${ALPHABET[Number(value % 58n)] ?? ''}${text}`;
  return text;
}

function fromBase58(text: string): string | undefined {
  let value = 0n;
  for (const letter of text) {
    const at = ALPHABET.indexOf(letter);
    if (at < 0) return undefined;
    value = value * 58n + BigInt(at);
  }
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('utf8');
}
