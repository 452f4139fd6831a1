import { difference } from '../../base/difference';
import { finish, type Steps } from '../../base/steps';
import { applyEdits, type TextEdit } from '../../base/text';
import type { Path } from '../../base/path';
import type { ClusterDocument } from '../../document/clusterDocument';
import { dataAt } from '../../document/dataAt';
import { addEntries, appendItems, setValue } from '../../document/edit';
import { parseInSteps } from '../../document/parse';
import type { PlainValue } from '../../document/render';
import { parseDatastoreEndpoint } from '../../datastore/endpoint/dsn';
import { repairK3sVersion } from '../../k3s/versions';
import { referencePassword } from '../../cluster/endpointSecret';
import { isLiteralSecret } from '../../cluster/references';
import { normalise } from '../../cluster/normalise';
import type { NodeRole } from '../../k3s/nodeRole';
import type { InstallCommand, OptionValue } from './installCommand';
import { readInstallCommands, tooLong } from './installCommands';

/** What pasted commands become in a cluster file. */
export interface ImportedCommands {
  readonly edits: readonly TextEdit[];
  /** What was carried over, each as a line for the person. */
  readonly done: readonly string[];
  /** What could not be carried over, or has to be filled in. */
  readonly notes: readonly string[];
  /** Secrets of the commands: reference name → value; the file gets the references. */
  readonly storeSecrets: Readonly<Record<string, string>>;
}

/** Commands of one text; longer lists of machines are written as ranges. */
const MOST_COMMANDS = 500;
const UPSTREAM = 'https://get.k3s.io';
/** Options that the cluster file has a place of its own for, or that follow from the list of machines. */
const OWN_PLACE = new Set([
  'server',
  'token',
  'datastore-endpoint',
  'datastore-cafile',
  'datastore-certfile',
  'datastore-keyfile',
  'cluster-init',
  'node-name',
  'config',
]);
const SECTION: Readonly<Record<NodeRole, string>> = { server: 'servers', agent: 'agents' };

/**
 * Turns the install commands in `pasted` into edits of the file: options that all commands of a role share go to the role,
 * others to the machine; secrets become references. Importing the same text again changes nothing.
 */
export function importCommands(document: ClusterDocument, pasted: string): ImportedCommands {
  return finish(importInSteps(document, pasted));
}

/** {@link importCommands} with a pause after each change of the file. Too long a text, or one of too many commands, is only told. */
export function* importInSteps(document: ClusterDocument, pasted: string): Steps<ImportedCommands> {
  const refused = tooLong(pasted);
  if (refused !== undefined) return { edits: [], done: [], notes: [refused], storeSecrets: {} };
  const commands = readInstallCommands(pasted);
  if (commands.length > MOST_COMMANDS)
    return {
      edits: [],
      done: [],
      notes: [
        `The text holds ${commands.length} commands, and ${MOST_COMMANDS} at once are the most. Machines that are alike fit into one entry: 10.0.1.[1-50].`,
      ],
      storeSecrets: {},
    };
  yield;
  const draft = new Draft(document);
  if (commands.length > 0) {
    yield* draft.skeleton(
      commands.map(({ clusterName }) => clusterName).find((name) => name !== undefined) ?? 'imported',
    );
    for (const command of commands) yield* draft.installation(command);
    // Servers first: the address that an agent joins at may be one of theirs.
    for (const role of ['server', 'agent'] as const) {
      const own = commands.filter((command) => command.role === role);
      for (const command of own) yield* draft.access(command);
      yield* draft.machines(role, own);
    }
  }
  return {
    edits: difference(document.text, draft.document.text),
    done: draft.done,
    notes: [...new Set([...draft.notes, ...commands.flatMap(({ notes }) => notes)])],
    storeSecrets: draft.secrets,
  };
}

class Draft {
  document: ClusterDocument;
  readonly done: string[] = [];
  readonly notes: string[] = [];
  readonly secrets: Record<string, string> = {};

  constructor(document: ClusterDocument) {
    this.document = document;
  }

