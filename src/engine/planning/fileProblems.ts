import { say } from '../../core/base/say';
import { groupBy } from '../../core/base/group';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { expectedFiles, manifestFolder } from '../../core/cluster/hostFiles';
import { dataDir } from '../../core/cluster/options';
import { writtenList } from '../../core/cluster/written';
import { addonName, announcesServices, manifestNameFault } from '../../core/k3s/manifest';
import { ownerOf } from '../../core/k3s/ownPaths';
import type { DesiredFile } from './desiredFiles';
import type { Situation } from './situation';

/** What K3s on a host would not find, and what is in the way of a file that is to come. */
export function fileProblems({ cluster, facts, desired }: Situation, node: ClusterNode): readonly Problem[] {
  const seen = facts.get(node.id);
  if (seen === undefined) return [];
  const missing = expectedFiles(cluster, node)
    .filter(({ path }) => seen.files.get(path)?.kind !== 'file')
    .map(({ key, path }) =>
      problem('datastore-file-missing', say`There is no file ${path} on ${node.id}, which datastore.${key} names`, {
        host: node.id,
        why: say`K3s would stop because it does not find it. An absolute path is one of the servers.`,
        nextSteps: [
          say`Put the file there, or keep it beside the cluster file and write its path from there: then it is sent to the servers.`,
        ],
      }),
    );
  const blocked = (desired.get(node.id)?.files ?? [])
    .filter(({ to }) => seen.files.get(to)?.kind === 'folder')
    .map(({ to, use }) =>
      problem('file-place-taken', say`${to} on ${node.id} is a folder, and ${use} sends a file there`, {
        host: node.id,
        nextSteps: [say`Look at what is in that folder and move it away.`],
      }),
    );
  const files = desired.get(node.id)?.files ?? [];
  return [
    ...missing,
    ...blocked,
    ...ownedProblems(cluster, node, files),
    ...doubleProblems(node, files),
    ...addonProblems(manifestFolder(cluster, node), node, files),
    ...servicesProblems(cluster, node, files),
  ];
}

/** Places that K3s or K3s HA writes itself; what is put there would be lost, or would take their work apart. */
function ownedProblems(cluster: Cluster, node: ClusterNode, files: readonly DesiredFile[]): readonly Problem[] {
  return files.flatMap(({ to, kind, use }) => {
    const why =
      kind === 'manifest'
        ? manifestNameFault(to.slice(to.lastIndexOf('/') + 1))
        : kind === 'file'
          ? ownerOf(to, dataDir(cluster, node))
          : undefined;
    if (why === undefined) return [];
    return [
      problem('file-place-owned', say`${use} cannot put a file to ${to} on ${node.id}`, {
        host: node.id,
        why: kind === 'manifest' ? why : say`That is ${why}.`,
        nextSteps: [kind === 'manifest' ? say`Rename the file.` : say`Choose another place for it.`],
      }),
    ];
  });
}

function doubleProblems(node: ClusterNode, files: readonly DesiredFile[]): readonly Problem[] {
  return [...groupBy(files, ({ to }) => to)].flatMap(([to, group]) => {
    if (group.length < 2) return [];
    return [
      problem(
        'file-place-twice',
        say`${listed(group.map(({ use }) => use))} put several files to ${to} on ${node.id}`,
        {
          host: node.id,
          nextSteps: [say`Give each file a place of its own; manifests of several folders need different names.`],
        },
      ),
    ];
  });
}

/** Manifests that are one AddOn to K3s, which deletes the objects of one for the other. */
function addonProblems(folder: string, node: ClusterNode, files: readonly DesiredFile[]): readonly Problem[] {
  const manifests = files.filter(({ to }) => to.startsWith(`${folder}/`) && addonName(to) !== undefined);
  return [...groupBy(manifests, ({ to }) => addonName(to) ?? to)].flatMap(([addon, group]) => {
    const places = [...new Set(group.map(({ to }) => to))];
    if (places.length < 2) return [];
    return [
      problem('manifest-name-taken', say`${listed(places)} on ${node.id} are one AddOn ${addon} to K3s`, {
        host: node.id,
        why: say`K3s keeps one AddOn for each base name, and deletes the objects of one file for the other.`,
        nextSteps: [say`Give each manifest a name of its own, whatever folder it lies in.`],
      }),
    ];
  });
}

/** ServiceLB writes addresses of nodes into Services, and kube-vip would put them on one machine's interface. */
function servicesProblems(cluster: Cluster, node: ClusterNode, files: readonly DesiredFile[]): readonly Problem[] {
  if (cluster.servers.every((server) => writtenList(server, 'disable').includes('servicelb'))) return [];
  const folder = manifestFolder(cluster, node);
  return files
    .filter(({ to, text }) => to.startsWith(`${folder}/`) && text !== undefined && announcesServices(text))
    .map(({ to }) =>
      problem(
        'kubevip-with-servicelb',
        say`${to} has kube-vip announce Services, and ServiceLB of K3s does so as well`,
        {
          host: node.id,
          why: say`ServiceLB writes the addresses of nodes into Services. kube-vip would put them on the interface of one machine, and the others would lose the network.`,
          nextSteps: [
            say`Write disable: [servicelb] under servers.config, or svc_enable "false" in the manifest.`,
            say`See https://github.com/kube-vip/kube-vip/issues/1288 for what happens otherwise.`,
          ],
        },
      ),
    );
}
