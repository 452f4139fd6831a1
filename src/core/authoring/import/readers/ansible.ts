import type { FoundBalancer, InstallCommand, Reading, SourceText } from '../installCommand';
import { fromHostVars, leftVars } from '../ansible/hostVars';
import {
  emptyInventory,
  groupOf,
  groupsOfHost,
  isIniInventory,
  isYamlInventory,
  readGroups,
  readIni,
  roleOfGroup,
  scopeOfFile,
  type Inventory,
  type Vars,
} from '../ansible/inventory';
import { render, type TemplateValues } from '../ansible/template';
import { registriesOf } from '../machineFiles';
import { holdsPlaceholder, withoutMarks } from '../placeholder';
import { quotedList } from '../quoted';
import { listOf, readYaml, recordOf, scalarOf } from '../yamlText';
import type { Reader } from './reader';

/** Variables of k3s-ansible, techno-tim's playbook and PyratLabs' role. */
const OWN_VARIABLE =
  /^(?:k3s_\w+|extra_(?:server|agent)_args|extra_args|api_?server_endpoint|api_endpoint|(?:server|agent|registries)_config_yaml|ansible_(?:user|host|port|ssh_\w+|become\w*)|flannel_iface|metal_lb_\w+|kube_vip_\w+)$/;

/** Inventories of Ansible with their variables: https://github.com/k3s-io/k3s-ansible, techno-tim/k3s-ansible, PyratLabs/ansible-role-k3s */
export const ansible: Reader = {
  name: 'an Ansible inventory',
  claims: ({ text }) => {
    if (isIniInventory(text)) return true;
    if (!/^[ \t]*-?[ \t]*["']?[\w.-]+["']?[ \t]*:/m.test(text)) return false;
    const data = readYaml(text);
    return isYamlInventory(data) || isVars(data) || playsOf(data).length > 0;
  },
  read: (sources) => readInventory(sources),
};

function isVars(data: unknown): boolean {
  const keys = Object.keys(recordOf(data) ?? {});
  const own = keys.filter((key) => OWN_VARIABLE.test(key));
  return own.length > 0 && own.length * 4 >= keys.length && !keys.includes('apiVersion');
}

/** Plays that hand variables to the role. */
function playsOf(data: unknown): readonly Vars[] {
  return listOf(Array.isArray(data) ? data : []).flatMap((play) => {
    const record = recordOf(play);
    return record?.['hosts'] !== undefined && /k3s/i.test(JSON.stringify(record)) ? [record] : [];
  });
}

function readInventory(sources: readonly SourceText[]): Reading {
  const inventory = emptyInventory();
  const left: string[] = [];
  for (const source of sources) {
    const text = withoutMarks(source.text);
    if (isIniInventory(text)) {
      readIni(text, inventory);
      continue;
    }
    const data = readYaml(text);
    const record = recordOf(data) ?? {};
    if (isYamlInventory(data)) readGroups(record, inventory);
    else if (Array.isArray(data)) {
      for (const play of playsOf(data))
        Object.assign(groupOf(inventory, scalarOf(play['hosts']) ?? 'all').vars, recordOf(play['vars']) ?? {});
    } else {
      const { kind, name } = scopeOfFile(source);
      if (kind === 'host') inventory.hosts.set(name, { ...inventory.hosts.get(name), ...record });
      else Object.assign(groupOf(inventory, name).vars, record);
    }
  }
  const used = new Set<string>();
  const all: Record<string, unknown> = {};
  const commands = inventory.hosts.size > 0 ? hostCommands(inventory, used, all) : commonCommands(inventory, used, all);
  const vars = merged(inventory);
  const values = valuesOf(inventory, vars);
  left.push(...leftVars({ ...all, ...vars }, used));
  const registries = registriesFrom(vars, values);
  const balancer = balancerOf(vars, values, commands);
  return {
    commands: withDatastore(commands, vars),
    notes:
      left.length === 0
        ? []
        : [`Variables that say nothing to K3s HA, and were not taken over: ${quotedList([...new Set(left)])}.`],
    ...(balancer === undefined ? {} : { balancer }),
    ...(registries === undefined ? {} : { registries }),
  };
}

function valuesOf(inventory: Inventory, vars: Vars): TemplateValues {
  const size = (group: string): number =>
    [...inventory.hosts.keys()].filter((host) => groupsOfHost(inventory, host).includes(group)).length;
  return { vars, size };
}

/** What all hosts have. */
function merged(inventory: Inventory): Record<string, unknown> {
  const vars: Record<string, unknown> = {};
  for (const [name, group] of inventory.groups) if (roleOfGroup(name) === undefined) Object.assign(vars, group.vars);
  for (const [name, group] of inventory.groups) if (roleOfGroup(name) === 'server') Object.assign(vars, group.vars);
  return vars;
}

function hostCommands(inventory: Inventory, used: Set<string>, seen: Record<string, unknown>): InstallCommand[] {
  const hosts = [...inventory.hosts].map(([host, own]) => {
    const groups = groupsOfHost(inventory, host);
    const vars: Record<string, unknown> = { ...inventory.groups.get('all')?.vars };
    for (const group of groups) Object.assign(vars, inventory.groups.get(group)?.vars);
    Object.assign(vars, own);
    Object.assign(seen, vars);
    return { host, groups, vars };
  });
  const marked = hosts.some(({ vars }) => vars['k3s_control_node'] !== undefined);
  const someRole = hosts.some(({ groups }) => groups.some((group) => roleOfGroup(group) !== undefined));
  return hosts.flatMap(({ host, groups, vars }, index) => {
    const role = marked
      ? /^(?:true|yes|1)$/i.test(scalarOf(vars['k3s_control_node']) ?? '')
        ? 'server'
        : 'agent'
      : someRole
        ? (groups.map(roleOfGroup).find((each) => each === 'server') ??
          groups.map(roleOfGroup).find((each) => each !== undefined))
        : index === 0
          ? 'server'
          : 'agent';
    // Hosts of other groups, such as those of a hypervisor.
    return role === undefined ? [] : [fromHostVars({ role, host }, vars, valuesOf(inventory, vars), used)];
  });
}

/** Variables without hosts: what all servers, and all agents, are told. */
function commonCommands(inventory: Inventory, used: Set<string>, seen: Record<string, unknown>): InstallCommand[] {
  const vars = merged(inventory);
  Object.assign(seen, vars);
  const values = valuesOf(inventory, vars);
  const server = fromHostVars({ role: 'server' }, vars, values, used);
  const agent = fromHostVars({ role: 'agent' }, vars, values, used);
  const { token: _token, ...ofAgents } = agent.options;
  return Object.keys(ofAgents).length === 0 ? [server] : [server, agent];
}

/** Several servers without a database of their own form etcd, as all three playbooks have it. */
function withDatastore(commands: readonly InstallCommand[], vars: Vars): readonly InstallCommand[] {
  const servers = commands.filter(({ role, ofAll }) => role === 'server' && ofAll !== true);
  const external = servers.some(({ options }) => options['datastore-endpoint'] !== undefined);
  if (external || !(servers.length > 1 || vars['k3s_etcd_datastore'] === true)) return commands;
  return commands.map((command) =>
    command === servers[0] ? { ...command, options: { 'cluster-init': true, ...command.options } } : command,
  );
}

function registriesFrom(vars: Vars, values: TemplateValues): unknown {
  const wanted = vars['custom_registries'] === undefined || vars['custom_registries'] === true;
  const text =
    scalarOf(vars['registries_config_yaml']) ?? (wanted ? scalarOf(vars['custom_registries_yaml']) : undefined);
  if (text !== undefined) return registriesOf(render(text, values));
  const record = recordOf(vars['k3s_registries']);
  return record !== undefined && Object.values(record).some((value) => value !== null) ? record : undefined;
}

function balancerOf(
  vars: Vars,
  values: TemplateValues,
  commands: readonly InstallCommand[],
): FoundBalancer | undefined {
  const virtual = scalarOf(vars['apiserver_endpoint']);
  const address = render(
    virtual ?? scalarOf(vars['k3s_registration_address']) ?? scalarOf(vars['api_endpoint']) ?? '',
    values,
  );
  // The usual template of api_endpoint is the address of the first server.
  if (address === '' || holdsPlaceholder(address) || commands.some(({ host }) => host === address)) return undefined;
  const port = Number(scalarOf(vars['api_port']) ?? 6443);
  const card = scalarOf(vars['flannel_iface']);
  return {
    address,
    ...(port === 6443 || Number.isNaN(port) ? {} : { port }),
    ...(virtual === undefined
      ? {}
      : { type: 'kube-vip' as const, ...(card === undefined || card.includes('{') ? {} : { interface: card }) }),
  };
}
