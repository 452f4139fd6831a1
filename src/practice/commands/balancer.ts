import { BALANCER_CONFIGS, HEADER, PACKAGES_RECORD, type BalancerUnit } from '../../core/loadBalancer/paths';
import { dropInPath } from '../../core/loadBalancer/proxyDropIn';
import { balancedServers } from '../machine/balancer';
import { isAlive } from '../machine/host';
import { apiIsOpen, carriedBy, carrierOf, hostAt } from '../network';
import { fail, pause, type Command, type CommandRun } from './command';

const INSTALL_MS = 6000;
const RELOAD_MS = 400;
const LOOK_MS = 300;

/** Programs of packages that are called otherwise. */
const PROGRAMS: Readonly<Record<string, string>> = { 'libnginx-mod-stream': 'nginx-stream' };

/** install-packages: package manager, packages. */
export const installPackagesCommand: Command = async (run) => {
  const [, ...packages] = run.args;
  const { files, balancer } = run.host;
  if (run.host.diskFull) return fail(run, 'E: You do not have enough free space in /var/cache/apt/archives/.');
  const recorded = (files.get(PACKAGES_RECORD)?.content ?? '').split('\n').filter((line) => line !== '');
  files.write(PACKAGES_RECORD, `${[...new Set([...recorded, ...packages])].sort().join('\n')}\n`);
  if (!(await pause(run, INSTALL_MS))) return 255;
  for (const name of packages) balancer.programs.add(PROGRAMS[name] ?? name);
  return 0;
};

/** balancer-config: unit, path, mode, number of bytes. The simulation takes every text: it has no HAProxy that could refuse one. */
export const balancerConfigCommand: Command = async (run) => {
  const [unit = '', path = '', mode = '', bytes = ''] = run.args;
  const { files, balancer, diskFull } = run.host;
  const text = await run.stdin.text();
  if (diskFull) return fail(run, 'cat: write error: No space left on device');
  if (Buffer.byteLength(text) !== Number(bytes))
    return fail(run, `${Buffer.byteLength(text)} bytes arrived instead of ${bytes}`);
  if (!balancer.programs.has(unit)) return fail(run, `sh: 1: ${unit}: not found`, 3);
  files.write(path, text, { mode: Number.parseInt(mode, 8) });
  if (!(await pause(run, RELOAD_MS))) return 255;
  balancer.active.add(unit as BalancerUnit);
  // A process that reads its configuration anew remembers nothing that it was told.
  if (unit === 'haproxy') balancer.drained.clear();
  return 0;
};

/** remove-balancer: units. */
export const removeBalancerCommand: Command = async (run) => {
  const { files, balancer } = run.host;
  for (const unit of run.args as readonly BalancerUnit[]) {
    if (files.get(BALANCER_CONFIGS[unit])?.content.startsWith(HEADER) !== true) continue;
    balancer.active.delete(unit);
    balancer.programs.delete(unit);
    files.remove(BALANCER_CONFIGS[unit]);
    if (unit !== 'keepalived') files.remove(dropInPath(unit));
  }
  if (balancer.active.size === 0) files.remove(PACKAGES_RECORD);
  return (await pause(run, RELOAD_MS)) ? 0 : 255;
};

/** balancer-server: out or in, server, seconds. */
export const balancerServerCommand: Command = async (run) => {
  const [verb = '', name = '', seconds = '0'] = run.args;
  const { balancer } = run.host;
  if (!balancer.active.has('haproxy')) return fail(run, 'HAProxy does not answer at its socket', 3);
  const servers = balancedServers(balancer, run.host.files) ?? [];
  if (!servers.some((server) => server.name === name)) return 5;
  if (verb === 'out') {
    if (!servers.some((server) => server.name !== name && isUp(run, server.name))) return 4;
    balancer.drained.add(name);
    return (await pause(run, LOOK_MS)) ? 0 : 255;
  }
  balancer.drained.delete(name);
  for (let left = Number(seconds) * 1000; !isUp(run, name); left -= LOOK_MS) {
    if (left <= 0) return fail(run, 'its state is DOWN', 6);
    if (!(await pause(run, LOOK_MS))) return 255;
  }
  return 0;
};

/** nginx-drain: address, port, seconds. */
export const nginxDrainCommand: Command = async (run) => ((await pause(run, LOOK_MS)) ? 0 : 255);

/** Whether HAProxy gives a server connections. */
function isUp({ world, host }: CommandRun, name: string): boolean {
  const server = (balancedServers(host.balancer, host.files) ?? []).find((one) => one.name === name);
  return server !== undefined && !server.out && apiIsOpen(world, server);
}

/** The part of the probe about the load balancer; `address` is the fixed one on a machine that is to carry it. */
export function putBalancer(
  { host, world }: CommandRun,
  address: string,
  put: (key: string, value: string) => void,
): void {
  const { files, balancer, addresses } = host;
  const recorded = files.get(PACKAGES_RECORD)?.content;
  if (address === '' && recorded === undefined) return;
  put('balancer', 'yes');
  put('package_manager', 'apt-get');
  for (const program of balancer.programs) put(`program ${program}`, 'yes');
  for (const unit of Object.keys(BALANCER_CONFIGS) as BalancerUnit[]) {
    if (!balancer.programs.has(unit)) continue;
    put(`program_version ${unit}`, `${unit}, simulated by K3s HA`);
    put(`program_unit ${unit}`, balancer.active.has(unit) ? 'active enabled' : 'inactive disabled');
  }
  for (const path of [...Object.values(BALANCER_CONFIGS), dropInPath('haproxy'), dropInPath('nginx')]) {
    const text = files.get(path)?.content;
    if (text !== undefined) put(`balancer_file ${path}`, text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'));
  }
  put('balancer_packages', (recorded ?? '').replaceAll('\n', ' '));
  const carrier = carrierOf(world);
  const carried = carriedBy(world, host);
  const moved = carried.map((one) => `sim0,${one}/${one.includes(':') ? 128 : 32}`);
  const own = addresses.map((one) => `sim0,${one}/${one.includes(':') ? 64 : 16}`);
  put('interfaces', [...own, ...moved].join(' '));
  put('drained', [...balancer.drained].join(' '));
  if (address === '' || carried.includes(address)) return;
  const other = hostAt(world, address);
  const onOther = [...world.hosts.values()].some((one) => isAlive(one) && one.carried.has(address));
  const answers = onOther || (carrier !== undefined && carrier !== host) || (other !== undefined && other !== host);
  put('address_answers', answers ? 'yes' : 'no');
}
