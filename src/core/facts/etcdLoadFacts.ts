import { parseExactJson } from '../base/exactJson';
import type { FactTopic } from './topic';

/** How embedded etcd does on a server; absent where none runs, or nobody could ask it. */
export interface EtcdLoadTopic {
  readonly etcdLoad?: EtcdLoad;
}

export interface EtcdLoad {
  /** Bytes that its file takes, and how many of them hold data; the rest is free after a defragmentation. */
  readonly size: number;
  readonly inUse: number;
  /** Bytes at which it refuses every write. */
  readonly quota: number;
  /** Alarms of the whole cluster, e.g. `NOSPACE`. */
  readonly alarms: readonly string[];
  /** How long writes took since K3s started: 99 of 100 no longer than this many milliseconds, of `writes`. */
  readonly fsync?: { readonly slowMs: number; readonly writes: number };
  /** The most objects by their kind, on a server whose etcd is rather full. */
  readonly objects: readonly { readonly kind: string; readonly count: number }[];
}

/**
 * Asked by the JSON gateway and the metrics, which listen on loopback only. What fills it is asked only where that is a question:
 * the metrics of an API server are large. https://etcd.io/docs/v3.6/op-guide/maintenance/#space-quota
 */
export const etcdLoadFacts: FactTopic<EtcdLoadTopic> = {
  name: 'etcdLoad',
  script: String.raw`if [ -d "$1/server/db/etcd/member" ] && command -v curl >/dev/null 2>&1; then
  tls=$1/server/tls/etcd
  etcd_status=$(curl -q -s -m 3 --noproxy '*' --cacert "$tls/server-ca.crt" --cert "$tls/client.crt" --key "$tls/client.key" -d '{}' https://127.0.0.1:2382/v3/maintenance/status 2>/dev/null | tr -d '\n' | cut -c1-4096)
  put etcd_status "$etcd_status"
  put etcd_fsync "$(curl -q -s -m 3 --noproxy '*' http://127.0.0.1:2381/metrics 2>/dev/null | sed -n 's/^etcd_disk_wal_fsync_duration_seconds_bucket{le="\([^"]*\)"} \(.*\)/\1:\2/p' | tr '\n' ' ')"
  number() { printf '%s' "$etcd_status" | sed -n "s/.*\"$1\": *\"\{0,1\}\([0-9]*\).*/\1/p"; }
  quota=$(number dbSizeQuota)
  size=$(number dbSize)
  [ -n "$quota" ] || quota=0
  [ -n "$size" ] || size=0
  if [ "$quota" -gt 0 ] && [ $((size / (quota / 100 + 1))) -ge 70 ]; then
    put etcd_objects "$("$(k3s_path)" kubectl get --raw /metrics --request-timeout=5s 2>/dev/null | sed -n 's/^apiserver_\(storage\|resource\)_objects{.*resource="\([^"]*\)".*} \(.*\)/\3 \2/p' | sort -gr | head -n 3 | tr ' \n' ': ')"
  fi
fi
`,
  read: (values) => {
    const status = record(parseExactJson(values.text('etcd_status')));
    const [size, quota] = [number(status['dbSize']), number(status['dbSizeQuota'])];
    if (size === undefined) return {};
    const fsync = slowest(values.words('etcd_fsync'));
    const errors = Array.isArray(status['errors']) ? status['errors'].map(String) : [];
    return {
      etcdLoad: {
        size,
        inUse: number(status['dbSizeInUse']) ?? size,
        // 2 GiB, unless quota-backend-bytes says otherwise; etcd before 3.6 does not tell.
        quota: quota ?? 2 ** 31,
        alarms: errors.flatMap((text) => /alarm: ?([A-Z]+)/.exec(text)?.[1] ?? []),
        ...(fsync === undefined ? {} : { fsync }),
        objects: values.words('etcd_objects').flatMap((word) => {
          const [count = '', kind = ''] = word.split(':');
          return kind === '' || !Number.isFinite(Number(count)) ? [] : [{ kind, count: Number(count) }];
        }),
      },
    };
  },
};

/** The bound of the first bucket that holds 99 of 100 writes. */
function slowest(words: readonly string[]): EtcdLoad['fsync'] {
  const buckets = words.map((word) => word.split(':').map(Number)).filter(([, count]) => Number.isFinite(count));
  const writes = Math.max(0, ...buckets.map(([, count = 0]) => count));
  const bound = buckets.find(([, count = 0]) => count >= writes * 0.99)?.[0];
  if (writes === 0 || bound === undefined) return undefined;
  // Above the last bound nobody knows how long it took.
  return { slowMs: Number.isFinite(bound) ? bound * 1000 : 8192, writes };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function number(value: unknown): number | undefined {
  const found = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
  return Number.isFinite(found) && found >= 0 ? found : undefined;
}
