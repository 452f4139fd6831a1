/**
 * Stands in for iconv-lite in the bundle: the MySQL client converts character sets with it, and the one that is asked for
 * here, utf8mb4, is one of Node's own. It would be half of the bundle.
 */
export function getDecoder(): { write(bytes: Buffer): string; end(): string } {
  return { write: (bytes) => bytes.toString('utf8'), end: () => '' };
}

export function getEncoder(): { write(text: string): Buffer; end(): undefined } {
  return { write: (text) => Buffer.from(text, 'utf8'), end: () => undefined };
}
