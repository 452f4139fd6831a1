import type { Path } from '../../base/path';
import type { Steps } from '../../base/steps';
import { applyEdits, type TextEdit } from '../../base/text';
import { referencePassword } from '../../cluster/endpointSecret';
import { normalise } from '../../cluster/normalise';
import { isLiteralSecret } from '../../cluster/references';
import { parseDatastoreEndpoint } from '../../datastore/endpoint/dsn';
import type { ClusterDocument } from '../../document/clusterDocument';
import { dataAt } from '../../document/dataAt';
import { addEntries, appendItems, setValue } from '../../document/edit';
import { parseInSteps } from '../../document/parse';
import type { PlainValue } from '../../document/render';
import type { NodeRole } from '../../k3s/nodeRole';
import { repairK3sVersion } from '../../k3s/versions';
import { ownOptions, sharedOptions, textOf, typed } from './commandOptions';
import type { InstallCommand, OptionValue } from './installCommand';
import { indexOfMachine, placeOf, type Place } from './machinePlace';

const UPSTREAM = 'https://get.k3s.io';
const SECTION: Readonly<Record<NodeRole, string>> = { server: 'servers', agent: 'agents' };

/** A cluster file while commands are carried over into it: every change is a reading of the file, with a pause after it. */
export class ImportDraft {
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
      const own = ownOptions(command, shared);
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
