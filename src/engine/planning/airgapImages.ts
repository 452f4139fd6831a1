import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { dataDir } from '../../core/cluster/options';
import { nodesOf, unitOf } from '../../core/cluster/roles';
import { cacheKeepsPins, IMAGE_CACHE } from '../../core/k3s/imageCache';
import { architectureOf, checksumsName, isReleaseArchive, type Architecture } from '../../core/k3s/releaseFiles';
import type { MachineId } from '../../core/plan/step';
import { nodeImages, type NodeImages } from '../../core/remote/nodeImages';
import { mapLimit, target } from '../hosts/targets';
import type { RemoteHosts } from '../ports';
import { reachedNodes, type Situation } from './situation';
import { isRunning } from './starts';

/** What the nodes that run have of the images that they are to have. One that does not tell is left out. */
export async function askImages(
  { cluster, facts, desired }: Pick<Situation, 'cluster' | 'facts' | 'desired'>,
  { hosts, parallel }: { readonly hosts: RemoteHosts; readonly parallel: number },
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<MachineId, NodeImages>> {
  const images = new Map<MachineId, NodeImages>();
  const asked = nodesOf(cluster).filter(
    (node) => isRunning(node, facts) && (desired.get(node.id)?.images.length ?? 0) > 0,
  );
  await mapLimit(asked, parallel, async (node) => {
    const names = desired.get(node.id)?.images ?? [];
    const command = nodeImages(dataDir(cluster, node), unitOf(node), names);
    const answer = await hosts.run(target(node), command, signal === undefined ? {} : { signal });
    if (answer.kind === 'done') images.set(node.id, answer.value);
  });
  return images;
}

/** Why K3s has to be started again on a node for its images, after "because"; undefined when all are there and pinned. */
export function imagesReason({ images }: Situation, { id }: ClusterNode): string | undefined {
  const seen = images?.get(id);
  const words = seen === undefined ? '' : lackingWords(seen);
  return words === '' ? undefined : say`${words}, and K3s imports them when it starts`;
}

/** `docker.io/rancher/mirrored-pause:3.6 is not pinned`; empty when nothing is lacking. */
export function lackingWords({ missing, loose }: NodeImages): string {
  const words = (names: readonly string[], what: string): readonly string[] =>
    names.length === 0 ? [] : [say`${listed(names)} ${names.length === 1 ? 'is' : 'are'} not ${what}`];
  return [...words(missing, 'there'), ...words(loose, 'pinned')].join(' and ');
}

/** Why K3s would not import its images again at its next start, after "because". */
export function cacheReason({ cluster, images }: Situation, { id }: ClusterNode): string | undefined {
  if (images?.get(id)?.cached !== true || cacheKeepsPins(cluster.k3s.version)) return undefined;
  return say`with it ${cluster.k3s.version} takes the pins of images away at its next start`;
}

/** What came of images that are lacking, and what nobody checks because the folder does not tell enough. */
export function imageNotes(situation: Situation): readonly string[] {
  const { airgap, images } = situation;
  if (airgap === undefined) return [];
  const lacking = reachedNodes(situation).flatMap((node) => {
    const seen = images?.get(node.id);
    if (seen === undefined || lackingWords(seen) === '') return [];
    return [`${node.id}: ${lackingWords(seen)}. ${imagesCause(seen)}`];
  });
  return [
    ...[...airgap.releases.keys()].flatMap((architecture) => uncheckedNotes(situation, architecture)),
    ...lacking,
  ];
}

function uncheckedNotes(situation: Situation, architecture: Architecture): readonly string[] {
  const { airgap, desired, facts } = situation;
  const release = airgap?.releases.get(architecture);
  const nodes = reachedNodes(situation).filter(
    ({ id }) =>
      architectureOf(facts.get(id)?.arch ?? '') === architecture &&
      desired.get(id)?.files.some(({ to }) => isReleaseArchive(to.split('/').at(-1) ?? '')),
  );
  if (airgap === undefined || release?.ok !== true || nodes.length === 0) return [];
  const { untold, unsummed } = release.value;
  return [
    ...(untold === undefined
      ? []
      : [
          say`${airgap.folder} has no k3s-images.txt, so nobody checks whether the images of K3s are there and pinned on ${listed(nodes.map(({ id }) => id))}: ${untold}`,
        ]),
    ...(unsummed.length === 0
      ? []
      : [
          say`${checksumsName(architecture)} has no line for ${listed(unsummed)}, so nobody checks whether it is whole.`,
        ]),
  ];
}

/** What takes images or their pins away, in a sentence. */
export function imagesCause({ missing, failures, cached }: NodeImages): string {
  const [failure] = failures;
  if (failure !== undefined) return `K3s says: ${failure}.`;
  if (cached)
    return say`K3s has not imported archives again that ${IMAGE_CACHE} lists; older releases take their pins away then, and kubelet deletes images that are not pinned when the disk is full.`;
  return missing.length > 0
    ? say`They were deleted since K3s has imported them, or their archive does not hold them.`
    : say`The label io.cri-containerd.pinned was taken away: kubelet deletes such images when the disk is full.`;
}
