/** Most hosts that ranges of one entry may give; K3s itself is tested with about a thousand agents. */
const MAX_HOSTS = 5000;
const RANGE = /\[(\d{1,9})-(\d{1,9})\]/;

/**
 * Expands `10.0.1.[1-50]` and `node-[01-12].lan` (leading zeros are kept); several ranges multiply. A text without a
 * range, with a range that counts down, or with more than 5,000 results is returned as it is.
 */
export function expandHostRange(text: string): string[] {
  let expanded = [text];
  for (let next = RANGE.exec(text); next !== null; next = RANGE.exec(expanded[0] ?? '')) {
    const [whole, first = '', last = ''] = next;
    const count = Number(last) - Number(first) + 1;
    if (count < 1 || count * expanded.length > MAX_HOSTS) return [text];
    const width = first.startsWith('0') ? first.length : 0;
    const numbers = Array.from({ length: count }, (_none, i) => String(Number(first) + i).padStart(width, '0'));
    expanded = expanded.flatMap((one) => numbers.map((number) => one.replace(whole, number)));
  }
  return expanded;
}
