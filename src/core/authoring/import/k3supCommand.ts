import type { NodeRole } from '../../k3s/nodeRole';
import type { InstallCommand, Login, OptionValue } from './installCommand';
import { parseOptions, splitArguments } from './optionArguments';
import { holdsPlaceholder } from './placeholder';
import { quoted } from './quoted';
import { readToolFlags, type GivenFlags, type ToolFlags } from './toolFlags';

const FLAGS: ToolFlags = {
  tool: 'k3sup',
  values: [
    'ip',
    'host',
    'user',
    'ssh-key',
    'ssh-port',
    'datastore',
    'token',
    'k3s-version',
    'k3s-channel',
    'k3s-extra-args',
    'tls-san',
  ]
    .concat(['server-ip', 'server-host', 'server-url', 'node-token'])
    .concat(['servers', 'limit', 'server-k3s-extra-args', 'agent-k3s-extra-args']),
  switches: [
    'cluster',
    'no-extras',
    'ipsec',
    'server',
    'sudo',
    'local',
    'skip-install',
    'print-command',
    'merge',
    'background',
    'print-config',
  ],
  ofTool: [
    'local-path',
    'context',
    'merge',
    'print-command',
    'print-config',
    'skip-install',
    'node-token-path',
    'server-user',
    'server-ssh-port',
    'server-data-dir',
    'background',
    'quiet',
  ],
};

/** A machine of the file that `k3sup plan` reads. */
export interface Device {
  readonly hostname?: string;
  readonly ip: string;
}

/** `k3sup install` and `k3sup join`. https://github.com/alexellis/k3sup#usage */
export function fromK3sup(args: readonly string[], variables: Readonly<Record<string, string>>): InstallCommand {
  const verb = args[0] ?? '';
  const own = readToolFlags(args.slice(1), FLAGS);
  const role: NodeRole = verb === 'install' || own.has('server') ? 'server' : 'agent';
  const parsed = parseOptions(splitArguments(own.get('k3s-extra-args') ?? ''));
  const target = own.get('server-ip') ?? own.get('server-host');
  const url = own.get('server-url') ?? (target === undefined ? undefined : `https://${bracketed(target)}:6443`);
  const joins = verb === 'join' && url !== undefined;
  const given = own.get('ip') ?? own.get('host');
  // `install` has no such flag, but who writes it says where the server is.
  const isMeant = verb === 'install' && target !== undefined && (given === undefined || holdsPlaceholder(given));
  const host = isMeant ? target : given;
  return {
    role,
    options: {
      ...common(own, role),
      ...(joins ? { server: url } : {}),
      ...parsed.options,
      ...(role === 'server' ? withDisabled(own, parsed.options['disable']) : {}),
    },
    env: release(own, variables),
    notes: [
      ...own.notes,
      ...(verb === 'install' && target !== undefined ? [ofJoinOnly(target, isMeant, given)] : []),
      ...own.words.map((word) => `"${word}" was passed over: it belongs to no flag of k3sup.`),
      ...parsed.notes,
    ],
    ssh: login(own),
    ...(joins && own.get('server-url') === undefined ? { joinsServer: true } : {}),
    ...(host === undefined ? {} : { host }),
  };
}

function ofJoinOnly(target: string, isMeant: boolean, given: string | undefined): string {
  const what = `k3sup install has neither --server-ip nor --server-host: ${quoted(target)} was`;
  if (!isMeant) return `${what} passed over.`;
  return `${what} taken for the address of the machine${given === undefined ? '' : `, where ${quoted(given)} stands`}.`;
}

/** `k3sup plan`: the first machines of its file are servers, the others agents. */
export function fromK3supPlan(args: readonly string[], devices: readonly Device[]): InstallCommand[] {
  const own = readToolFlags(args, FLAGS);
  const servers = Number(own.get('servers') ?? 3);
  const limit = Number(own.get('limit') ?? 0);
  return devices.slice(0, limit > 0 ? limit : devices.length).map(({ hostname, ip }, index) => {
    const role: NodeRole = index < servers ? 'server' : 'agent';
    const parsed = parseOptions(splitArguments(own.get(`${role}-k3s-extra-args`) ?? ''));
    return {
      role,
      options: {
        ...(role === 'server' ? { ...common(own, role), 'cluster-init': true } : {}),
        ...(hostname === undefined ? {} : { 'node-name': hostname }),
        ...parsed.options,
      },
      env: {},
      notes: index === 0 ? [...own.notes, ...parsed.notes] : parsed.notes,
      ssh: login(own),
      host: ip,
    };
  });
}

/** The machines of a file that `k3sup plan` reads. */
export function devicesIn(text: string): readonly Device[] {
  try {
    const data: unknown = JSON.parse(text);
    if (!Array.isArray(data)) return [];
    return data.filter((item): item is Device => typeof (item as Device | null)?.ip === 'string');
  } catch {
    return [];
  }
}

function common(own: GivenFlags, role: NodeRole): Record<string, OptionValue> {
  const token = own.get('token') ?? own.get('node-token');
  return {
    ...(own.has('cluster') ? { 'cluster-init': true } : {}),
    ...(token === undefined ? {} : { token }),
    ...(own.has('datastore') ? { 'datastore-endpoint': own.get('datastore') ?? '' } : {}),
    ...(own.has('tls-san') && role === 'server' ? { 'tls-san': own.list('tls-san') } : {}),
    ...(own.has('ipsec') ? { 'flannel-backend': 'ipsec' } : {}),
  };
}

/** `--no-extras` is these two. */
function withDisabled(own: GivenFlags, given: OptionValue | undefined): { readonly disable?: readonly string[] } {
  if (!own.has('no-extras')) return {};
  return {
    disable: [...new Set([...(Array.isArray(given) ? (given as readonly string[]) : []), 'servicelb', 'traefik'])],
  };
}

function release(own: GivenFlags, variables: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...(own.has('k3s-version') ? { INSTALL_K3S_VERSION: own.get('k3s-version') ?? '' } : {}),
    ...(own.has('k3s-channel') ? { INSTALL_K3S_CHANNEL: own.get('k3s-channel') ?? '' } : {}),
    ...(variables['http_proxy'] === undefined ? {} : { http_proxy: variables['http_proxy'] }),
  };
}

function login(own: GivenFlags): Login {
  const port = Number(own.get('ssh-port') ?? 22);
  return {
    ...(own.has('user') ? { user: own.get('user') ?? '' } : {}),
    ...(own.has('ssh-key') ? { identityFile: own.get('ssh-key') ?? '' } : {}),
    ...(port === 22 || Number.isNaN(port) ? {} : { port }),
  };
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
