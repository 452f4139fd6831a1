/** Architectures that K3s has a release for, as its files name them. https://docs.k3s.io/installation/requirements */
export const ARCHITECTURES = ['amd64', 'arm64', 'arm', 's390x'] as const;

export type Architecture = (typeof ARCHITECTURES)[number];

/** What `uname -m` says, as the install script understands it; undefined when there is no K3s for it. */
export function architectureOf(machine: string): Architecture | undefined {
  if (/^(?:amd64|x86_64)$/.test(machine)) return 'amd64';
  if (/^(?:arm64|aarch64)$/.test(machine)) return 'arm64';
  if (machine === 's390x') return 's390x';
  return machine.startsWith('arm') ? 'arm' : undefined;
}

const BINARIES: Record<Architecture, string> = {
  amd64: 'k3s',
  arm64: 'k3s-arm64',
  arm: 'k3s-armhf',
  s390x: 'k3s-s390x',
};

/** Name of the binary among the files of a release. */
export function binaryName(architecture: Architecture): string {
  return BINARIES[architecture];
}

/** Name of the file with the sha256 of the others. */
export function checksumsName(architecture: Architecture): string {
  return `sha256sum-${architecture}.txt`;
}

/** Name of the file with the names of the images in its archive, one a line. */
export const IMAGES_LIST = 'k3s-images.txt';

/** Names of images out of {@link IMAGES_LIST}. */
export function readImagesList(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*([A-Za-z0-9][\w./:@-]*)[ \t\r]*$/gm)].map(([, name = '']) => name);
}

/** Where the install script gets releases when `INSTALL_K3S_ARTIFACT_URL` says nothing else. */
export const RELEASES_URL = 'https://github.com/k3s-io/k3s/releases/download';

/** Where a file of a release is downloaded; the `+` of a version is escaped there as the install script does it. */
export function downloadUrl(version: string, name: string, from = RELEASES_URL): string {
  return `${from.replace(/\/+$/, '')}/${version.replace('+', '%2B')}/${name}`;
}

/** Names of the archive with the images of K3s, the smallest first. */
export function imagesNames(architecture: Architecture): readonly string[] {
  return ['tar.zst', 'tar.gz', 'tar'].map((end) => `k3s-airgap-images-${architecture}.${end}`);
}

/** Archives that K3s imports at its start. https://docs.k3s.io/installation/airgap */
export function isImageArchive(name: string): boolean {
  return /\.(?:tar|tar\.(?:lz4|bz2|gz|zst)|tbz|tgz|tzst)$/.test(name);
}

/** Whether a path names one archive that holds the files of a release, rather than their folder. */
export function isReleaseBundle(path: string): boolean {
  return /\.(?:tar|tar\.gz|tgz|tar\.zst|tzst)$/i.test(path);
}

/** Whether an archive is one with the images of K3s itself, of whatever architecture. */
export function isReleaseArchive(name: string): boolean {
  return name.startsWith('k3s-airgap-images-');
}

/** sha256 by file name of the lines that `sha256sum` writes, in whatever folder it was called. */
export function readChecksums(text: string): ReadonlyMap<string, string> {
  const lines = text.replace(/^\uFEFF/, '').matchAll(/^\\?([0-9a-f]{64}) [ *](?:\S*\/)?([^\s/]+)[ \t\r]*$/gim);
  return new Map([...lines].map(([, sha256 = '', name = '']) => [name, sha256.toLowerCase()]));
}
