/** `1 server`, `3 servers` */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`; long lists end in `and 4 more`. */
export function listed(items: readonly string[]): string {
  const shown = items.length > 4 ? [...items.slice(0, 3), `${items.length - 3} more`] : items;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}

/** `0.3 MB`, `4.2 MB`, `612 MB`: an amount of bytes as people compare it. */
export function megabytes(bytes: number): string {
  const amount = bytes / 1e6;
  return `${amount < 9.95 ? amount.toFixed(1) : Math.round(amount)} MB`;
}
