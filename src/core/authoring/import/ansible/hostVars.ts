import type { NodeRole } from '../../../k3s/nodeRole';
import { readConfigFile, readOptionEntries } from '../configFile';
import type { InstallCommand, Login, OptionValue } from '../installCommand';
import { parseOptions, splitArguments } from '../optionArguments';
import { holdsPlaceholder } from '../placeholder';
import { listOf, recordOf, scalarOf } from '../yamlText';
import type { Vars } from './inventory';
import { render, type TemplateValues } from './template';

/** A host of the inventory, or all hosts of a role. */
interface Subject {
  readonly role: NodeRole;
  readonly host?: string;
}

/** Variables that another place of the import reads. */
const ELSEWHERE =
  /^(?:api_endpoint|apiserver_endpoint|api_port|k3s_registration_address|registries_config_yaml|custom_registries(?:_yaml)?|k3s_registries|k3s_control_node|k3s_primary_control_node|flannel_iface|kube_vip_arp|use_external_database|k3s_etcd_datastore)$/;

/** What the variables of k3s-ansible, techno-tim's playbook and PyratLabs' role say about one host. */
export function fromHostVars(
  { role, host }: Subject,
  vars: Vars,
  values: TemplateValues,
  used: Set<string>,
): InstallCommand {
  const notes: string[] = [];
  const text = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = scalarOf(vars[name]);
      if (value === undefined || value === 'false') continue;
      used.add(name);
      return render(value, values).trim();
    }
    return undefined;
  };
  const args =
    text(`extra_${role}_args`, `k3s_${role}_extra_args`, `k3s_extra_${role}_args`, 'extra_args', 'k3s_extra_args') ??
    '';
  used.add('extra_args');
  const parsed = parseOptions(splitArguments(args));
  const file = readConfigFile(render(scalarOf(vars[`${role}_config_yaml`]) ?? '', values));
  if (file !== undefined) used.add(`${role}_config_yaml`);
  const own = recordOf(vars[`k3s_${role}`]);
  if (own !== undefined) used.add(`k3s_${role}`);
  const written = readOptionEntries(rendered(own ?? {}, values));
  notes.push(...parsed.notes, ...(file?.notes ?? []), ...written.notes);
  const address = text('ansible_host', 'ansible_ssh_host');
  const known = address !== undefined && !holdsPlaceholder(address) ? address : host;
  const token = text('token', 'k3s_token');
  const named = text('k3s_node_name', 'node_name') ?? (known === host ? undefined : host);
  const version = text('k3s_version', 'k3s_release_version');
  const channel = text('k3s_channel');
  const options: Record<string, OptionValue> = {
    ...one('data-dir', text('k3s_server_location', 'k3s_data_dir')),
    ...one('datastore-endpoint', role === 'server' ? text('datastore_endpoint', 'k3s_datastore_endpoint') : undefined),
    ...one('token', token),
    ...one('node-name', named),
    ...one('flannel-iface', usesFlannelInterface(vars, args) ? text('flannel_iface') : undefined),
    ...many('node-label', labels(vars, ['k3s_node_labels', 'node_labels', 'k3s_labels', 'labels'], used, '=')),
    ...many('node-taint', labels(vars, ['k3s_node_taints', 'node_taints', 'k3s_taints', 'taints'], used, '=')),
    ...file?.options,
    ...written.options,
    ...parsed.options,
  };
  for (const name of Object.keys(vars)) if (ELSEWHERE.test(name)) used.add(name);
  const env = recordOf(vars['extra_install_envs']) ?? {};
  const proxy = recordOf(vars['proxy_env']) ?? {};
  for (const [name, record] of [
    ['extra_install_envs', env],
    ['proxy_env', proxy],
  ] as const)
    if (Object.keys(record).length > 0) used.add(name);
  return {
    role,
    options,
    env: {
      ...(version === undefined ? {} : { INSTALL_K3S_VERSION: version }),
      ...(channel === undefined ? {} : { INSTALL_K3S_CHANNEL: channel }),
      ...Object.fromEntries(Object.entries({ ...env, ...proxy }).map(([name, value]) => [name, scalarOf(value) ?? ''])),
    },
    ssh: login(text),
    ...(known === undefined ? { ofAll: true } : { host: known }),
    notes,
  };
}

/** A playbook that names an interface for something else than its arguments. */
function usesFlannelInterface(vars: Vars, args: string): boolean {
  return vars['calico_iface'] === undefined && vars['cilium_iface'] === undefined && !/--flannel-iface/.test(args);
}

const one = (name: string, value: string | undefined): Record<string, OptionValue> =>
  value === undefined ? {} : { [name]: value };
const many = (name: string, values: readonly string[]): Record<string, OptionValue> =>
  values.length === 0 ? {} : { [name]: values };

function rendered(record: Vars, values: TemplateValues): Vars {
  const each = (value: unknown): unknown =>
    typeof value === 'string' ? render(value, values) : Array.isArray(value) ? value.map(each) : value;
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, each(value)]));
}

/** `a=b,c=d`, a list of them, a list of `{key, value, effect}` or a mapping. */
function labels(vars: Vars, names: readonly string[], used: Set<string>, sign: string): readonly string[] {
  const name = names.find((each) => vars[each] !== undefined && vars[each] !== null);
  if (name === undefined) return [];
  used.add(name);
  const value = vars[name];
  const record = recordOf(value);
  if (record !== undefined) return Object.entries(record).map(([key, each]) => `${key}${sign}${scalarOf(each) ?? ''}`);
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((item) => item !== '');
  return listOf(value).flatMap((item) => {
    const entry = recordOf(item);
    if (entry === undefined) return scalarOf(item) ?? [];
    const effect = scalarOf(entry['effect']);
    return `${scalarOf(entry['key']) ?? ''}${sign}${scalarOf(entry['value']) ?? ''}${effect === undefined ? '' : `:${effect}`}`;
  });
}

function login(text: (...names: readonly string[]) => string | undefined): Login {
  const user = text('ansible_user', 'ansible_ssh_user');
  const port = Number(text('ansible_port', 'ansible_ssh_port') ?? 22);
  const identityFile = text('ansible_ssh_private_key_file', 'ansible_private_key_file');
  const password = text('ansible_password', 'ansible_ssh_pass');
  const sudoPassword = text('ansible_become_password', 'ansible_become_pass');
  const common = text('ansible_ssh_common_args') ?? '';
  const proxyJump = /ProxyJump[= ]["']?([^\s"']+)|-J\s+(\S+)/.exec(common);
  return {
    ...(user === undefined ? {} : { user }),
    ...(port === 22 || Number.isNaN(port) ? {} : { port }),
    ...(identityFile === undefined ? {} : { identityFile }),
    ...(password === undefined ? {} : { password }),
    ...(sudoPassword === undefined ? {} : { sudoPassword }),
    ...(proxyJump === null ? {} : { proxyJump: proxyJump[1] ?? proxyJump[2] ?? '' }),
  };
}

/** Variables that nobody used, as they stand. */
export function leftVars(vars: Vars, used: ReadonlySet<string>): readonly string[] {
  return Object.entries(vars)
    .filter(
      ([name, value]) =>
        !used.has(name) &&
        value !== '' &&
        value !== null &&
        !/^(?:ansible_(?:become(?:_method|_user)?|python_interpreter|connection|ssh_extra_args|ssh_common_args))$/.test(
          name,
        ),
    )
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}
