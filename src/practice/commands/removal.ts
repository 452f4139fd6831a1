import { KEPT_FOLDER, PLACED_PATH, REMOVED_UNITS_FOLDER, ASIDE_FOLDER } from '../../core/k3s/paths';
import { binaryPath } from '../k3s/program';
import { removeMember, removeNode } from '../k3s/removal';
import { setEnabled, unitExists, unitPath, type UnitName, environmentPath } from '../machine/host';
import { fail, pause, type Command } from './command';
import { fileSum } from './files';
import { withApi } from './kubectl';

const UNITS: readonly UnitName[] = ['k3s', 'k3s-agent'];

/** stop-k3s: data-dir, seconds, folder of the kubelet. Pods have no processes here. */
export const stopK3sCommand: Command = async (run) => {
  const { host, user, out } = run;
  if (user !== 'root') return fail(run, 'Failed to disable unit: Interactive authentication required.');
  let answer = 'absent';
  for (const name of UNITS.filter((unit) => unitExists(host, unit))) {
    setEnabled(host, name, false);
    const unit = host.units.get(name);
    if (unit !== undefined && unit.state().active !== 'inactive') {
      answer = 'stopped';
      if (!(await pause(run, 400))) return 255;
      await unit.stop();
    }
  }
  out(`${answer}\n`);
  return 0;
};

/** uninstall-k3s: data-dir, `keep` or nothing, folder of the kubelet, and those of snapshots and volumes where options have chosen one. */
export const uninstallK3sCommand: Command = async (run) => {
  const { host, user, args, out } = run;
  const { files } = host;
  const [data = '', keep = '', kubelet = '', chosenSnapshots = '', volumes = ''] = args;
  if (user !== 'root') return fail(run, `rm: cannot remove '${data}': Permission denied`);
  const running = UNITS.find((unit) => unitExists(host, unit) && host.units.get(unit)?.state().active !== 'inactive');
  if (running !== undefined) return fail(run, `${running}.service`, 4);
  if (!(await pause(run, 1500))) return 255;
  for (const [, sum, path = ''] of (files.get(PLACED_PATH)?.content ?? '').matchAll(/^(\S+) \S+ (.+)$/gm)) {
    const file = files.get(path);
    if (file !== undefined && fileSum(file) === sum) files.remove(path);
  }
  const goes = ['agent', 'data', 'server', 'etc'].map((part) => `${data}/${part}`).concat(kubelet);
  const rescue = (folder: string, name: string): readonly string[] => {
    const paths = goes.some((part) => folder.startsWith(`${part}/`)) ? files.below(folder) : [];
    for (const path of paths) {
      const file = files.get(path);
      if (file !== undefined) files.write(`${KEPT_FOLDER}/${name}${path.slice(folder.length)}`, file.content, file);
    }
    return paths;
  };
  rescue(volumes, 'volumes');
  const snapshots = [`${data}/server/db/snapshots`, chosenSnapshots].flatMap((folder) => rescue(folder, 'snapshots'));
  const token = files.get(`${data}/server/token`);
  if (snapshots.length > 0 && token !== undefined) files.write(`${KEPT_FOLDER}/token`, token.content, token);
  const binary = binaryPath(host);
  const folder = binary.slice(0, binary.lastIndexOf('/'));
  const programs = ['k3s-killall.sh', 'k3s-uninstall.sh', 'k3s-agent-uninstall.sh', 'kubectl', 'crictl', 'ctr'];
  for (const path of [
    ...goes,
    ...['/etc/rancher/k3s', '/etc/rancher/node', '/run/k3s'],
    ...UNITS.flatMap((unit) => [unitPath(host, unit), environmentPath(host, unit)]),
    ...[ASIDE_FOLDER, REMOVED_UNITS_FOLDER, PLACED_PATH, '/var/lib/k3s-ha/install.log'],
    ...(keep === 'keep' ? [] : [...programs.map((name) => `${folder}/${name}`), binary]),
  ])
    files.remove(path);
  for (const kept of [`${data}/storage`, KEPT_FOLDER]) if (files.hasFolder(kept)) out(`kept ${kept}\n`);
  return 0;
};

/** delete-node: name. */
export const deleteNodeCommand: Command = (run) =>
  withApi(run, ({ cluster }) => {
    const [name = ''] = run.args;
    if (removeNode(cluster, name) !== undefined) run.out(`node "${name}" deleted\n`);
    return 0;
  });

/** forget-nodes: name of this server, names. */
export const forgetNodesCommand: Command = (run) =>
  withApi(run, ({ cluster }) => {
    const [own = '', ...names] = run.args;
    for (const name of names) if (removeNode(cluster, name) !== undefined) run.out(`node "${name}" deleted\n`);
    for (const name of [own, ...names]) cluster.nodePasswords.delete(name);
    return 0;
  });

/** drop-etcd: data-dir. */
export const dropEtcdCommand: Command = ({ host, args, out }) => {
  const [data = ''] = args;
  const { files } = host;
  const folder = `${data}/server/db/etcd`;
  const active = unitExists(host, 'k3s') ? host.units.get('k3s')?.state().active : 'inactive';
  if (active !== 'inactive') return 4;
  const there = files.hasFolder(folder);
  files.remove(`${folder}-left`);
  for (const path of files.below(folder)) {
    const file = files.get(path);
    if (file !== undefined) files.write(`${folder}-left${path.slice(folder.length)}`, file.content, file);
  }
  files.remove(folder);
  out(there ? 'dropped\n' : 'absent\n');
  return 0;
};

/** remove-member: data-dir, id. */
export const removeMemberCommand: Command = (run) => {
  const { world, host, args, out } = run;
  const cluster = [...world.clusters].find(({ members }) =>
    [...members].some((member) => member.host === host && member.online),
  );
  if (cluster === undefined) {
    out(
      ">>> removed\n\n<<< 000\ncurl: (7) Failed to connect to 127.0.0.1 port 2382 after 0 ms: Couldn't connect to server\n",
    );
    return 0;
  }
  const gone = removeMember(cluster, args[1] ?? '');
  out(
    gone
      ? '>>> removed\n{"header":{},"members":[]}\n<<< 200\n'
      : '>>> removed\n{"code":5,"message":"etcdserver: member not found"}\n<<< 404\n',
  );
  return 0;
};
