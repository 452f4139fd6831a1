import { describe, expect, it } from 'vitest';
import type { KnownSnapshot } from '../../../src/core/health/snapshots';
import { snapshotsRow } from '../../../src/views/snapshotRows';

const SAVED = Date.parse('2026-11-27T14:02:11Z');
const disk = { kind: 'disk', server: 'server-1', path: '/s/x', size: 12_000_000 } as const;
const one: KnownSnapshot = {
  name: 'on-demand-server-1-1795788131',
  base: 'on-demand',
  scheduled: false,
  created: SAVED,
  size: 12_000_000,
  places: [disk, { kind: 's3', location: 's3://b/x', size: 12_000_000 }],
};

describe('the snapshots in the explorer', () => {
  it('are read when somebody opens their row', () => {
    expect(snapshotsRow(undefined)).toMatchObject({
      context: 'snapshots',
      unread: true,
      children: [],
      description: '',
    });
  });

  it('tell where, when and how large each is', () => {
    const row = snapshotsRow({ list: [one], readAt: SAVED + 3_600_000 });
    expect([row.description, row.spoken]).toEqual(['1 · 1 h ago', '1 · newest 2026-11-27 14:02 UTC']);
    expect([row.color, row.unread]).toEqual([undefined, undefined]);
    expect(row.children).toMatchObject([
      {
        id: `snapshot:${one.name}`,
        label: '2026-11-27 14:02 UTC',
        description: '12 MB',
        spoken: 'server-1, S3 · 12 MB',
        context: 'snapshot',
      },
    ]);
  });

  it('warn when there is none, none of these days, or one with nothing in it', () => {
    expect(snapshotsRow({ list: [], readAt: SAVED })).toMatchObject({ description: 'none', color: 'warning' });
    expect(snapshotsRow({ list: [one], readAt: SAVED + 3 * 86_400_000 }).color).toBe('warning');
    const empty = { ...one, size: 0, places: [{ ...disk, size: 0, listed: 1_298_464 }] };
    expect(snapshotsRow({ list: [empty], readAt: SAVED }).children[0]).toMatchObject({
      description: '0.0 MB, damaged',
      color: 'bad',
    });
  });
});
