import type { Cluster } from '../../cluster/cluster';
import { textOf } from './commandOptions';
import type { FoundBalancer, InstallCommand } from './installCommand';
import { holdsPlaceholder } from './placeholder';
import { quoted } from './quoted';

const DEFAULT_PORT = 6443;

/** Whom machines join, decided for all commands of a text together. */
export interface Joined {
  readonly commands: readonly InstallCommand[];
  readonly balancer?: FoundBalancer;
  readonly notes: readonly string[];
}

/** Where a machine joins, by its `server:` or `K3S_URL`. */
interface JoinAddress {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** The address in a URL of K3s; undefined for a placeholder and for text that is none. */
export function joinAddress(written: string | undefined): JoinAddress | undefined {
  const url = /^(?:https?:\/\/)?(\[[^\]]+\]|[^:/\s]+)(?::(\d+))?/.exec(written ?? '');
  const host = url?.[1]?.replace(/^\[(.*)\]$/, '$1');
  if (written === undefined || host === undefined || holdsPlaceholder(written)) return undefined;
  return { host, port: Number(url?.[2] ?? DEFAULT_PORT), url: written };
}

const places = ({ host, options }: InstallCommand): readonly string[] => [
  ...(host === undefined ? [] : [host]),
  ...['node-ip', 'node-external-ip', 'advertise-address', 'node-name'].flatMap((name) => {
    const value = options[name];
    return Array.isArray(value) ? (value as readonly string[]) : typeof value === 'string' ? value.split(',') : [];
  }),
];

const hasPlace = (command: InstallCommand): boolean =>
  (command.host !== undefined && !holdsPlaceholder(command.host)) ||
  textOf(command.options['node-ip']) !== undefined ||
  textOf(command.options['node-external-ip']) !== undefined;

/**
 * Decides what the addresses are at which machines join: that of a server of the text, of one that no command is about, or one in
 * front of the servers. Who joins never founds a cluster: a text of joining machines alone is about a cluster that runs.
 */
export function resolveJoins(
  found: readonly InstallCommand[],
  given: FoundBalancer | undefined,
  cluster: Cluster,
): Joined {
  const notes: string[] = [];
  let balancer = given;
  let commands = [...found].sort((a, b) => Number(joins(a)) - Number(joins(b)));
  for (const [host, joiners] of byAddress(commands)) {
    const [first] = joiners;
    const servers = commands.filter(({ role, ofAll }) => role === 'server' && ofAll !== true);
    const { port, url } = first.at;
    const own = servers.find((server) => places(server).includes(host));
    if (own !== undefined) {
      commands = withPort(commands, own, port, notes);
      continue;
    }
    const serverJoins = joiners.some(({ command }) => command.role === 'server');
    const inFile = cluster.servers.find((server) => [server.host, server.address, server.name].includes(host));
    if (inFile !== undefined) {
      const open = servers.filter((server) => !hasPlace(server) && !joins(server));
      if (open.length === 1) commands = placed(commands, open[0], host, notes);
      // It counts among the servers, so that those of the text are not taken for it.
      else if (serverJoins) commands = [onlyJoined(inFile.host), ...commands];
      continue;
    }
    if (balancer?.address === host || cluster.loadBalancer?.address === host) {
      if (balancer !== undefined && port !== DEFAULT_PORT) balancer = { ...balancer, port };
      continue;
    }
    const unplaced = servers.filter((server) => !hasPlace(server) && !joins(server));
    const meansServer = joiners.some(({ command }) => command.joinsServer === true);
    const external =
      [...servers, ...commands].some(({ options }) => options['datastore-endpoint'] !== undefined) ||
      cluster.datastore.endpoint !== undefined;
    const certified = servers.some(({ options }) => [options['tls-san']].flat().includes(host));
    const inFront = !meansServer && (external || (certified && servers.length > 1) || cluster.servers.length > 0);
    const [founder] = unplaced;
    if (!inFront && founder !== undefined && unplaced.length === 1) {
      commands = placed(commands, founder, host, notes);
      const there = commands.find((command) => command.host === host);
      if (there !== undefined) commands = withPort(commands, there, port, notes);
    } else if (meansServer && servers.some((server) => !joins(server))) {
      notes.push(
        `${count(joiners.length)} at ${host}, which is the address of no server in the text: it was taken for another name of one of them.`,
      );
    } else if (!inFront && servers.every(joins) && (serverJoins || meansServer)) {
      const added = onlyJoined(host, first.command);
      commands = withPort([added, ...commands], added, port, []);
      notes.push(
        `${count(joiners.length)} the cluster at ${url}, and no command is about the server there: it was written as the first server, which founded the cluster. If ${host} is an address in front of the servers, write it as loadBalancer.address and name that server instead.`,
      );
    } else if (balancer === undefined) {
      balancer = { address: host, ...(port === DEFAULT_PORT ? {} : { port }) };
      notes.push(
        servers.length + cluster.servers.length === 0
          ? `${count(joiners.length)} the cluster at ${url}, and no command is about its servers: the address was taken for the fixed one in front of them. Write the servers into the file before you apply it.`
          : `${host}, where ${joiners.length === 1 ? 'a machine joins' : 'machines join'}, is the address of no server in the text: it was taken for the fixed address in front of the servers.`,
      );
    } else
      notes.push(
        `${count(joiners.length)} the cluster at ${url}; the fixed address is ${balancer.address}, which was kept.`,
      );
  }
  return { commands, notes, ...(balancer === undefined ? {} : { balancer }) };
}

/** The commands with a server at the address at which others join it; a placeholder that stood there is told. */
function placed(
  commands: readonly InstallCommand[],
  server: InstallCommand | undefined,
  host: string,
  notes: string[],
): InstallCommand[] {
  if (server?.host !== undefined)
    notes.push(`${quoted(server.host)} was taken for ${host}, the address at which other machines join that server.`);
  return commands.map((command) => (command === server ? { ...command, host } : command));
}

function onlyJoined(host: string, by?: InstallCommand): InstallCommand {
  return {
    role: 'server',
    options: {},
    env: {},
    notes: [],
    host,
    onlyJoined: true,
    ...(by?.ssh === undefined ? {} : { ssh: by.ssh }),
  };
}

const joins = ({ options }: InstallCommand): boolean => options['server'] !== undefined;
const count = (joiners: number): string => (joiners === 1 ? 'A machine joins' : `${joiners} machines join`);

interface Joiner {
  readonly command: InstallCommand;
  readonly at: JoinAddress;
}

/** Machines by the address at which they join. */
function byAddress(commands: readonly InstallCommand[]): ReadonlyMap<string, readonly [Joiner, ...Joiner[]]> {
  const found = new Map<string, [Joiner, ...Joiner[]]>();
  for (const command of commands) {
    const at = joinAddress(textOf(command.options['server']));
    if (at === undefined) continue;
    const known = found.get(at.host);
    if (known === undefined) found.set(at.host, [{ command, at }]);
    else known.push({ command, at });
  }
  return found;
}

/** A server that is joined at another port listens there. */
function withPort(
  commands: readonly InstallCommand[],
  server: InstallCommand,
  port: number,
  notes: string[],
): InstallCommand[] {
  if (port === DEFAULT_PORT || server.options['https-listen-port'] !== undefined) return [...commands];
  notes.push(
    `Machines join at port ${port} of ${server.host ?? 'a server'}: it was taken for https-listen-port of the servers.`,
  );
  return commands.map((command) =>
    command.role === 'server' && command.ofAll !== true
      ? { ...command, options: { 'https-listen-port': String(port), ...command.options } }
      : command,
  );
}
