import {
  binaryName,
  checksumsName,
  IMAGES_LIST,
  imagesNames,
  type Architecture,
} from '../../src/core/k3s/releaseFiles';
import type { Cluster } from '../../src/core/cluster/cluster';
import { sha256 } from './plans';

/** The same cluster without a way to the internet. */
export function airgapOf(cluster: Cluster, artifacts = './airgap'): Cluster {
  const { k3s } = cluster;
  return { ...cluster, k3s: { ...k3s, install: { ...k3s.install, method: 'airgap', artifacts } } };
}

/** The images of K3s in the releases of tests. */
export const RELEASE_IMAGES = [
  'docker.io/rancher/mirrored-coredns-coredns:1.14.2',
  'docker.io/rancher/mirrored-pause:3.6',
];

/** The files of a release for one architecture as they lie in the folder of an air gap, each by its path there. */
export function releaseTexts(
  version: string,
  architecture: Architecture = 'amd64',
  folder = './airgap',
  archive = `the images of ${version}\n${RELEASE_IMAGES.join('\n')}\n`,
): Readonly<Record<string, string>> {
  const [images = ''] = imagesNames(architecture);
  const files = {
    [binaryName(architecture)]: `k3s version ${version} (${architecture})\n`,
    [images]: archive,
    [IMAGES_LIST]: `${RELEASE_IMAGES.join('\n')}\n`,
  };
  const sums = Object.entries(files).map(([name, text]) => `${sha256(text)}  ${name}\n`);
  const all = { ...files, [checksumsName(architecture)]: sums.join('') };
  return Object.fromEntries(Object.entries(all).map(([name, text]) => [`${folder}/${name}`, text]));
}
