import type { Path } from '../../base/path';
import type { Steps } from '../../base/steps';
import { referencePassword } from '../../cluster/endpointSecret';
import { parseDatastoreEndpoint } from '../../datastore/endpoint/dsn';
import type { PlainValue } from '../../document/render';
import type { NodeRole } from '../../k3s/nodeRole';
import { tokenPassword } from '../../k3s/joinToken';
import { repairK3sVersion } from '../../k3s/versions';
import { ownOptions, sharedOptions, textOf } from './commandOptions';
import type { ImportDraft } from './importDraft';
import type { FoundBalancer, InstallCommand, Login, OptionValues } from './installCommand';
import { indexOfMachine, placeOf, type Place } from './machinePlace';
import { holdsPlaceholder, revealed } from './placeholder';

const UPSTREAM = 'https://get.k3s.io';
const SECTION: Readonly<Record<NodeRole, string>> = { server: 'servers', agent: 'agents' };
const LOGIN_SECRETS = {
  password: 'ssh-password',
  passphrase: 'key-passphrase',
  sudoPassword: 'sudo-password',
} as const;

/** Version, script and its variables. */
export function* putInstallation(draft: ImportDraft, { env, scriptUrl }: InstallCommand): Steps<void> {
  const { INSTALL_K3S_VERSION: given, INSTALL_K3S_CHANNEL: named, ...rest } = env;
  // A line of releases is a channel, wherever it is written.
  const isChannel = /^(?:v?1\.\d+|stable|latest|testing)$/.test(given ?? '');
  const version = isChannel ? undefined : given;
  const channel = named ?? (isChannel ? given?.replace(/^(?=1\.)/, 'v') : undefined);
  if (version !== undefined && version !== '') {
    const tag = repairK3sVersion(version) ?? version;
    if (tag !== version) draft.notes.push(`The release that ${version} means is ${tag}.`);
    yield* draft.put(['k3s', 'version'], tag, `K3s ${tag}`);
  }
  if (channel !== undefined && channel !== '') yield* draft.put(['k3s', 'channel'], channel, `channel ${channel}`);
  if (scriptUrl !== undefined && scriptUrl.replace(/^(?=get\.)/, 'https://').replace(/\/$/, '') !== UPSTREAM)
    yield* draft.put(['k3s', 'install', 'scriptUrl'], scriptUrl, `install script ${scriptUrl}`);
  for (const [name, value] of Object.entries(rest))
    yield* draft.put(
      ['k3s', 'install', 'env', name],
      draft.kept.address(value, name),
      `${name} for the install script`,
    );
}

/** Whether a machine has its token from elsewhere. */
const givesToken = ({ options }: InstallCommand): boolean => options['token-file'] !== undefined;

/** The token that machines join with. One that is written out is more than a variable. */
export function* putToken(draft: ImportDraft, commands: readonly InstallCommand[]): Steps<void> {
  const tokens = [...new Set(commands.flatMap(({ options }) => textOf(options['token']) ?? []))];
  const [first] = [...tokens.filter((token) => !holdsPlaceholder(token)), ...tokens];
  if (first === undefined) {
    if (commands.length > 1 && draft.at(['token']) === undefined && !commands.some(givesToken))
      yield* draft.put(['token'], draft.kept.missing(), 'a reference to the token');
    return;
  }
  yield* draft.put(['token'], draft.kept.token(first), 'the token, as a secret');
  const others = new Set(tokens.filter((token) => !holdsPlaceholder(token)).map(tokenPassword));
  if (others.size > 1)
    draft.notes.push(
      `The text has ${others.size} different tokens; a cluster has one, and the first one was kept. The password of the others is stored nowhere.`,
    );
}

/** The datastore. */
export function* putAccess(draft: ImportDraft, { options, role }: InstallCommand, external: boolean): Steps<void> {
  const endpoint = textOf(options['datastore-endpoint']);
  if (endpoint !== undefined && role === 'server') yield* putDatastore(draft, endpoint, options);
  if (
    role === 'server' &&
    ((options['cluster-init'] === true && endpoint === undefined) || (options['server'] !== undefined && !external))
  )
    yield* draft.put(['datastore', 'type'], 'embedded-etcd', 'embedded etcd');
}

/** The address in front of the servers. */
export function* putBalancer(draft: ImportDraft, { address, port, type, interface: card }: FoundBalancer): Steps<void> {
  if (type !== undefined) yield* draft.put(['loadBalancer', 'type'], type, `load balancer ${type}`);
  yield* draft.put(['loadBalancer', 'address'], address, `fixed address ${address}`);
  if (card !== undefined)
    yield* draft.put(['loadBalancer', 'interface'], card, `interface ${card} of the fixed address`);
  if (port !== undefined) yield* draft.put(['loadBalancer', 'port'], port, `port ${port} of the fixed address`);
}

