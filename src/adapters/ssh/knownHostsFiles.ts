import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { parseKnownHosts, type KnownHost } from './knownHosts';
import { readKeyFile } from './regularFile';

/** Reads known_hosts files, each one again only when it has changed. */
export interface KnownHostsFiles {
  /** The entries of all files in order; a problem when one of them cannot be read. */
  read(paths: readonly string[]): Promise<Result<readonly KnownHost[], Problem>>;
}

export function createKnownHostsFiles(): KnownHostsFiles {
  const seen = new Map<string, { readonly stamp: string; readonly entries: readonly KnownHost[] }>();

  const readOne = async (path: string): Promise<Result<readonly KnownHost[], Problem>> => {
    const known = seen.get(path);
    const content = await readKeyFile(path, known?.stamp);
    if (!content.ok) return content;
    if (content.value === undefined) return ok([]);
    if (content.value === 'unchanged') return ok(known?.entries ?? []);
    const entries = parseKnownHosts(content.value.bytes.toString('utf8'), path);
    seen.set(path, { stamp: content.value.stamp, entries });
    return ok(entries);
  };

  return {
    async read(paths) {
      const results = await Promise.all(paths.map(readOne));
      const entries: KnownHost[] = [];
      for (const result of results) {
        if (!result.ok) return err(result.error);
        entries.push(...result.value);
      }
      return ok(entries);
    },
  };
}

/**
 * Adds one line to the person's own known_hosts, which may be a symbolic link to a regular file. The line goes out in
 * one write at the end of the file, so that other programs that add lines do not tear it; throws when it cannot.
 */
export async function appendKnownHost(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(
    path,
    constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK,
    0o600,
  );
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new Error('It is not a regular file.');
    const last = Buffer.alloc(1);
    if (info.size > 0) await file.read(last, 0, 1, info.size - 1);
    const separator = info.size === 0 || last.toString() === '\n' ? '' : '\n';
    await file.write(`${separator}${line}\n`);
  } finally {
    await file.close();
  }
}
