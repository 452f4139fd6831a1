import { describe, expect, it } from 'vitest';
import { nodeHealth } from '../../../src/core/health/nodeHealth';
import { createNodeReader } from '../../../src/core/health/nodeReader';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');

const object = (name: string, ready = 'True', heartbeat = 0): unknown => ({
  metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
  status: {
    conditions: [
      {
        type: 'Ready',
        status: ready,
        message: 'x',
        lastTransitionTime: '2026-01-01T00:00:00Z',
        lastHeartbeatTime: new Date(START + heartbeat).toISOString(),
      },
    ],
  },
});

describe('reading the nodes of a watch', () => {
  const [a, b, c] = [object('a'), object('b'), object('c')];

  it('gives what reading all of them anew would give', () => {
    const reader = createNodeReader();
    const lists: readonly (readonly unknown[])[] = [
      [],
      [a, b],
      [a, b, c],
      [b, c],
      [c, b],
      [object('b', 'False'), c],
      [c, undefined, 7],
      [object('a'), object('a')],
      [],
    ];
    for (const list of lists) expect(reader.read(list, START)).toEqual(list.map((one) => nodeHealth(one, START)));
  });

  it('keeps the objects that mean the same, and the list when all do', () => {
    const reader = createNodeReader();
    const before = reader.read([a, b], START);
    expect(reader.read([a, b], START)).toBe(before);
    // The kubelet reports every few minutes, and nothing is new.
    expect(reader.read([a, object('b', 'True', MINUTE)], START)).toBe(before);
    const now = reader.read([a, object('b', 'False')], START);
    expect(now[0]).toBe(before[0]);
    expect(now[1]?.ready).toBe('not-ready');
    const moved = reader.read([a], START);
    expect(moved[0]).toBe(before[0]);
  });

  it('lets time go on when asked to, and only then', () => {
    const reader = createNodeReader();
    const list = [a, object('b', 'False')];
    const before = reader.read(list, START + 10 * MINUTE);
    expect(reader.read(list, START + 20 * MINUTE)).toBe(before);
    expect(before[1]?.reason).toContain('(for 10 min)');
    const later = reader.later(START + 20 * MINUTE);
    expect(later.map(({ age }) => age)).toEqual(['20 min', '20 min']);
    expect(later[1]?.reason).toContain('(for 20 min)');
    expect(reader.later(START + 20 * MINUTE + 1)).toBe(later);
  });

  it('does not mind when its caller goes on writing to the list', () => {
    const reader = createNodeReader();
    const list = [a, b];
    reader.read(list, START);
    list[1] = object('b', 'False');
    expect(reader.read(list, START)[1]?.ready).toBe('not-ready');
  });
});