  *#apply(edits: readonly TextEdit[]): Steps<boolean> {
    if (edits.length === 0) return false;
    this.document = yield* parseInSteps(applyEdits(this.document.text, edits), this.document);
    yield;
    return true;
  }

  #at(path: Path): unknown {
    return dataAt(this.document.data, path);
  }

  /** Writes a value where nothing stands; another value that stands there is kept and said. */
  *#put(path: Path, value: PlainValue, what: string): Steps<void> {
    const present = this.#at(path);
    if (present === undefined || present === null) {
      if (yield* this.#apply(setValue(this.document, path, value))) this.done.push(what);
    } else if (JSON.stringify(present) !== JSON.stringify(value))
      this.notes.push(`${what}: the file has another value, which was kept.`);
  }

  *skeleton(name: string): Steps<void> {
    for (const [key, value] of [
      ['apiVersion', 'k3s-ha/v1'],
      ['kind', 'Cluster'],
      ['metadata', { name }],
    ] as const) {
      if (this.#at([key]) === undefined || this.#at([key]) === null)
        yield* this.#apply(setValue(this.document, [key], value));
    }
  }

  get #name(): string {
    const name = this.#at(['metadata', 'name']);
    return typeof name === 'string' && name !== '' ? name : 'imported';
  }

  /** A literal secret becomes a reference; what stands for one in a tutorial is not worth storing. */
  #secret(text: string, purpose: string): string {
    if (!isLiteralSecret(text)) return text;
    this.#keep(text, purpose);
    return `\${secret:${this.#secretName(purpose)}}`;
  }

  #secretName(purpose: string): string {
    return `${this.#name}-${purpose}`;
  }

  #keep(text: string, purpose: string): void {
    const name = this.#secretName(purpose);
    if (/^\$|^<.*>$/.test(text))
      this.notes.push(`The ${purpose} was a variable or a placeholder: store the real one as "${name}".`);
    else this.secrets[name] = text;
  }

  /** Version, script and its variables. */
  *installation({ env, scriptUrl }: InstallCommand): Steps<void> {
    const { INSTALL_K3S_VERSION: version, INSTALL_K3S_CHANNEL: channel, ...rest } = env;
    if (version !== undefined) {
      const tag = repairK3sVersion(version) ?? version;
      if (tag !== version) this.notes.push(`The release that ${version} means is ${tag}.`);
      yield* this.#put(['k3s', 'version'], tag, `K3s ${tag}`);
    }
    if (channel !== undefined) yield* this.#put(['k3s', 'channel'], channel, `channel ${channel}`);
    if (scriptUrl !== undefined && scriptUrl.replace(/\/$/, '') !== UPSTREAM)
      yield* this.#put(['k3s', 'install', 'scriptUrl'], scriptUrl, `install script ${scriptUrl}`);
    for (const [name, value] of Object.entries(rest))
      yield* this.#put(['k3s', 'install', 'env', name], value, `${name} for the install script`);
  }

  /** Token, datastore, fixed address and SSH. */
  *access({ options, role, sshUser, sshKey, sshPort }: InstallCommand): Steps<void> {
    const token = textOf(options['token']);
    if (token !== undefined) yield* this.#put(['token'], this.#secret(token, 'token'), 'the token, as a secret');
    const endpoint = textOf(options['datastore-endpoint']);
    if (endpoint !== undefined && role === 'server') yield* this.#datastore(endpoint, options);
    if (
      role === 'server' &&
      (options['cluster-init'] === true || (options['server'] !== undefined && endpoint === undefined))
    )
      yield* this.#put(['datastore', 'type'], 'embedded-etcd', 'embedded etcd');
    const url = /^https?:\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?/.exec(textOf(options['server']) ?? '');
    const host = url?.[1]?.replace(/^\[(.*)\]$/, '$1');
    const known =
      host !== undefined &&
      normalise(this.document.data).servers.some((server) => server.host === host || server.address === host);
    if (host !== undefined && !known && role === 'agent') {
      yield* this.#put(['loadBalancer', 'address'], host, `fixed address ${host}`);
      if (url?.[2] !== undefined && url[2] !== '6443')
        yield* this.#put(['loadBalancer', 'port'], Number(url[2]), `port ${url[2]} of the fixed address`);
    }
    if (sshUser !== undefined) yield* this.#put(['ssh', 'user'], sshUser, `SSH user ${sshUser}`);
    if (sshPort !== undefined) yield* this.#put(['ssh', 'port'], sshPort, `SSH port ${sshPort}`);
    if (sshKey !== undefined) yield* this.#put(['ssh', 'identityFile'], sshKey, `SSH key ${sshKey}`);
  }

  *#datastore(written: string, options: InstallCommand['options']): Steps<void> {
    const { driver } = parseDatastoreEndpoint(written);
    const { endpoint, password } = referencePassword(written, this.#secretName('db-password'));
    if (password !== undefined) this.#keep(password, 'db-password');
    if (driver !== undefined && driver !== 'other')
      yield* this.#put(['datastore', 'type'], driver, `datastore ${driver}`);
    yield* this.#put(['datastore', 'endpoint'], endpoint, 'the datastore endpoint');
    for (const [option, key] of [
      ['datastore-cafile', 'caFile'],
      ['datastore-certfile', 'certFile'],
      ['datastore-keyfile', 'keyFile'],
    ] as const) {
      const file = textOf(options[option]);
      if (file !== undefined) yield* this.#put(['datastore', key], file, `${key} ${file}`);
    }
  }

  /** The machines of a role with their options. */
  *machines(role: NodeRole, commands: readonly InstallCommand[]): Steps<void> {
    const section = SECTION[role];
    const shared = sharedOptions(commands);
    yield* this.#options([section, 'config'], shared, (name) => `${name} of the ${section}`);
    const list: Path = [section, 'nodes'];
    // New machines come into the file together: each one alone would cost a reading of the file.
    let fresh: { entry: Record<string, PlainValue>; place: Place }[] = [];
    for (const [index, command] of commands.entries()) {
      const own = Object.fromEntries(
        Object.entries(command.options).filter(([name]) => !OWN_PLACE.has(name) && shared[name] === undefined),
      );
      const place = placeOf(role, command, index, own);
      const written = this.#at(list);
      const entries = [
        ...(Array.isArray(written) ? (written as readonly unknown[]) : []),
        ...fresh.map(({ entry }) => entry),
      ];
      const found = indexOfMachine(entries, place, index);
      if (found === undefined) {
        fresh.push({ entry: this.#entry(role, place, own), place });
        continue;
      }
      if (found >= entries.length - fresh.length) {
        yield* this.#apply(
          appendItems(
            this.document,
            list,
            fresh.map(({ entry }) => entry),
          ),
        );
        fresh = [];
      }
      yield* this.#options([...list, found, 'config'], own, (name) => `${name} of one machine`);
    }
    yield* this.#apply(
      appendItems(
        this.document,
        list,
        fresh.map(({ entry }) => entry),
      ),
    );
  }

  /** A machine that the file does not have yet, with its options. */
  #entry(
    role: NodeRole,
    { name, address, placeholder }: Place,
    own: InstallCommand['options'],
  ): Record<string, PlainValue> {
    this.done.push(`${role} ${name ?? address}`);
    if (address === placeholder)
      this.notes.push(
        `No command says where ${name ?? placeholder.replace(/\.example\.com$/, '')} is: replace ${placeholder} by its address.`,
      );
    const config = Object.fromEntries(
      Object.entries(own).flatMap(([option, given]) => {
        const value = this.#withoutPlaceholders(option, given);
        if (value !== undefined) this.done.push(`${option} of one machine`);
        return value === undefined ? [] : [[option, value] as const];
      }),
    );
    return {
      host: address,
      ...(name === undefined ? {} : { name }),
      ...(Object.keys(config).length === 0 ? {} : { config }),
    };
  }

  /** Options of one block; those that it does not have come into the file together. */
  *#options(block: Path, options: InstallCommand['options'], what: (name: string) => string): Steps<void> {
    const missing: Record<string, PlainValue> = {};
    for (const [name, given] of Object.entries(options)) {
      const value = this.#withoutPlaceholders(name, given);
      const present = this.#at([...block, name]);
      if (value === undefined) continue;
      if (present === undefined) missing[name] = value;
      else if (Array.isArray(value)) {
        const known = new Set<unknown>(Array.isArray(present) ? (present as readonly unknown[]) : [present]);
        const added = (value as readonly PlainValue[]).filter((item) => !known.has(item));
        if (yield* this.#apply(appendItems(this.document, [...block, name], added))) this.done.push(what(name));
      } else yield* this.#put([...block, name], value, what(name));
    }
    if (yield* this.#apply(addEntries(this.document, block, missing)))
      this.done.push(...Object.keys(missing).map(what));
  }

  /** What a tutorial leaves to fill in is told and left out; undefined when nothing else is there. */
  #withoutPlaceholders(name: string, value: OptionValue): PlainValue | undefined {
    if (Array.isArray(value)) {
      const items = (value as readonly string[]).filter((item) => !/^[[<$].*|[\]>]$/.test(item));
      if (items.length < value.length)
        this.notes.push(`${name} had a placeholder that was left out: fill in the real value.`);
      return items.length === 0 ? undefined : [...new Set(items)];
    }
    if (typeof value !== 'string' || !/^\[.*\]$|^<.*>$/.test(value)) return typed(value);
    this.notes.push(`${name} had the placeholder ${value} and was left out: fill in the real value.`);
    return undefined;
  }
}

