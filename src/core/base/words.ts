import { say, translated } from './say';

/** `1 server`, `3 servers` */
export function count(n: number, noun: string): string {
  return translated(`{0} ${noun}s`, [n]) ?? `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`; long lists end in `and 4 more`. */
export function listed(items: readonly string[]): string {
  const shown = items.length > 4 ? [...items.slice(0, 3), say`${items.length - 3} more`] : items;
  return allListed(shown);
}

/** `a`, `a and b`, `a, b and c`, however many there are. */
export function allListed(items: readonly string[]): string {
  return items.length < 2
    ? items.join('')
    : say`${items.slice(0, -1).join(say`, `)} and ${items[items.length - 1] ?? ''}`;
}

/** `0.3 MB`, `4.2 MB`, `612 MB`: an amount of bytes as people compare it. */
export function megabytes(bytes: number): string {
  const amount = bytes / 1e6;
  return `${amount < 9.95 ? amount.toFixed(1) : Math.round(amount)} MB`;
}