function* putDatastore(draft: ImportDraft, written: string, options: OptionValues): Steps<void> {
  const { driver } = parseDatastoreEndpoint(written);
  const { password } = referencePassword(written, 'x');
  const endpoint =
    password === undefined
      ? draft.kept.address(written, 'db')
      : draft.kept.address(
          written.replace(password, () => draft.kept.secret(password, 'db-password')),
          'db',
        );
  if (driver !== undefined && driver !== 'other')
    yield* draft.put(['datastore', 'type'], driver, `datastore ${driver}`);
  yield* draft.put(['datastore', 'endpoint'], endpoint, 'the datastore endpoint');
  for (const [option, key] of [
    ['datastore-cafile', 'caFile'],
    ['datastore-certfile', 'certFile'],
    ['datastore-keyfile', 'keyFile'],
  ] as const) {
    const file = textOf(options[option]);
    if (file !== undefined) yield* draft.put(['datastore', key], file, `${key} ${file}`);
  }
}

/** How most machines are reached; others say so themselves. */
export function* putLogin(draft: ImportDraft, commands: readonly InstallCommand[]): Steps<Login> {
  const logins = commands.flatMap(({ ssh }) => (ssh === undefined ? [] : [ssh]));
  const common: Record<string, string | number> = {};
  for (const key of ['user', 'port', 'identityFile', 'proxyJump', 'password', 'passphrase', 'sudoPassword'] as const) {
    const counts = new Map<string | number, number>();
    for (const login of logins) {
      const value = login[key];
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const [most, times = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
    // The password of one machine is not told to the others.
    if (most !== undefined && (!Object.hasOwn(LOGIN_SECRETS, key) || times === logins.length)) common[key] = most;
  }
  for (const [key, value] of Object.entries(common))
    yield* draft.put(['ssh', key], safe(draft, key, value), WORDS[key]?.(value) ?? `SSH ${key}`);
  return common;
}

const WORDS: Readonly<Record<string, (value: string | number) => string>> = {
  user: (value) => `SSH user ${value}`,
  port: (value) => `SSH port ${value}`,
  identityFile: (value) => `SSH key ${value}`,
  proxyJump: (value) => `SSH through ${value}`,
};

function safe(draft: ImportDraft, key: string, value: string | number): string | number {
  const purpose = (LOGIN_SECRETS as Readonly<Record<string, string>>)[key];
  return purpose === undefined ? value : draft.kept.secret(String(value), purpose);
}

/** The machines of a role with their options. */
export function* putMachines(
  draft: ImportDraft,
  role: NodeRole,
  all: readonly InstallCommand[],
  common: Login,
): Steps<void> {
  const section = SECTION[role];
  const commands = all.filter(({ ofAll }) => ofAll !== true);
  for (const { options } of all.filter(({ ofAll }) => ofAll === true))
    yield* draft.options([section, 'config'], ownOptions(options, {}), (name) => `${name} of the ${section}`);
  const shared = sharedOptions(commands);
  yield* draft.options([section, 'config'], shared, (name) => `${name} of the ${section}`);
  const list: Path = [section, 'nodes'];
  // New machines come into the file together: each one alone would cost a reading of the file.
  let fresh: Record<string, PlainValue>[] = [];
  for (const [index, command] of commands.entries()) {
    const own = ownOptions(command.options, shared);
    const place = placeOf(role, command, index);
    const written = draft.at(list);
    const entries = [...(Array.isArray(written) ? (written as readonly unknown[]) : []), ...fresh];
    const found = indexOfMachine(entries, place, index);
    if (found === undefined) {
      fresh.push(entryOf(draft, command, place, own, common));
      continue;
    }
    if (found >= entries.length - fresh.length) {
      yield* draft.append(list, fresh);
      fresh = [];
    }
    yield* draft.options([...list, found, 'config'], own, (name) => `${name} of one machine`);
  }
  yield* draft.append(list, fresh);
}

/** A machine that the file does not have yet, with its options. */
function entryOf(
  draft: ImportDraft,
  { role, ssh = {}, zone, options }: InstallCommand,
  { name, address, placeholder }: Place,
  own: OptionValues,
  common: Login,
): Record<string, PlainValue> {
  draft.done.push(`${role} ${name ?? address}`);
  if (address === placeholder)
    draft.notes.push(
      `No command says where ${name ?? placeholder.replace(/\.example\.com$/, '')} is: replace ${placeholder} by its address.`,
    );
  const written = textOf(options['node-name']);
  if (written !== undefined && holdsPlaceholder(written))
    draft.notes.push(
      `node-name had the placeholder ${revealed(written)} and was left out: without a name K3s takes the one of the host.`,
    );
  const config = Object.fromEntries(
    Object.entries(own).flatMap(([option, given]) => {
      const value = draft.value(option, given);
      if (value !== undefined) draft.done.push(`${option} of one machine`);
      return value === undefined ? [] : [[option, value] as const];
    }),
  );
  // Who logs in without a port uses the usual one, whatever others do.
  const full =
    Object.keys(ssh).length > 0 && ssh.port === undefined && common.port !== undefined ? { ...ssh, port: 22 } : ssh;
  const login = Object.fromEntries(
    Object.entries(full).flatMap(([key, value]: [string, string | number]) =>
      value === common[key as keyof Login] || (typeof value === 'string' && holdsPlaceholder(value))
        ? []
        : [[key, safe(draft, key, value)] as const],
    ),
  );
  return {
    host: address,
    ...(name === undefined ? {} : { name }),
    ...(zone === undefined ? {} : { zone }),
    ...(Object.keys(login).length === 0 ? {} : { ssh: login }),
    ...(Object.keys(config).length === 0 ? {} : { config }),
  };
}
