import { randomBytes } from 'node:crypto';

/**
 * A certificate as far as a look at its file goes: a number, no algorithm, no issuer, and its validity. Practice hosts keep
 * many that nobody shows to anybody; making real ones would take them longer than K3s.
 */
export function certificateText(ends: number, serial = randomBytes(8).toString('hex')): string {
  return `-----BEGIN CERTIFICATE-----\n${certificateBytes(ends, serial).toString('base64')}\n-----END CERTIFICATE-----\n`;
}

/** The DER of {@link certificateText}; `ends` is in milliseconds since 1970, `serial` in hexadecimal digits. */
export function certificateBytes(ends: number, serial: string): Buffer {
  const time = (at: number): Buffer => {
    const digits = new Date(at).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
    return der(0x17, Buffer.from(digits.slice(2)));
  };
  const validity = der(0x30, Buffer.concat([time(ends - LIFETIME_MS), time(ends)]));
  const body = Buffer.concat([
    der(0x02, Buffer.from(serial.padStart(serial.length + (serial.length % 2), '0'), 'hex')),
    der(0x30),
    der(0x30),
    validity,
  ]);
  return der(0x30, der(0x30, body));
}

const LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;

function der(tag: number, content: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}
