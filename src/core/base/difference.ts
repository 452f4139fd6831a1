import type { TextEdit } from './text';

/** One edit from the first to the last character that differs; none when the texts are equal. */
export function difference(before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head += 1;
  let tail = 0;
  while (
    tail < most - head &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail += 1;
  return [{ range: { start: head, end: before.length - tail }, newText: after.slice(head, after.length - tail) }];
}
