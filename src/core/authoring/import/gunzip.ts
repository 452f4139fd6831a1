import { Gunzip } from 'fflate';

/** Bytes that a packed text may become; more is no text of a person. */
const MOST_BYTES = 300_000;
/** What is unpacked at a time, so that little can become much only so far. */
const PART_BYTES = 256;

/** The bytes in a gzip file; undefined when it is none, is damaged or holds more than a text would. https://www.rfc-editor.org/rfc/rfc1952 */
export function gunzip(bytes: readonly number[]): readonly number[] | undefined {
  const parts: Uint8Array[] = [];
  let size = 0;
  const unpacking = new Gunzip((part) => {
    parts.push(part);
    size += part.length;
  });
  const packed = Uint8Array.from(bytes);
  try {
    for (let at = 0; at < packed.length && size <= MOST_BYTES; at += PART_BYTES)
      unpacking.push(packed.subarray(at, at + PART_BYTES), at + PART_BYTES >= packed.length);
  } catch {
    return undefined;
  }
  // The last four bytes tell how much it was, so that nothing is taken for whole that ends early.
  const told = packed.length < 4 ? -1 : new DataView(packed.buffer).getUint32(packed.length - 4, true);
  return size !== told || size > MOST_BYTES ? undefined : parts.flatMap((part) => [...part]);
}
