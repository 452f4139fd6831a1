import { HASH_FUNCTION } from './fileSha256';
import type { RemoteOutput } from './remoteCommand';

/**
 * A shell function that tells what can be told of a snapshot without the tools of etcd, as `key=value` lines: size, sha256,
 * whether its first page is one of a bolt database, whether the sha256 that etcd writes behind the database is right, and under
 * which tokens K3s has put its authorities into it. K3s restores a file without looking at any of that, one of no bytes as well:
 * the cluster is empty then. https://github.com/etcd-io/bbolt/blob/main/internal/common/meta.go,
 * https://github.com/etcd-io/etcd/blob/main/etcdutl/snapshot/v3_snapshot.go
 */
export const PROVE_SNAPSHOT = String.raw`${HASH_FUNCTION}
hex() { od -A n -t x1 -v | tr -d ' \n'; }
content() { if [ "$form" = zip ]; then unzip -p "$1" 2>/dev/null; else cat "$1"; fi; }
prove() {
  if [ ! -f "$1" ]; then echo "$1 does not exist" >&2; return 1; fi
  echo "size=$(($(wc -c < "$1")))"
  echo "sha256=$(hash < "$1")"
  form=plain
  if [ "$(head -c 4 "$1" | hex)" = 504b0304 ]; then form=zip; fi
  if [ $form = zip ] && ! command -v unzip >/dev/null 2>&1; then echo form=closed; return 0; fi
  echo "form=$form"
  if [ "$(content "$1" 2>/dev/null | head -c 24 | tail -c 8 | hex)" = edda0ced02000000 ]; then echo bolt=yes; fi
  bytes=$(($(content "$1" | wc -c)))
  case $((bytes % 512)) in
    32) if [ "$(content "$1" 2>/dev/null | head -c $((bytes - 32)) | hash)" = "$(content "$1" | tail -c 32 | hex)" ]; then echo sum=right; fi ;;
    0) if [ "$bytes" -gt 0 ]; then echo sum=none; fi ;;
  esac
  content "$1" | grep -aoE '/bootstrap/[0-9a-f]{12}' | sort -u | sed 's,^/bootstrap/,token=,'
}`;

/** What a host tells of a snapshot. */
export interface SnapshotProof {
  /** Of the file, in bytes. */
  readonly size: number;
  readonly sha256: string;
  /** `closed`: packed, and the host has nothing that unpacks it. */
  readonly form: 'plain' | 'zip' | 'closed';
  /** It begins as a database of etcd does. */
  readonly bolt: boolean;
  /** `none`: etcd's own sha256 is not there, as in a copy of the database of a server. */
  readonly sum: 'right' | 'wrong' | 'none';
  /** The first 12 digits of the sha256 of each token with which the authorities of the cluster are encrypted in it. */
  readonly tokenHashes: readonly string[];
}

/** Reads the lines of {@link PROVE_SNAPSHOT}; undefined when they are none. */
export function readProof({ stdout }: RemoteOutput): SnapshotProof | undefined {
  const values = (key: string): readonly string[] =>
    [...stdout.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  const [size = ''] = values('size');
  const [sha256 = ''] = values('sha256');
  const [form = ''] = values('form');
  if (!/^\d+$/.test(size) || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  const [sum] = values('sum');
  return {
    size: Number(size),
    sha256,
    form: form === 'zip' || form === 'closed' ? form : 'plain',
    bolt: values('bolt').includes('yes'),
    sum: sum === 'right' || sum === 'none' ? sum : 'wrong',
    tokenHashes: values('token').filter((hash) => /^[0-9a-f]{12}$/.test(hash)),
  };
}

/** What a snapshot is compared with. */
export interface SnapshotExpectation {
  /** As it was listed. */
  readonly size?: number;
  /** {@link tokenHash} of the token of the cluster. */
  readonly tokenHash?: string;
}

/** What names a token without telling it, as K3s does: in the bootstrap key, and at the objects of snapshots. */
export function tokenHash(passwordSha256: string): string {
  return passwordSha256.slice(0, 12);
}

/** Why nothing must be restored from a snapshot, as the end of a sentence about it; undefined for one that can be restored. */
export function snapshotFault(
  { size, form, bolt, sum, tokenHashes }: SnapshotProof,
  expected: SnapshotExpectation = {},
): string | undefined {
  if (size === 0) return 'it is empty: a cluster that is restored from it has nothing in it';
  if (expected.size !== undefined && expected.size !== size)
    return `it has ${size} bytes, but ${expected.size} when it was listed`;
  if (form === 'closed') return 'it is packed, and this host has no unzip that could look into it';
  if (!bolt) return 'it is no database of etcd';
  if (sum === 'none') return 'it lacks the sha256 that etcd writes behind every snapshot';
  if (sum === 'wrong') return 'it was cut off or damaged: the sha256 that etcd wrote behind it is another one';
  if (tokenHashes.length === 0) return 'K3s has put no certificate authorities into it';
  if (expected.tokenHash !== undefined && !tokenHashes.includes(expected.tokenHash))
    return 'its certificate authorities are encrypted with another token than the one of this cluster';
  return undefined;
}
