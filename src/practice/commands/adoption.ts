import { CONFIG_PATH, DEFAULT_REGISTRIES_PATH, K3S_UNITS } from '../../core/k3s/paths';
import { hasApi } from '../k3s/serverFiles';
import { objects } from '../k3s/workloads';
import { fail, type Command } from './command';
import { withApi } from './kubectl';

/** k3s-files: data-dir. Prints the files that K3s reads beside config.yaml, as root sees them. */
export const k3sFilesCommand: Command = (run) => {
  const [dataDir = ''] = run.args;
  if (run.user !== 'root') return fail(run, `ls: cannot open directory '${dataDir}': Permission denied`, 2);
  const { files } = run.host;
  const single = [
    DEFAULT_REGISTRIES_PATH,
    ...K3S_UNITS.flatMap((unit) => [`/etc/default/${unit}`, `/etc/sysconfig/${unit}`]),
  ].filter((path) => files.get(path) !== undefined);
  const folders = [
    `${CONFIG_PATH}.d`,
    `${dataDir}/agent/etc/containerd`,
    `${dataDir}/agent/images`,
    `${dataDir}/server/manifests`,
  ].flatMap((folder) => files.below(folder));
  const wanted = folders.filter((path) => !path.includes('/containerd/') || path.endsWith('.tmpl'));
  for (const path of [...single, ...wanted]) run.out(`${path}\n`);
  return 0;
};

/** cluster-marks: the servers with an API, and of the manifests what somebody else may be at work by. */
export const clusterMarksCommand: Command = async (run) => {
  await withApi({ ...run, err: () => undefined }, (server) => {
    for (const other of run.world.services) {
      if (other.cluster !== server.cluster || !hasApi(other.config) || !other.apiOpen) continue;
      run.out(`endpoint ${other.host.addresses[0] ?? ''}\n`);
    }
    for (const { kind = '', metadata, spec } of objects(server.cluster)) {
      const name = `${metadata?.namespace ?? 'default'}/${metadata?.name ?? ''}`;
      if (kind === 'Plan') run.out(`plan|${name}|${words(spec?.['version'])}||${imageOf(spec?.['upgrade'])}|\n`);
      if (['DaemonSet', 'Deployment', 'StatefulSet'].includes(kind)) {
        const images = spec?.template?.spec?.containers?.map(imageOf).join(' ') ?? '';
        run.out(`workload|${name}|${kind === 'DaemonSet' ? '' : (spec?.replicas ?? 1)}|${images}|\n`);
      }
    }
    return 0;
  });
  return 0;
};

function imageOf(container: unknown): string {
  return typeof container === 'object' && container !== null && 'image' in container ? words(container.image) : '';
}

const words = (value: unknown): string => (typeof value === 'string' ? value : '');
