import type { NodeRole } from '../../k3s/nodeRole';
import type { InstallCommand, Login, OptionValue, Reading } from './installCommand';
import { parseOptions, splitArguments } from './optionArguments';
import { holdsPlaceholder } from './placeholder';
import { readToolFlags, type ToolFlags } from './toolFlags';

/** https://github.com/cnrancher/autok3s: `pkg/cluster/base.go` and `pkg/providers/native/flag.go` */
const FLAGS: ToolFlags = {
  tool: 'AutoK3s',
  values: [
    'provider',
    'name',
    'k3s-version',
    'k3s-channel',
    'k3s-install-script',
    'k3s-install-mirror',
    'master-extra-args',
    'worker-extra-args',
  ]
    .concat([
      'registry',
      'system-default-registry',
      'datastore',
      'datastore-cafile',
      'datastore-certfile',
      'datastore-keyfile',
      'token',
      'tls-sans',
    ])
    .concat([
      'master',
      'worker',
      'install-env',
      'master-ips',
      'worker-ips',
      'ip',
      'ssh-user',
      'ssh-port',
      'ssh-key-path',
      'ssh-password',
      'ssh-key-passphrase',
    ]),
  switches: ['cluster', 'rollback', 'debug', 'terraform', 'ui', 'ssh-agent-auth'],
  letters: { n: 'name', p: 'provider', d: 'debug' },
  ofTool: [
    'debug',
    'rollback',
    'ui',
    'manifests',
    'enable',
    'set',
    'package-name',
    'package-path',
    'docker-arg',
    'docker-script',
    'ssh-cert-path',
    'ssh-agent-auth',
    'values',
  ],
};
const ACCESS: readonly string[] = [
  'datastore-cafile',
  'datastore-certfile',
  'datastore-keyfile',
  'system-default-registry',
];

/** AutoK3s names all machines in one command; flags of its own may stand before `create` and `join`. */
export function fromAutoK3s(args: readonly string[]): Reading {
  const provider = providerOf(args);
  const own = readToolFlags(args, provider === 'native' ? FLAGS : { ...FLAGS, of: `the provider ${provider}` });
  const verb = own.words.find((word) => word === 'create' || word === 'join');
  const shared: Record<string, OptionValue> = {};
  if (own.has('cluster')) shared['cluster-init'] = true;
  if (own.has('datastore')) shared['datastore-endpoint'] = own.get('datastore') ?? '';
  if (own.has('tls-sans')) shared['tls-san'] = own.list('tls-sans');
  for (const name of ACCESS) if (own.has(name)) shared[name] = own.get(name) ?? '';
  const token: Record<string, OptionValue> = own.has('token') ? { token: own.get('token') ?? '' } : {};
  const joins: Record<string, OptionValue> =
    verb === 'join' && own.has('ip') ? { server: `https://${own.get('ip') ?? ''}:6443` } : {};
  const about =
    provider === 'native'
      ? []
      : [
          `The provider ${provider} creates machines; K3s HA works on machines that are there. Fill in their addresses.`,
        ];
  const notes = [
    ...own.notes,
    ...own.words
      .filter((word) => word !== verb)
      .map((word) => `"${word}" was passed over: it belongs to no flag of AutoK3s.`),
    ...about,
  ];
  const scriptUrl = own.get('k3s-install-script');
  const given = own.get('name');
  const named = given === undefined || holdsPlaceholder(given) ? undefined : given;
  const machines = (role: NodeRole, kind: 'master' | 'worker'): InstallCommand[] => {
    const ips = own.list(`${kind}-ips`);
    const hosts: readonly (string | undefined)[] =
      ips.length > 0 ? ips : Array.from({ length: Math.min(Number(own.get(kind) ?? 0) || 0, 600) }, () => undefined);
    const parsed = parseOptions(splitArguments(own.get(`${kind}-extra-args`) ?? ''));
    return hosts.map((host) => ({
      role,
      options: { ...(role === 'server' ? shared : {}), ...token, ...joins, ...parsed.options },
      env: environment(own),
      notes: parsed.notes,
      ssh: login(own),
      ...(host === undefined ? {} : { host }),
      ...(verb === 'join' ? { joinsServer: true } : {}),
      ...(named === undefined ? {} : { clusterName: named }),
      ...(scriptUrl === undefined ? {} : { scriptUrl }),
    }));
  };
  const commands = [...machines('server', 'master'), ...machines('agent', 'worker')];
  const ip = verb === 'create' ? own.get('ip') : undefined;
  const registry = own.get('registry');
  return {
    commands,
    notes:
      commands.length === 0
        ? [...notes, 'The AutoK3s command names no machines: --master-ips and --worker-ips do.']
        : notes,
    ...(ip === undefined || own.list('master-ips').includes(ip) ? {} : { balancer: { address: ip } }),
    ...(registry === undefined ? {} : { registries: { file: registry } }),
  };
}

/** Who gives the machines; each provider has flags of its own. */
function providerOf(args: readonly string[]): string {
  const at = args.findIndex((arg) => /^(?:-p|--provider)(?:=|$)/.test(arg));
  return at < 0 ? 'native' : (/=(.*)$/.exec(args[at] ?? '')?.[1] ?? args[at + 1] ?? 'native');
}

type Given = ReturnType<typeof readToolFlags>;

function environment(own: Given): Record<string, string> {
  const pairs = [...own.list('k3s-install-mirror'), ...own.list('install-env')].map((pair) =>
    /^(\w+)=(.*)$/s.exec(pair),
  );
  return {
    ...(own.has('k3s-version') ? { INSTALL_K3S_VERSION: own.get('k3s-version') ?? '' } : {}),
    ...(own.has('k3s-channel') ? { INSTALL_K3S_CHANNEL: own.get('k3s-channel') ?? '' } : {}),
    ...Object.fromEntries(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] ?? '', pair[2] ?? '']]))),
  };
}

function login(own: Given): Login {
  const port = Number(own.get('ssh-port') ?? 22);
  return {
    ...(own.has('ssh-user') ? { user: own.get('ssh-user') ?? '' } : {}),
    ...(own.has('ssh-key-path') ? { identityFile: own.get('ssh-key-path') ?? '' } : {}),
    ...(own.has('ssh-password') ? { password: own.get('ssh-password') ?? '' } : {}),
    ...(own.has('ssh-key-passphrase') ? { passphrase: own.get('ssh-key-passphrase') ?? '' } : {}),
    ...(port === 22 || Number.isNaN(port) ? {} : { port }),
  };
}
