/** One value of a message, as RFC 4251, 5 has them. */
export type Field = { readonly u32: number } | { readonly u8: number } | { readonly text: string | Buffer };

/** A message with its length before it; the control socket of ssh and the protocol of its channels both frame like this. */
export function frame(...fields: readonly Field[]): Buffer {
  const parts = fields.flatMap((field) => {
    if ('u32' in field) return [uint32(field.u32)];
    if ('u8' in field) return [Buffer.from([field.u8])];
    const bytes = Buffer.from(field.text as string);
    return [uint32(bytes.length), bytes];
  });
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(body.length), body]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Reads the fields of one message in order; throws a RangeError when it is shorter than it says. */
export interface FieldReader {
  u8(): number;
  u32(): number;
  bytes(): Buffer;
  text(): string;
}

export function readFields(message: Buffer): FieldReader {
  let at = 0;
  const reader: FieldReader = {
    u8() {
      at += 1;
      return message.readUInt8(at - 1);
    },
    u32() {
      at += 4;
      return message.readUInt32BE(at - 4);
    },
    bytes() {
      const length = reader.u32();
      if (at + length > message.length) throw new RangeError('A message is shorter than it says.');
      at += length;
      return message.subarray(at - length, at);
    },
    text: () => reader.bytes().toString('utf8'),
  };
  return reader;
}

/** Larger than any packet of ssh (PACKET_MAX_SIZE in its packet.c). */
const LONGEST = 256 * 1024 + 1024;

/** Cuts a byte stream into the messages that {@link frame} makes, without their lengths; throws when one is absurdly long. */
export function createFrameSplitter(onMessage: (message: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= 4) {
      const length = held.readUInt32BE(0);
      if (length > LONGEST) throw new RangeError(`A message of ${length} bytes is longer than ssh sends.`);
      if (held.length < 4 + length) return;
      const message = held.subarray(4, 4 + length);
      held = held.subarray(4 + length);
      onMessage(message);
    }
  };
}
