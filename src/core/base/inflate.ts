/** Bytes that a packed text may become; more is no text of a person. */
const MOST_BYTES = 300_000;
const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The bytes in a gzip file; undefined when it is none, is damaged or holds more than a text would. https://www.rfc-editor.org/rfc/rfc1952 */
export function gunzip(bytes: readonly number[]): readonly number[] | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return undefined;
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  // A name and a comment end with a zero.
  for (const flag of [8, 16]) if ((flags & flag) !== 0) at = bytes.indexOf(0, at) + 1;
  if ((flags & 2) !== 0) at += 2;
  return inflate(bytes, at);
}

/** How many codes there are of each length, and the symbols in the order of their codes. */
interface Huffman {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

function huffman(lengths: readonly number[]): Huffman {
  const counts = Array.from(
    { length: 16 },
    (_none, length) => lengths.filter((each) => each === length && each > 0).length,
  );
  const symbols = lengths
    .map((length, symbol) => ({ length, symbol }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol)
    .map(({ symbol }) => symbol);
  return { counts, symbols };
}

const FIXED_LENGTHS = huffman(
  Array.from({ length: 288 }, (_none, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = huffman(Array.from({ length: 30 }, () => 5));

/** https://www.rfc-editor.org/rfc/rfc1951 */
function inflate(bytes: readonly number[], start: number): readonly number[] | undefined {
  const out: number[] = [];
  let at = start;
  let held = 0;
  let bit = 8;
  const bits = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      if (bit === 8) {
        held = bytes[at] ?? 0;
        at += 1;
        bit = 0;
      }
      value |= ((held >> bit) & 1) << i;
      bit += 1;
    }
    return value;
  };
  const symbol = ({ counts, symbols }: Huffman): number => {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length < 16; length += 1) {
      code |= bits(1);
      const count = counts[length] ?? 0;
      if (code - count < first) return symbols[index + code - first] ?? -1;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return -1;
  };
  const block = (lengths: Huffman, distances: Huffman): boolean => {
    while (out.length <= MOST_BYTES && at <= bytes.length) {
      const next = symbol(lengths);
      if (next < 0) return false;
      if (next === 256) return true;
      if (next < 256) out.push(next);
      else {
        const size = (LENGTHS[next - 257] ?? 0) + bits(LENGTH_BITS[next - 257] ?? 0);
        const far = symbol(distances);
        const back = (DISTANCES[far] ?? 0) + bits(DISTANCE_BITS[far] ?? 0);
        if (far < 0 || size === 0 || back > out.length) return false;
        for (let i = 0; i < size; i += 1) out.push(out[out.length - back] ?? 0);
      }
    }
    return false;
  };
  for (let last = false; !last;) {
    if (at > bytes.length) return undefined;
    last = bits(1) === 1;
    const kind = bits(2);
    if (kind === 0) {
      const size = (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
      if (at + 4 + size > bytes.length || out.length + size > MOST_BYTES) return undefined;
      for (let i = 0; i < size; i += 1) out.push(bytes[at + 4 + i] ?? 0);
      at += 4 + size;
      bit = 8;
    } else if (kind === 1) {
      if (!block(FIXED_LENGTHS, FIXED_DISTANCES)) return undefined;
    } else if (kind === 2) {
      const [literals, others, given] = [bits(5) + 257, bits(5) + 1, bits(4) + 4];
      const ofCodes = Array.from({ length: 19 }, () => 0);
      for (let i = 0; i < given; i += 1) ofCodes[CODE_ORDER[i] ?? 0] = bits(3);
      const codes = huffman(ofCodes);
      const lengths: number[] = [];
      while (lengths.length < literals + others) {
        const next = symbol(codes);
        if (next < 0) return undefined;
        if (next < 16) lengths.push(next);
        else {
          const repeated = next === 16 ? (lengths.at(-1) ?? 0) : 0;
          const times = next === 16 ? 3 + bits(2) : next === 17 ? 3 + bits(3) : 11 + bits(7);
          for (let i = 0; i < times; i += 1) lengths.push(repeated);
        }
      }
      if (!block(huffman(lengths.slice(0, literals)), huffman(lengths.slice(literals, literals + others))))
        return undefined;
    } else return undefined;
  }
  return out;
}
