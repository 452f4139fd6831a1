import { createHash } from 'node:crypto';
import { CONFIG_PATH, STAMP_PATH } from '../../core/remote/probe';
import { isEnabled, unitExists, unitPath } from '../machine/host';
import { BINARY_PATH, installedVersion } from '../k3s/program';
import type { PracticeHost } from '../machine/host';
import { fail, type Command } from './command';

/** probe: data-dir. Prints `key=value` lines as the script does. */
export const probeCommand: Command = ({ host, world, user, args, out }) => {
  const [dataDir = ''] = args;
  const { files } = host;
  const put = (key: string, value: string | number): void => out(`${key}=${value}\n`);
  const visible = (path: string): boolean =>
    files.get(path) !== undefined && (user === 'root' || files.readable(path, user));
  put('arch', host.arch);
  put('os', host.os);
  put('hostname', host.hostname);
  put('boot', host.bootId);
  put('time', Math.floor(world.clock.now() / 1000));
  put('init', 'systemd');
  put('cpus', host.cpus);
  put('memory_kib', host.memoryKiB);
  put('disk_free_kib', host.diskFull ? 0 : host.diskFreeKiB);
  put('addresses', `${host.addresses.join(' ')} `);
  put('default_route', 'yes');
  put('ports', `${[...host.ports].sort((a, b) => a - b).join(' ')} `);
  put('memory_cgroup', 'yes');
  put('firewall', 'none');
  const version = installedVersion(host);
  if (version !== undefined) put('k3s_version', version);
  let pending = false;
  for (const [name, unit] of host.units) {
    if (!unitExists(host, name)) continue;
    const { active, sub, restarts, started } = unit.state();
    put(`unit ${name}`, `${active} ${sub} ${restarts} ${isEnabled(host, name) ? 'enabled' : 'disabled'}`);
    if (active !== 'active' || started === undefined) continue;
    pending ||= [CONFIG_PATH, BINARY_PATH, `${unitPath(name)}.env`].some(
      (path) => (files.get(path)?.modified ?? 0) > started,
    );
  }
  put('restart_pending', pending ? 'yes' : 'no');
  const config = files.get(CONFIG_PATH);
  if (config !== undefined)
    put('config_sha256', visible(CONFIG_PATH) ? createHash('sha256').update(config.content).digest('hex') : '');
  if (visible(STAMP_PATH)) put('stamp', files.get(STAMP_PATH)?.content.trimEnd() ?? '');
  if (user === 'root') {
    if (files.hasFolder(`${dataDir}/server/db/etcd/member`)) put('etcd_data', 'yes');
    if (files.get(`${dataDir}/server/db/state.db`) !== undefined) put('sqlite_data', 'yes');
    if (files.get(`${dataDir}/server/token`) !== undefined) {
      put('server_token', 'yes');
      put('ca_hash', caHashOf(host, dataDir) ?? '');
    }
  }
  const secret = user === 'root' ? (files.get(`${dataDir}/server/tls/dynamic-cert.json`)?.content ?? '') : '';
  put(
    'certificate_names',
    [...secret.matchAll(/listener\.cattle\.io\/cn-[^"]*":"([^"]*)"/g)].map((match) => `${match[1]} `).join(''),
  );
  put('end', 'yes');
  return 0;
};

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
