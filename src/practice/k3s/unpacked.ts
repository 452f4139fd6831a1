import { createHash } from 'node:crypto';
import type { PracticeHost } from '../machine/host';

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

function program(dataDir: string, version: string): string {
  return `${unpackedFolder(dataDir, version)}/bin/k3s`;
}
