/** An IP network: base address with the host bits cleared. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly base: bigint;
  /** Prefix length in bits. */
  readonly prefix: number;
}

/** Reads `10.42.0.0/16` or `fd00:42::/56`; `undefined` when it is no network. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(text.trim());
  const address = match === null ? undefined : parseAddress(match[1] ?? '');
  if (match === null || address === undefined) return undefined;
  const bits = address.family === 4 ? 32 : 128;
  const prefix = Number(match[2]);
  if (prefix > bits) return undefined;
  const hostBits = BigInt(bits - prefix);
  return { family: address.family, base: (address.value >> hostBits) << hostBits, prefix };
}

/** Whether the two networks share an address. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  if (a.family !== b.family) return false;
  const shift = BigInt((a.family === 4 ? 32 : 128) - Math.min(a.prefix, b.prefix));
  return a.base >> shift === b.base >> shift;
}

/** Whether `address` lies in the network; false for names. */
export function cidrContains(cidr: Cidr, address: string): boolean {
  // A thousand hosts are asked about at every keystroke, nearly always in IPv4.
  const number = cidr.family === 4 ? ipv4Number(address) : undefined;
  if (number !== undefined) {
    const size = 2 ** (32 - cidr.prefix);
    return Math.floor(number / size) === Math.floor(Number(cidr.base) / size);
  }
  const ip = parseAddress(address);
  if (ip === undefined || ip.family !== cidr.family) return false;
  const shift = BigInt((ip.family === 4 ? 32 : 128) - cidr.prefix);
  return ip.value >> shift === cidr.base >> shift;
}

/** Whether two addresses or names mean the same: IPv6 in any notation, brackets and letter case aside. */
export function sameAddress(a: string, b: string): boolean {
  return canonicalAddress(a) === canonicalAddress(b);
}

/** One spelling for all spellings of an address or host name; only to be compared. */
export function canonicalAddress(text: string): string {
  // Thousands of hosts are compared at every keystroke, nearly always in IPv4.
  const number = ipv4Number(text);
  if (number !== undefined) return `4/${number}`;
  const bare = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
  const ip = parseAddress(bare);
  return ip === undefined ? bare : `${ip.family}/${ip.value}`;
}

function parseAddress(text: string): { readonly family: 4 | 6; readonly value: bigint } | undefined {
  if (!text.includes(':')) {
    const value = parseV4(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const value = parseV6(text);
  return value === undefined ? undefined : { family: 6, value };
}

/** The IP version of an address; undefined for names. */
export function addressFamily(text: string): 4 | 6 | undefined {
  return parseAddress(text.trim())?.family;
}

function parseV4(text: string): bigint | undefined {
  const number = ipv4Number(text);
  return number === undefined ? undefined : BigInt(number);
}

/** An IPv4 address as a number; undefined for anything else. */
export function ipv4Number(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  let value = 0;
  for (let i = 1; i <= 4; i += 1) {
    const part = Number(match[i]);
    if (part > 255) return undefined;
    value = value * 256 + part;
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const v4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (v4 !== null) {
    const value = parseV4(v4[2] ?? '');
    if (value === undefined) return undefined;
    return parseV6(`${v4[1]}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`);
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (left === undefined) return undefined;
  const missing = 8 - left.length - (right?.length ?? 0);
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array<string>(right === undefined ? 0 : missing).fill('0'), ...(right ?? [])];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** The n-th address of an IPv4 network, counted from 0, or from its end when negative; undefined for IPv6 and beyond the network. */
export function addressAt({ family, base, prefix }: Cidr, index: number): string | undefined {
  const size = 1n << BigInt(32 - prefix);
  const offset = index < 0 ? size + BigInt(index) : BigInt(index);
  if (family !== 4 || offset < 0n || offset >= size) return undefined;
  const value = base + offset;
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}
