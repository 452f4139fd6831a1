import { binaryPath } from '../../core/cluster/binaryPath';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { dataDir, optionIsOn, optionText } from '../../core/cluster/options';
import type { FileQuestion } from '../../core/facts/fileFacts';
import { isReleaseArchive, type Architecture } from '../../core/k3s/releaseFiles';
import type { AirgapFile, AirgapFolder } from './airgapFolder';
import type { DesiredFile } from './desiredFiles';

/** What a node gets from the folder of an air gap: images first, for the binary needs them when it starts. */
export function airgapFiles(
  cluster: Cluster,
  node: ClusterNode,
  folder: AirgapFolder | undefined,
  architecture: Architecture | undefined,
): readonly DesiredFile[] {
  const release = architecture === undefined ? undefined : folder?.releases.get(architecture);
  if (release?.ok !== true) return [];
  const images = importsImages(cluster, node) ? release.value.images : [];
  return [
    ...images.map((file) => desired(file, imagePath(cluster, node, file), '0644', 'images')),
    desired(release.value.binary, binaryPath(cluster), '0755', 'binary'),
  ];
}

/** The images of K3s that K3s imports on a node out of the folder of an air gap. Another containerd gets them in other ways. */
export function airgapImages(
  cluster: Cluster,
  node: ClusterNode,
  folder: AirgapFolder | undefined,
  architecture: Architecture | undefined,
): readonly string[] {
  const release = architecture === undefined ? undefined : folder?.releases.get(architecture);
  if (release?.ok !== true || !release.value.images.some(({ name }) => isReleaseArchive(name))) return [];
  const own =
    !optionIsOn(cluster, node, 'docker') && optionText(cluster, node, 'container-runtime-endpoint') === undefined;
  return own && importsImages(cluster, node) ? release.value.listed : [];
}

/** What a host is asked before its architecture is known. It reads large files for the answer. */
export function airgapQuestions(
  cluster: Cluster,
  node: ClusterNode,
  folder: AirgapFolder | undefined,
): readonly FileQuestion[] {
  const releases = [...(folder?.releases.values() ?? [])].flatMap((read) => (read.ok ? [read.value] : []));
  const questions = releases.flatMap(({ binary, images }) => [
    { path: binaryPath(cluster), size: binary.input.size },
    ...(importsImages(cluster, node) ? images : []).map((file) => ({
      path: imagePath(cluster, node, file),
      size: file.input.size,
    })),
  ]);
  return [...new Map(questions.map((question) => [question.path, question])).values()];
}

/** The folder whose archives K3s imports. https://docs.k3s.io/installation/airgap */
function imagePath(cluster: Cluster, node: ClusterNode, { name }: AirgapFile): string {
  return `${dataDir(cluster, node)}/agent/images/${name}`;
}

/** A server without agent runs no containers. */
export function importsImages(cluster: Cluster, node: ClusterNode): boolean {
  return !optionIsOn(cluster, node, 'disable-agent');
}

function desired({ input }: AirgapFile, to: string, mode: string, kind: DesiredFile['kind']): DesiredFile {
  const { sha256 } = input;
  return { to, mode, kind, use: 'k3s.install.artifacts', restart: true, secret: false, sha256, input };
}
