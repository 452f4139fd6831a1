import { ok } from '../base/result';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: folder, which need not be there yet. Writes 2300 bytes at a time as etcd does, each of them safely on the disk before
 * the next, in rounds of ten, for at most four seconds; prints how long each round took. The file is gone at its end.
 * https://etcd.io/docs/v3.6/op-guide/hardware/#disks
 */
export const DISK_LATENCY_SCRIPT: RemoteScript = {
  id: 'disk-latency',
  text: `folder=$1
while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
file=
trap 'rm -f "$file"' EXIT
trap 'exit 130' HUP INT TERM PIPE
file=$(mktemp "$folder/.k3s-ha-disk.XXXXXX") || exit 1
uptime() { cut -d. -f1 /proc/uptime; }
began=$(uptime)
round=0
while [ $round -lt 20 ] && [ $(($(uptime) - began)) -lt 4 ]; do
  LC_ALL=C dd if=/dev/zero of="$file" bs=2300 count=10 oflag=dsync conv=notrunc 2>&1 | sed -n 's/.*copied, \\([0-9.e-]*\\) s.*/took \\1/p'
  round=$((round + 1))
done`,
};

/** How long a disk takes until a small write is safe, in milliseconds. */
export interface DiskLatency {
  readonly usual: number;
  /** What one of twenty rounds takes at most. */
  readonly slow: number;
}

/** Measures the disk below a folder; undefined when the host has no `dd` that can. */
export function diskLatency(folder: string): RemoteCommand<DiskLatency | undefined> {
  return {
    script: DISK_LATENCY_SCRIPT,
    args: [folder],
    sudo: true,
    timeoutMs: 60_000,
    secrets: [],
    parse: ({ stdout }) => {
      // A round has ten writes: its seconds times a hundred are the milliseconds of one.
      const rounds = [...stdout.matchAll(/^took ([0-9.e-]+)$/gm)].map(([, text]) => Number(text) * 100);
      const sorted = rounds.filter(Number.isFinite).sort((a, b) => a - b);
      const usual = sorted[Math.floor(sorted.length / 2)];
      const slow = sorted[Math.max(0, sorted.length - 2)];
      return ok(usual === undefined || slow === undefined ? undefined : { usual, slow });
    },
  };
}
