import { shellWords } from '../shell/shellWords';
import { readYaml, recordOf } from '../yamlText';
import type { SourceText } from '../installCommand';

export type Vars = Readonly<Record<string, unknown>>;

/** Hosts and groups of an inventory, with the variables of each. */
export interface Inventory {
  readonly hosts: Map<string, Record<string, unknown>>;
  readonly groups: Map<string, Group>;
}

interface Group {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly vars: Record<string, unknown>;
}

/** Hosts that a range gives at most. */
const MOST_HOSTS = 600;

export function emptyInventory(): Inventory {
  return { hosts: new Map(), groups: new Map() };
}

export function groupOf({ groups }: Inventory, name: string): Group {
  const group = groups.get(name) ?? { hosts: new Set(), children: new Set(), vars: {} };
  groups.set(name, group);
  return group;
}

const SECTION = /^\[([\w.-]+)(?::(children|vars))?\]\s*(?:[#;].*)?$/;

/** Whether a text is an inventory in the form of INI files. */
export function isIniInventory(text: string): boolean {
  const sections = text.split(/\r?\n/).flatMap((line) => SECTION.exec(line.trim())?.[1] ?? []);
  return (
    sections.length > 0 &&
    sections.some((name) => roleOfGroup(name) !== undefined || /k3s|cluster|all/i.test(name)) &&
    !/^\[(?:Unit|Service|Install)\]/m.test(text)
  );
}

/** Whether the data of a text is an inventory: groups with hosts, children or variables. */
export function isYamlInventory(data: unknown): boolean {
  const record = recordOf(data);
  return (
    record !== undefined &&
    Object.keys(record).length > 0 &&
    Object.values(record).every((value) => value === null || recordOf(value) !== undefined) &&
    Object.values(record).some((value) =>
      ['hosts', 'children'].some((key) => recordOf(recordOf(value)?.[key]) !== undefined),
    )
  );
}

/** `[server]`, `[k3s_cluster:children]` and so on. https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html */
export function readIni(text: string, inventory: Inventory): void {
  let section = 'ungrouped';
  let kind: string | undefined;
  for (const written of text.split(/\r?\n/)) {
    const line = written.trim().replace(/\s[#;].*$/, '');
    const head = SECTION.exec(line);
    if (head !== null) {
      [, section = 'ungrouped', kind] = head;
      groupOf(inventory, section);
      continue;
    }
    if (line === '' || /^[#;]/.test(line)) continue;
    const group = groupOf(inventory, section);
    if (kind === 'children') group.children.add(line);
    else if (kind === 'vars') Object.assign(group.vars, iniPair(line));
    else {
      const [name = '', ...pairs] = shellWords(line);
      for (const host of expandRange(name))
        addHost(inventory, section, host, Object.assign({}, ...pairs.map(iniPair)) as Vars);
    }
  }
}

function iniPair(line: string): Record<string, unknown> {
  const [, name, value = ''] = /^([\w.-]+)\s*=\s*(.*)$/s.exec(line) ?? [];
  const plain = value.replace(/^(["'])(.*)\1$/s, '$2');
  return name === undefined ? {} : { [name]: /^[[{]/.test(plain) ? (readYaml(plain) ?? plain) : plain };
}

/** A group of a YAML inventory with all that is below it. */
export function readGroups(data: Vars, inventory: Inventory, depth = 0): void {
  if (depth > 8) return;
  for (const [name, value] of Object.entries(data)) {
    const entry = recordOf(value) ?? {};
    const group = groupOf(inventory, name);
    Object.assign(group.vars, recordOf(entry['vars']) ?? {});
    for (const [host, vars] of Object.entries(recordOf(entry['hosts']) ?? {}))
      for (const each of expandRange(host)) addHost(inventory, name, each, recordOf(vars) ?? {});
    const children = recordOf(entry['children']) ?? {};
    for (const child of Object.keys(children)) group.children.add(child);
    readGroups(children, inventory, depth + 1);
  }
}

function addHost(inventory: Inventory, group: string, host: string, vars: Vars): void {
  groupOf(inventory, group).hosts.add(host);
  inventory.hosts.set(host, { ...inventory.hosts.get(host), ...vars });
}

/** `node[01:03].example.com` */
function expandRange(name: string): readonly string[] {
  const range = /^(.*)\[(\d+):(\d+)\](.*)$/.exec(name);
  if (range === null) return [name];
  const [, before = '', from = '0', to = '0', after = ''] = range;
  const size = Math.min(Math.max(Number(to) - Number(from) + 1, 0), MOST_HOSTS);
  const width = from.startsWith('0') ? from.length : 0;
  return Array.from(
    { length: size },
    (_none, i) => `${before}${String(Number(from) + i).padStart(width, '0')}${after}`,
  );
}

/** Every group that a host is in, the wider ones first. */
export function groupsOfHost(inventory: Inventory, host: string): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    for (const [parent, { children }] of inventory.groups) if (children.has(name)) visit(parent);
    found.add(name);
  };
  for (const [name, { hosts }] of inventory.groups) if (hosts.has(host)) visit(name);
  return [...found];
}

/** The role that a group of one of the known playbooks gives its hosts. */
export function roleOfGroup(name: string): 'server' | 'agent' | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^(?:k3s|kube|kubernetes)[_-]/, '')
    .replace(/[_-](?:nodes?|hosts?)$/, '');
  if (/^(?:servers?|masters?|control[_-]?planes?|controllers?|managers?)$/.test(plain)) return 'server';
  return /^(?:agents?|workers?|nodes?|minions?)$/.test(plain) ? 'agent' : undefined;
}

/** Which group or host a file of variables is for, by its name: `group_vars/agent.yml`, `host_vars/web-1/main.yml`. */
export function scopeOfFile({ name = '' }: SourceText): { readonly kind: 'group' | 'host'; readonly name: string } {
  const match = /(group|host)_vars\/([^/]+?)(?:\/[^/]+)?(?:\.ya?ml)?$/.exec(name.replace(/\\/g, '/'));
  if (match !== null) return { kind: match[1] === 'host' ? 'host' : 'group', name: match[2] ?? 'all' };
  const base = name.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, '');
  return { kind: 'group', name: roleOfGroup(base) === undefined ? 'all' : base };
}
