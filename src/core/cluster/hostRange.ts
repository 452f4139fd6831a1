/** Hosts that one text, or one file, may stand for: as many nodes as Kubernetes itself is made for. https://kubernetes.io/docs/setup/best-practices/cluster-large/ */
export const MAX_HOSTS = 5000;
const RANGE = /\[(\d{1,9})-(\d{1,9})\]/g;

interface NumberRange {
  readonly first: number;
  readonly count: number;
  /** Digits with leading zeros; 0 when the numbers have none. */
  readonly width: number;
}

/** A text taken apart: what stands between the ranges, and the ranges. */
interface HostPattern {
  readonly between: readonly string[];
  readonly ranges: readonly NumberRange[];
  readonly count: number;
}

/** How many hosts the text stands for, without making them; 1 for a text without a range or with one that counts down. */
export function countHosts(text: string): number {
  return readPattern(text)?.count ?? 1;
}

/**
 * Expands `10.0.1.[1-50]` and `node-[01-12].lan` (leading zeros are kept); several ranges multiply. A text without a
 * range, with a range that counts down, or with more than 5,000 results is returned as it is. `most` are wanted.
 */
export function expandHostRange(text: string, most = MAX_HOSTS): string[] {
  const pattern = readPattern(text);
  if (pattern === undefined || pattern.count > MAX_HOSTS) return [text];
  return Array.from({ length: Math.min(pattern.count, most) }, (_none, index) => hostAt(pattern, index));
}

function readPattern(text: string): HostPattern | undefined {
  if (!text.includes('[')) return undefined;
  const between: string[] = [];
  const ranges: NumberRange[] = [];
  let at = 0;
  let count = 1;
  for (const { 0: whole, 1: first = '', 2: last = '', index } of text.matchAll(RANGE)) {
    const numbers = Number(last) - Number(first) + 1;
    if (numbers < 1) return undefined;
    between.push(text.slice(at, index));
    ranges.push({ first: Number(first), count: numbers, width: first.startsWith('0') ? first.length : 0 });
    count *= numbers;
    at = index + whole.length;
  }
  return ranges.length === 0 ? undefined : { between: [...between, text.slice(at)], ranges, count };
}

/** The last range counts fastest, as the digits of a number do. */
function hostAt({ between, ranges }: HostPattern, index: number): string {
  let host = between.at(-1) ?? '';
  let left = index;
  for (let i = ranges.length - 1; i >= 0; i -= 1) {
    const { first = 0, count = 1, width = 0 } = ranges[i] ?? {};
    host = `${between[i] ?? ''}${String(first + (left % count)).padStart(width, '0')}${host}`;
    left = Math.floor(left / count);
  }
  return host;
}
