import { say } from '../../core/base/say';
import { groupBy } from '../../core/base/group';
import { problem, type Problem } from '../../core/base/problem';
import { listed, megabytes } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { optionText } from '../../core/cluster/options';
import { architectureOf, binaryName, downloadUrl, imagesNames, isReleaseArchive } from '../../core/k3s/releaseFiles';
import { importsImages } from './airgapFiles';
import { imageNotes } from './airgapImages';
import { fileChanges } from './fileChange';
import { reachedNodes, type Situation } from './situation';

/** What keeps hosts from getting K3s out of the folder of an air gap. */
export function airgapProblems(situation: Situation): readonly Problem[] {
  const { cluster, airgap } = situation;
  if (cluster.k3s.install.method !== 'airgap') return [];
  const { version } = cluster.k3s;
  return [
    ...(version === undefined
      ? [
          problem('airgap-version-missing', say`The file does not say which release its air gap holds`, {
            why: say`Nobody can be asked what a release channel is now, and whether an upgrade is possible depends on the release.`,
            nextSteps: [say`Write it as k3s.version, e.g. v1.36.3+k3s1.`],
          }),
        ]
      : []),
    ...(cluster.k3s.install.artifacts === undefined
      ? [
          problem('airgap-folder-missing', say`The file does not say where binary, images and install script are`, {
            nextSteps: [say`Name their folder, or the archive that holds them, as k3s.install.artifacts.`],
          }),
        ]
      : []),
    ...(airgap === undefined ? [] : [...releaseProblems(situation), ...staleProblems(situation)]),
    ...reachedNodes(situation).flatMap((node) => roomProblems(situation, node)),
  ];
}

/** What the folder lacks for the architectures that the hosts have. */
function releaseProblems(situation: Situation): readonly Problem[] {
  const { cluster, facts, airgap } = situation;
  if (airgap === undefined) return [];
  const { asked, folder, releases } = airgap;
  const groups = groupBy(reachedNodes(situation), ({ id }) => architectureOf(facts.get(id)?.arch ?? ''));
  return [...groups].flatMap(([architecture, nodes]): readonly Problem[] => {
    if (architecture === undefined) return [];
    const hosts = listed(nodes.map(({ id }) => id));
    const [first] = nodes;
    const unusable = (why: string, nextStep: string): readonly Problem[] => [
      problem(
        'airgap-folder-unusable',
        say`${asked} names ${folder}, which cannot be used for ${hosts} (${architecture})`,
        {
          ...(nodes.length === 1 && first !== undefined ? { host: first.id } : {}),
          why,
          nextSteps: [nextStep],
        },
      ),
    ];
    const release = releases.get(architecture);
    const from = (name: string): string =>
      cluster.k3s.version === undefined ? say`the release` : downloadUrl(cluster.k3s.version, name);
    if (release === undefined) {
      const name = binaryName(architecture);
      return unusable(
        say`It has no file for ${architecture}.`,
        say`Download ${name} from ${from(name)} into it, and the sha256 file and the images beside it.`,
      );
    }
    if (!release.ok) return unusable(release.error.why, release.error.nextStep);
    const pulling = nodes.some((node) => importsImages(cluster, node) && !hasRegistry(situation, node));
    const [name = ''] = imagesNames(architecture);
    if (release.value.images.some((file) => isReleaseArchive(file.name)) || !pulling) return [];
    return unusable(
      say`It has no archive with the images of K3s, such as ${name}, and the file names no registry that has them.`,
      say`Download ${name} from ${from(name)} into it, or name a registry under registries or system-default-registry.`,
    );
  });
}

function hasRegistry({ cluster }: Situation, node: ClusterNode): boolean {
  return cluster.registries !== undefined || optionText(cluster, node, 'system-default-registry') !== undefined;
}

/** A folder that still holds the release that the hosts have, while the file wants another one. */
function staleProblems(situation: Situation): readonly Problem[] {
  const { cluster, facts, desired, airgap } = situation;
  const { version } = cluster.k3s;
  const stale = reachedNodes(situation).filter(({ id }) => {
    const seen = facts.get(id);
    const binary = desired.get(id)?.files.find(({ kind }) => kind === 'binary');
    const isSame = binary !== undefined && seen?.files.get(binary.to)?.sha256 === binary.sha256;
    return isSame && version !== undefined && seen?.k3sVersion !== undefined && seen.k3sVersion !== version;
  });
  const [first] = stale;
  if (airgap === undefined || first === undefined) return [];
  const held = facts.get(first.id)?.k3sVersion ?? '';
  return [
    problem('airgap-other-release', say`${airgap.folder} holds ${held}, and the file wants ${version}`, {
      why: say`The binary in it is the one that ${listed(stale.map(({ id }) => id))} ${stale.length === 1 ? 'has' : 'have'} already.`,
      nextSteps: [say`Put the files of ${version} into it, or write ${held} as k3s.version.`],
    }),
  ];
}

/** What K3s unpacks out of a new binary. */
const UNPACKED = 290e6;

function roomProblems(situation: Situation, node: ClusterNode): readonly Problem[] {
  const free = (situation.facts.get(node.id)?.diskFreeKiB ?? 0) * 1024;
  const wanted = new Map(situation.desired.get(node.id)?.files.map((file) => [file.to, file.input.size]));
  const bytes = fileChanges(situation, node).reduce((sum, { path }) => sum + (wanted.get(path) ?? 0), 0);
  const needed = bytes + UNPACKED;
  if (bytes < 1e6 || free === 0 || free >= needed) return [];
  return [
    problem(
      'disk-space',
      say`${node.id} has ${megabytes(free)} free below /var/lib, and ${megabytes(needed)} are needed`,
      {
        host: node.id,
        why: say`The old files stay until K3s has proved itself with the new ones, and a new binary unpacks its programs.`,
        nextSteps: [say`Free ${megabytes(needed - free)} there.`],
      },
    ),
  ];
}

/** What goes where, once for all hosts of an architecture. */
export function airgapNotes(situation: Situation): readonly string[] {
  const { facts, airgap } = situation;
  if (airgap === undefined) return [];
  const groups = groupBy(reachedNodes(situation), ({ id }) => architectureOf(facts.get(id)?.arch ?? ''));
  const sent = [...groups].flatMap(([architecture, nodes]) => {
    const release = architecture === undefined ? undefined : airgap.releases.get(architecture);
    if (release?.ok !== true) return [];
    const { binary, images } = release.value;
    const named = [binary, ...images].map(({ name, input }) => `${name} (${megabytes(input.size)})`);
    const hosts = listed(nodes.map(({ id }) => id));
    return [
      say`${airgap.folder} has for ${hosts} (${architecture}): ${named.join(', ')}. What a host has already is not sent again.`,
    ];
  });
  return [...sent, ...imageNotes(situation)];
}
