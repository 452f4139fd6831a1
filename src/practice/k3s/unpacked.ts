import { createHash } from 'node:crypto';
import type { PracticeHost } from '../machine/host';

/** Room that the programs of one release take, as recorded. */
export const UNPACKED_KIB = 293_900;

/** Where a binary unpacks its programs: a folder for each release below `data-dir`. */
export function unpackedFolder(dataDir: string, version: string): string {
  return `${dataDir}/data/${createHash('sha256').update(version).digest('hex')}`;
}

export function isUnpacked(host: PracticeHost, dataDir: string, version: string): boolean {
  return host.files.get(program(dataDir, version)) !== undefined;
}

export function unpack(host: PracticeHost, dataDir: string, version: string): void {
  host.files.write(program(dataDir, version), `simulated k3s ${version}\n`, { mode: 0o755 });
}

/** Folders of releases that are neither installed nor the one before: K3s keeps links to these two. */
export function oldFolders(host: PracticeHost, dataDir: string, version: string): readonly string[] {
  const current = unpackedFolder(dataDir, version);
  const folders = [
    ...new Set(
      host.files.below(`${dataDir}/data`).map((path) =>
        path
          .split('/')
          .slice(0, dataDir.split('/').length + 2)
          .join('/'),
      ),
    ),
  ];
  const others = folders.filter((folder) => folder !== current).sort((a, b) => modified(host, b) - modified(host, a));
  return others.slice(1);
}

function modified(host: PracticeHost, folder: string): number {
  return host.files.get(`${folder}/bin/k3s`)?.modified ?? 0;
}

function program(dataDir: string, version: string): string {
  return `${unpackedFolder(dataDir, version)}/bin/k3s`;
}
