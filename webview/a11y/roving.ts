import type { Box } from '../../src/contract/messages';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The nearest part in a direction; what lies straight ahead is nearer than what lies aside. */
export function neighbor(
  boxes: Readonly<Record<string, Box>>,
  ids: readonly string[],
  from: string,
  direction: Direction,
): string | undefined {
  const start = boxes[from];
  if (start === undefined) return ids[0];
  const [sx, sy] = center(start);
  let best: { id: string; distance: number } | undefined;
  for (const id of ids) {
    const box = boxes[id];
    if (box === undefined || id === from) continue;
    const [x, y] = center(box);
    const ahead = { up: sy - y, down: y - sy, left: sx - x, right: x - sx }[direction];
    const aside = direction === 'up' || direction === 'down' ? Math.abs(x - sx) : Math.abs(y - sy);
    if (ahead <= 1) continue;
    const distance = ahead + aside * 2;
    if (best === undefined || distance < best.distance) best = { id, distance };
  }
  return best?.id;
}

function center(box: Box): readonly [number, number] {
  return [box.x + box.width / 2, box.y + box.height / 2];
}
