import type { PracticeHost } from '../machine/host';
import { dataDirOf, type K3sRun } from './run';

/** Names that K3s has imported, and whether they are pinned. */
type Images = ReadonlyMap<string, 'pinned' | 'loose'>;

interface Imported {
  readonly images: Images;
  /** An archive whose content a practice host does not keep: it holds whatever somebody asks for. */
  readonly anything: boolean;
  /** Start of K3s that has imported them. */
  readonly invocation: string;
}

/** What K3s does with the archives beside it at each start. A practice host reads names where an archive is text, a name on a line. */
export function importImages({ host, config, log }: K3sRun): void {
  const invocation = runningInvocation(host);
  const folder = `${dataDirOf(config)}/agent/images`;
  const images = new Map(importedOn(host, dataDirOf(config))?.images);
  let anything = false;
  for (const path of host.files.below(folder)) {
    const file = host.files.get(path);
    if (file === undefined || !/\.(?:tar|tgz|tbz|tzst|tar\.\w+)$/.test(path)) continue;
    anything ||= file.bytes !== undefined;
    for (const [name] of file.content.matchAll(/^[\w.-]+(?:\/[\w.-]+)+:[\w.-]+$/gm)) images.set(name, 'pinned');
    log('info', `Imported images from ${path} in 1.0s`);
  }
  host.files.write(storePath(dataDirOf(config)), '', {
    mode: 0o600,
    meaning: { images, anything, invocation } satisfies Imported,
  });
}

/** How an image stands in the containerd of a host. */
export function imageState(host: PracticeHost, dataDir: string, name: string): 'pinned' | 'loose' | 'missing' {
  const imported = importedOn(host, dataDir);
  return imported?.images.get(name) ?? (imported?.anything === true ? 'pinned' : 'missing');
}

/** Whether the K3s that runs has imported what it imports. */
export function hasImported(host: PracticeHost, dataDir: string): boolean {
  return importedOn(host, dataDir)?.invocation === runningInvocation(host);
}

function runningInvocation({ units }: PracticeHost): string {
  return [...units.values()].find((unit) => unit.state().active !== 'inactive')?.state().invocation ?? '';
}

function importedOn(host: PracticeHost, dataDir: string): Imported | undefined {
  return host.files.get(storePath(dataDir))?.meaning as Imported | undefined;
}

function storePath(dataDir: string): string {
  return `${dataDir}/agent/containerd/io.containerd.metadata.v1.bolt/meta.db`;
}
