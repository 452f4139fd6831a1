import { problem, type Problem } from '../../base/problem';
import type { Cluster } from '../../cluster/cluster';
import { hostFiles } from '../../cluster/hostFiles';
import { nodesOf } from '../../cluster/roles';

/** What no other tool is told: it is done by hand, or by K3s HA. */
export function leftOf(cluster: Cluster): readonly string[] {
  const uses = new Set(nodesOf(cluster).flatMap((node) => hostFiles(cluster, node).map(({ use }) => use)));
  const { loadBalancer: balancer, hooks = [], firewall, k3s } = cluster;
  return [
    ...(uses.size === 0 ? [] : [`Files that lie beside config.yaml are not laid down: ${[...uses].join(', ')}.`]),
    ...(balancer === undefined || balancer.type === 'external' || balancer.type === 'dns'
      ? []
      : [`The load balancer ${balancer.address} (${balancer.type}) is not set up.`]),
    ...(hooks.length === 0 ? [] : ['hooks are not run.']),
    ...(firewall === undefined ? [] : ['Firewalls are not opened (hosts.firewall).']),
    ...(k3s.install.binary === 'upload' ? ['Every host downloads K3s itself (k3s.install.binary).'] : []),
  ];
}

/** Why a file with an air gap is not exported there: its images would be missing, and the pods of K3s with them. */
export function airGapped(title: string): Problem {
  return problem('export-air-gap', `${title} cannot bring the images of an air gap, and nothing was exported`, {
    why: 'Hosts that reach no registry would start K3s without the images of its add-ons, or upgrade it without the new ones.',
    nextSteps: ['Provision and upgrade with K3s HA, which places images before the binary, or export to k3s-ansible.'],
  });
}

/** Whether the images of an air gap are packed into one file. */
export function isArchive(artifacts: string | undefined): boolean {
  return /\.(?:tar|tgz|tar\.(?:gz|zst))$/i.test(artifacts ?? '');
}

/** The playbook copies what lies in a folder. https://github.com/k3s-io/k3s-ansible/blob/master/roles/airgap/tasks/main.yml */
export function packedAirGap(): Problem {
  return problem(
    'export-air-gap',
    'k3s-ansible takes the images of an air gap from a folder, and nothing was exported',
    {
      why: 'k3s.install.artifacts names one archive, which the playbook would not unpack.',
      nextSteps: ['Unpack the archive, name its folder under k3s.install.artifacts, and export again.'],
    },
  );
}

/** Why text of the file that another tool would take for its own language is not exported. */
export function notPlain(title: string, where: string): Problem {
  return problem('export-not-plain', `${where} holds text that ${title} would carry out instead of passing it on`, {
    nextSteps: ['Take "{{", "{%" and "{#" out of the value, or export to another form.'],
  });
}
