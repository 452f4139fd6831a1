import { stringify } from 'yaml';
import { problem, type Problem } from '../../base/problem';
import { err, ok, type Result } from '../../base/result';
import type { Cluster, ClusterNode } from '../../cluster/cluster';
import { renderConfig } from '../../cluster/configFile';
import { installEnvironment } from '../../cluster/installEnvironment';
import { quote } from '../../remote/shell';
import type { Exported, ExportForm } from './exported';
import { airGapped, leftOf } from './left';
import { secretVariable, withPlaces } from './secretPlaces';

/** User data for each machine. https://cloudinit.readthedocs.io/en/latest/reference/modules.html */
export const cloudInit: ExportForm = { id: 'cloud-init', title: 'cloud-init', make };

function make(cluster: Cluster): Result<Exported, Problem> {
  const { install } = cluster.k3s;
  if (install.method === 'airgap') return err(airGapped('cloud-init'));
  if (install.method === 'script' && !/^https?:/.test(install.scriptUrl))
    return err(
      problem(
        'export-local-script',
        'The install script is a file of this computer, which a new machine does not have',
        {
          nextSteps: ['Name an address with k3s.install.scriptUrl.'],
        },
      ),
    );
  return ok({
    files: [...cluster.servers, ...cluster.agents].map((node) => ({
      name: `${(node.name ?? node.host).replace(/[^\w.-]/g, '_')}.yaml`,
      text: userData(cluster, node),
    })),
    left: [
      ...leftOf(cluster),
      ...(install.method === 'preinstalled'
        ? ['K3s has to be in the image of the machines (k3s.install.method).']
        : []),
      'Secrets are placeholders of envsubst: the head of each file says which variables fill them.',
    ],
  });
}

function userData(cluster: Cluster, node: ClusterNode): string {
  const variables = new Set<string>();
  const place = (text: string): string =>
    withPlaces(text, (reference) => {
      const name = secretVariable(reference).replace(/\W/g, '_');
      variables.add(name);
      return `\${${name}}`;
    });
  const [first] = cluster.servers;
  const start =
    first === undefined || first.id === node.id
      ? { kind: 'found' as const }
      : { kind: 'join' as const, through: first.id };
  const env = Object.entries(installEnvironment(cluster, node.role))
    .filter(([name]) => name !== 'INSTALL_K3S_SKIP_START')
    .map(([name, value]) => `${name}=${place(value)}`);
  const body = stringify(
    {
      ...(node.name === undefined ? {} : { hostname: node.name }),
      write_files: [
        {
          path: '/etc/rancher/k3s/config.yaml',
          owner: 'root:root',
          permissions: '0600',
          content: place(renderConfig(cluster, node, start)),
        },
      ],
      runcmd:
        cluster.k3s.install.method === 'preinstalled'
          ? [['systemctl', 'enable', '--now', node.role === 'server' ? 'k3s' : 'k3s-agent']]
          : [['env', ...env, 'sh', '-c', `curl -sfL ${quote(cluster.k3s.install.scriptUrl)} | sh -s - ${node.role}`]],
    },
    { lineWidth: 0 },
  );
  const fill =
    variables.size === 0
      ? ''
      : `# Fill in before use: envsubst '${[...variables].map((name) => `$${name}`).join(' ')}' < this file\n`;
  return `#cloud-config\n# Made by K3s HA from the cluster file: change it there.\n${fill}${body}`;
}
