import { createHash } from 'node:crypto';
import { tokenPassword } from '../../core/k3s/joinToken';
import {
  ASIDE_FOLDER,
  CONFIG_PATH,
  PLACED_PATH,
  DRILL_PATH,
  DRILLED_PATH,
  REBOOT_PATH,
  RESTORED_PATH,
  RESTORE_FOLDER,
} from '../../core/k3s/paths';
import { isEnabled, unitExists, environmentPath, unitText } from '../machine/host';
import { binaryPath, installedVersion } from '../k3s/program';
import { oldFolders, UNPACKED_KIB } from '../k3s/unpacked';
import type { PracticeHost } from '../machine/host';
import { putBalancer } from './balancer';
import { certificateLines } from './certificates';
import { fail, type Command, type CommandRun } from './command';
import { encryptionLine } from './encryption';
import { carriedBy } from '../network';
import { etcdOn } from '../k3s/etcdHttp';
import { fileSum } from './files';

/** probe: data-dir, fixed address or nothing, folder of snapshots or nothing; questions about files on standard input. Prints `key=value` lines as the script does. */
export const probeCommand: Command = async (run) => {
  const { host, world, user, args, stdin, out } = run;
  const questions = (await stdin.text()).split('\n').filter((line) => line !== '');
  const [dataDir = '', address = ''] = args;
  const { files } = host;
  const put = (key: string, value: string | number): void => out(`${key}=${value}\n`);
  const visible = (path: string): boolean =>
    files.get(path) !== undefined && (user === 'root' || files.readable(path, user));
  put('arch', host.arch);
  put('os', host.os);
  put('hostname', host.hostname);
  put('boot', host.bootId);
  put('time', Math.floor(world.clock.now() / 1000));
  put('init', host.init);
  put('cpus', host.cpus);
  put('memory_kib', host.memoryKiB);
  put('disk_free_kib', host.diskFull ? 0 : host.diskFreeKiB);
  put('addresses', `${[...host.addresses, ...carriedBy(world, host)].join(' ')} `);
  put('default_route', 'yes');
  put('ports', `${[...host.ports].sort((a, b) => a - b).join(' ')} `);
  put('memory_cgroup', 'yes');
  put('firewall', 'none');
  const version = installedVersion(host);
  if (version !== undefined) put('k3s_version', version);
  put('k3s_binary', version === undefined ? '' : binaryPath(host));
  let pending = false;
  for (const [name, unit] of host.units) {
    if (!unitExists(host, name)) continue;
    const { active, sub, restarts, started, invocation } = unit.state();
    const environment = environmentPath(host, name);
    put(`unit ${name}`, `${active} ${sub} ${restarts} ${isEnabled(host, name) ? 'enabled' : 'disabled'}`);
    put(`invocation ${name}`, invocation);
    put(`unit_file ${name}`, escaped(unitText(host, name)));
    if (visible(environment)) put(`environment ${name} ${environment}`, escaped(files.get(environment)?.content ?? ''));
    if (active !== 'active' || started === undefined) continue;
    const loaded = [CONFIG_PATH, ...dropIns(host), binaryPath(host), environment];
    pending ||= loaded.some((path) => (files.get(path)?.modified ?? 0) > started);
  }
  put('restart_pending', pending ? 'yes' : 'no');
  if (files.hasFolder(ASIDE_FOLDER)) put('aside', 'yes');
  if (visible(CONFIG_PATH)) put(`config ${CONFIG_PATH}`, escaped(files.get(CONFIG_PATH)?.content ?? ''));
  for (const path of dropIns(host)) {
    if (visible(path)) put(`drop_in ${path}`, escaped(files.get(path)?.content ?? ''));
  }
  if (user === 'root') datastore(host, dataDir, put);
  if (user === 'root') snapshotFiles(host, args[2] ?? '', dataDir, put);
  const secret = user === 'root' ? (files.get(`${dataDir}/server/tls/dynamic-cert.json`)?.content ?? '') : '';
  put(
    'certificate_names',
    [...secret.matchAll(/listener\.cattle\.io\/cn-[^"]*":"([^"]*)"/g)].map((match) => `${match[1]} `).join(''),
  );
  if (user === 'root') out(certificateLines(host, dataDir) + encryptionLine(host, dataDir));
  putBalancer(run, address, put);
  putSystem(host, put);
  if (user === 'root') putEtcd(run, put);
  const templates = files.below(`${dataDir}/agent/etc/containerd`).filter((path) => path.endsWith('.tmpl'));
  put('containerd_templates', templates.map((path) => `${path.split('/').at(-1)} `).join(''));
  if (version !== undefined) put('old_data_kib', oldFolders(host, dataDir, version).length * UNPACKED_KIB);
  if (user === 'root') placedFiles(host, questions, put);
  put('end', 'yes');
  return 0;
};

/** etcd of a cluster with little in it, on a disk that is fast: bounds of seconds with how many writes took no longer. */
function putEtcd({ world, host }: CommandRun, put: (key: string, value: string) => void): void {
  const etcd = etcdOn(world, host);
  if (etcd === undefined) return;
  put('etcd_status', etcd.status().body);
  if (etcd.isFull()) put('etcd_objects', '41200:events 380:leases 112:pods ');
  put('etcd_fsync', '0.001:1480 0.002:1610 0.004:1633 0.008:1639 +Inf:1639 ');
}

/** What a plain Debian in one network tells of itself. */
function putSystem(host: PracticeHost, put: (key: string, value: string | number) => void): void {
  put('kernel', host.kernel);
  const isAlpine = host.init === 'openrc';
  put('distribution', isAlpine ? 'alpine ' : 'debian ');
  put('distribution_version', isAlpine ? '3.22.0' : '12');
  if (isAlpine) put('openrc', 'yes');
  put('machine_id', createHash('md5').update(host.id).digest('hex'));
  put('cgroups', 2);
  put('clock_synchronised', 'yes');
  put('swap_kib', 0);
  put('app_armor', 'Y');
  put('app_armor_parser', 'yes');
  put('iptables', '1.8.9');
  put('links', host.addresses.map((address) => `eth0,${address}/24,fixed `).join(''));
  put('link_names', 'eth0 lo ');
  put('name_servers', '10.77.0.1 ');
  put('network', 'yes');
  put('remains', 'yes');
}

/** The part about files: what was asked for, then what was placed before. */
function placedFiles(
  host: PracticeHost,
  questions: readonly string[],
  put: (key: string, value: string) => void,
): void {
  const record = host.files.get(PLACED_PATH)?.content;
  const placed = [...new Set([...(record ?? '').matchAll(/^\S+ \S+ (.+)$/gm)].map(([, path]) => `:${path}`))].sort();
  for (const [index, question] of [...questions, ...placed].entries()) {
    const at = question.indexOf(':');
    const path = question.slice(at + 1);
    const file = host.files.get(path);
    if (file === undefined) {
      if (host.files.hasFolder(path)) put(`file ${index + 1}`, `folder - - - 0 ${path}`);
      continue;
    }
    const size = file.bytes?.size ?? Buffer.byteLength(file.content);
    const sum = fileSum(file);
    const ids = file.owner === 'root' ? '0:0' : '1000:1000';
    put(`file ${index + 1}`, `${sum} ${file.mode.toString(8)} ${file.owner}:${file.owner} ${ids} ${size} ${path}`);
    const isAsked = at > 0 && question.slice(0, at) !== sum;
    if (isAsked && size <= 32_768) put(`file_text ${index + 1}`, escaped(file.content));
  }
  if (record !== undefined) put('placed record', escaped(record));
}

function datastore(host: PracticeHost, dataDir: string, put: (key: string, value: string) => void): void {
  const { files } = host;
  if (files.hasFolder(`${dataDir}/server/db/etcd/member`)) put('etcd_data', 'yes');
  put('etcd_name', files.get(`${dataDir}/server/db/etcd/name`)?.content.trim() ?? '');
  if (files.get(`${dataDir}/server/db/state.db`) !== undefined) put('sqlite_data', 'yes');
  const token = files.get(`${dataDir}/server/token`)?.content;
  if (token === undefined) {
    const authority = files.get(`${dataDir}/agent/server-ca.crt`)?.content;
    if (authority !== undefined) put('ca_hash', sha256(authority));
    return;
  }
  put('server_token', 'yes');
  put('ca_hash', caHashOf(host, dataDir) ?? '');
  put('token_sha256', sha256(tokenPassword(token)));
}

/** Snapshots on the disk, and where a restore stands. */
function snapshotFiles(
  { files }: PracticeHost,
  wanted: string,
  dataDir: string,
  put: (key: string, value: string) => void,
): void {
  const folder = wanted === '' ? `${dataDir}/server/db/snapshots` : wanted;
  if (files.hasFolder(folder)) put('snapshot_folder', folder);
  for (const path of files.below(folder)) {
    const file = files.get(path);
    if (file !== undefined)
      put(`snapshot ${path.slice(folder.length + 1)}`, `${file.bytes?.size ?? file.content.length} ${file.modified}`);
  }
  const begun = files.get(`${RESTORE_FOLDER}/begun`)?.content.trim();
  if (begun !== undefined) put('restore', begun);
  for (const mark of ['aside', 'reset'])
    if (begun !== undefined && files.get(`${RESTORE_FOLDER}/${mark}`) !== undefined) put(`restore_${mark}`, 'yes');
  const reboot = files.get(REBOOT_PATH)?.content.trim();
  if (reboot !== undefined) put('reboot_from', reboot);
  const takes = files.get(DRILL_PATH)?.content.split('\n')[0];
  if (takes !== undefined) put('drill_takes', takes);
  const drilled = files.get(DRILLED_PATH)?.content.replaceAll('\n', ' ');
  if (drilled !== undefined) put('drilled', drilled);
  const restored = files.get(RESTORED_PATH)?.content.trim();
  if (restored !== undefined) put('restored', restored);
}

function dropIns(host: PracticeHost): readonly string[] {
  return host.files.below(`${CONFIG_PATH}.d`).filter((path) => /\.ya?ml$/.test(path));
}

/** A text of several lines on one, as the script puts it. */
function escaped(text: string): string {
  const lines = text.replaceAll('\\', '\\\\').split('\n');
  return (text.endsWith('\n') || text === '' ? lines.slice(0, -1) : lines).map((line) => `${line}\\n`).join('');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** ca-hash: data-dir. */
export const caHashCommand: Command = (run) => {
  const [dataDir = ''] = run.args;
  const path = `${dataDir}/server/token`;
  if (run.host.files.get(path) === undefined) return fail(run, `sed: can't read ${path}: No such file or directory`, 2);
  if (run.user !== 'root') return fail(run, `sed: can't read ${path}: Permission denied`, 4);
  const hash = caHashOf(run.host, dataDir);
  if (hash !== undefined) run.out(`${hash}\n`);
  return 0;
};

/** The hash in a server's own token. */
function caHashOf(host: PracticeHost, dataDir: string): string | undefined {
  return /^K10([0-9a-f]{64})::/.exec(host.files.get(`${dataDir}/server/token`)?.content ?? '')?.[1];
}
