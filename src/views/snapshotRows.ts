import { say } from '../core/base/say';
import { duration } from '../core/base/duration';
import { code, md } from '../core/base/markdown';
import { lastPer } from '../core/base/remember';
import { kindWords, placeWords, sizeWords, type KnownSnapshot } from '../core/health/snapshots';
import { briefest } from './briefWords';
import type { SnapshotsSeen } from './clusterState';
import type { ExplorerRow } from './explorerRow';

/** A cluster whose newest snapshot is older than this has none that helps. */
const OLD_MS = 2 * 24 * 60 * 60 * 1000;

/** The snapshots of a cluster; read over SSH when the row is opened first. */
export function snapshotsRow(seen: SnapshotsSeen | undefined): ExplorerRow {
  const base = { id: 'snapshots', label: say`Snapshots`, icon: 'archive', context: 'snapshots' as const };
  const tooltip = md`Copies of etcd that the cluster can be restored from, on the servers and in S3.`;
  if (seen === undefined) return { ...base, description: '', tooltip, children: [], unread: true };
  const [newest] = seen.list;
  const old = newest === undefined || seen.readAt - newest.created > OLD_MS;
  return {
    ...base,
    description:
      newest === undefined ? say`none` : say`${seen.list.length} · ${duration(seen.readAt - newest.created)} ago`,
    spoken: newest === undefined ? say`none` : say`${seen.list.length} · newest ${timeWords(newest.created)}`,
    tooltip,
    ...(old ? { color: 'warning' as const } : {}),
    children: seen.list.map((one) => snapshotRow(one)),
  };
}

const snapshotRow = lastPer((one: KnownSnapshot): ExplorerRow => {
  const size = sizeWords(one);
  return {
    id: `snapshot:${one.name}`,
    label: timeWords(one.created),
    description: briefest(`${placeWords(one)} · ${size}`, size),
    spoken: `${placeWords(one)} · ${size}`,
    tooltip: md`Saved ${timeWords(one.created)}, ${kindWords(one)}: ${code(one.name)}, ${size}, on ${placeWords(one)}`,
    icon: 'file-zip',
    ...(size.endsWith('damaged') ? { color: 'bad' as const } : {}),
    context: 'snapshot',
    children: [],
  };
});

function timeWords(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
