import type { FactTopic } from './topic';

/** Snapshots on the disk of a server; absent where there is no folder for them. */
export interface SnapshotTopic {
  readonly snapshots?: DiskSnapshots;
}

export interface DiskSnapshots {
  readonly folder: string;
  /** By their names, in the order of these. */
  readonly files: ReadonlyMap<string, DiskSnapshot>;
}

export interface DiskSnapshot {
  readonly size: number;
  /** Seconds since 1970. */
  readonly time: number;
}

/** Names that are told: K3s itself keeps five on each server. */
const MOST = 1000;

export const snapshotFacts: FactTopic<SnapshotTopic> = {
  name: 'snapshot',
  script: `folder=\${3:-$1/server/db/snapshots}
if [ -d "$folder" ]; then
  put snapshot_folder "$folder"
  told=0
  for file in "$folder"/*; do
    if [ -f "$file" ] && [ "$told" -lt ${MOST} ]; then put "snapshot \${file##*/}" "$(stat -L -c '%s %Y' "$file")"; told=$((told + 1)); fi
  done
fi
`,
  read: (values) => {
    const folder = values.optional('snapshot_folder');
    if (folder === undefined) return {};
    const files = [...values.texts('snapshot')].flatMap(([name, text]): [string, DiskSnapshot][] => {
      const [, size, time] = /^(\d+) (\d+)$/.exec(text.trim()) ?? [];
      return size === undefined || time === undefined ? [] : [[name, { size: Number(size), time: Number(time) }]];
    });
    return { snapshots: { folder, files: new Map(files) } };
  },
};
