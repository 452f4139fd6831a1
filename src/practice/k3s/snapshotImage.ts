import { createHash } from 'node:crypto';

const PAGE = 4096;

/** First page of a bolt database: its header, then magic number, version and size of a page. */
const FIRST_PAGE = Buffer.from('00000000000000000000000004000000edda0ced0200000000100000', 'hex');

/** A file as etcd saves it: pages of a bolt database that begin as one, hold a text and K3s's bootstrap key, and their sha256. */
export function snapshotImage(tokenHash: string, text: string): Buffer {
  const content = Buffer.from(`/bootstrap/${tokenHash}\n${text}\n`);
  const pages = Buffer.alloc(PAGE * (1 + Math.ceil(content.length / PAGE)));
  FIRST_PAGE.copy(pages);
  content.copy(pages, PAGE);
  return Buffer.concat([pages, createHash('sha256').update(pages).digest()]);
}

/** What the script of the host finds in a file, as its lines. */
export function imageProof(image: Buffer): string {
  const sum = createHash('sha256').update(image).digest('hex');
  const bolt = image.subarray(16, 24).equals(FIRST_PAGE.subarray(16, 24));
  const pages = image.subarray(0, -32);
  const right = image.length % 512 === 32 && createHash('sha256').update(pages).digest().equals(image.subarray(-32));
  const none = image.length > 0 && image.length % 512 === 0;
  const tokens = new Set(
    [...image.toString('latin1').matchAll(/\/bootstrap\/([0-9a-f]{12})/g)].map(([, hash]) => hash),
  );
  return [
    `size=${image.length}`,
    `sha256=${sum}`,
    'form=plain',
    ...(bolt ? ['bolt=yes'] : []),
    ...(right ? ['sum=right'] : none ? ['sum=none'] : []),
    ...[...tokens].sort().map((hash) => `token=${hash}`),
    '',
  ].join('\n');
}
