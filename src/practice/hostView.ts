import { createHash } from 'node:crypto';
import type { PracticeHost, UnitName } from './machine/host';
import type { UnitState } from './machine/unit';

/** State of a simulated host. */
export interface HostView {
  readonly powered: boolean;
  readonly bootId: string;
  /** On its interface: its own, and those that it carries for others. */
  readonly addresses: readonly string[];
  /** Content and mode of a file. */
  file(path: string): { readonly content: string; readonly mode: number } | undefined;
  removeFile(path: string): void;
  /** What is in a file, as it is. */
  bytes(path: string): Buffer;
  writeBytes(path: string, data: Buffer): void;
  /** Paths below a folder. */
  below(folder: string): readonly string[];
  unit(name: UnitName): UnitState;
  journal(name: UnitName): readonly string[];
}

/** A look at a host, without SSH. */
export function inspectHost(host: PracticeHost): HostView {
  return {
    powered: host.powered,
    bootId: host.bootId,
    addresses: [...host.addresses, ...host.carried],
    file: (path) => {
      const file = host.files.get(path);
      return file === undefined ? undefined : { content: file.content, mode: file.mode };
    },
    removeFile: (path) => host.files.remove(path),
    bytes: (path) => {
      const file = host.files.get(path);
      return file?.bytes?.data ?? Buffer.from(file?.content ?? '');
    },
    writeBytes: (path, data) => {
      const sha256 = createHash('sha256').update(data).digest('hex');
      host.files.write(path, '', { mode: 0o600, bytes: { size: data.length, sha256, data } });
    },
    below: (folder) => host.files.below(folder),
    unit: (name) =>
      host.units.get(name)?.state() ?? {
        active: 'inactive',
        sub: 'dead',
        restarts: 0,
        result: 'success',
        invocation: '',
      },
    journal: (name) => host.journal.read(name),
  };
}