/** What a command says about its machine. */
interface Place {
  readonly name: string | undefined;
  readonly address: string;
  /** What stands for an address that the command does not tell; equal to `address` then. */
  readonly placeholder: string;
}

function placeOf(
  role: NodeRole,
  { host, options }: InstallCommand,
  index: number,
  own: InstallCommand['options'],
): Place {
  const name = textOf(options['node-name']);
  const placeholder = `${name ?? `${role}-${index + 1}`}.example.com`;
  const address =
    [host, textOf(own['node-ip']), textOf(own['node-external-ip'])].find(
      (text) => text !== undefined && /^[\w.:-]+$/.test(text),
    ) ?? placeholder;
  return { name, address, placeholder };
}

/** The entry that is this machine; undefined when there is none. */
function indexOfMachine(
  entries: readonly unknown[],
  { name, address, placeholder }: Place,
  index: number,
): number | undefined {
  const found = entries.findIndex((entry) => {
    const { host: present, name: called } = (typeof entry === 'object' && entry !== null ? entry : {}) as {
      readonly host?: unknown;
      readonly name?: unknown;
    };
    return present === address || (name !== undefined && called === name);
  });
  if (found >= 0) return found;
  // A command that names no machine says nothing about how many there are.
  return address === placeholder && entries.length > index ? index : undefined;
}

/** Options that every command gives with the same value; those of a single command are its machine's only where they name it. */
function sharedOptions(commands: readonly InstallCommand[]): Readonly<Record<string, OptionValue>> {
  const [first, ...others] = commands;
  if (first === undefined) return {};
  const ofMachine = new Set(['node-ip', 'node-external-ip', 'advertise-address', 'with-node-id']);
  return Object.fromEntries(
    Object.entries(first.options).filter(
      ([name, value]) =>
        !OWN_PLACE.has(name) &&
        !ofMachine.has(name) &&
        others.every((other) => JSON.stringify(other.options[name]) === JSON.stringify(value)),
    ),
  );
}

/** Numbers and switches as YAML writes them; texts such as `0644` stay texts. */
function typed(value: OptionValue): PlainValue {
  return typeof value === 'string' && /^[1-9]\d{0,9}$/.test(value) ? Number(value) : (value as PlainValue);
}

function textOf(value: OptionValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return Array.isArray(value) ? (value[0] as string | undefined) : undefined;
}
