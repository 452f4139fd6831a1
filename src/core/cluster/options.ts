import type { Path } from '../base/path';
import { argumentWords } from '../k3s/argumentWords';
import type { NodeRole } from '../k3s/nodeRole';
import { K3S_OPTIONS, optionFacts, optionName } from '../k3s/options';
import type { Cluster, ClusterNode, ConfigValue, Installation } from './cluster';
import { asPort, asText } from './shape';

/** Where K3s takes the value of an option from. */
type OptionSource = 'arguments' | 'config' | 'environment';

/** The value that an option has on a node. */
interface EffectiveOption {
  readonly value: ConfigValue;
  readonly from: OptionSource;
  /** Where it is written, unless that is a `config:` block. */
  readonly path?: Path;
}

/** What of a cluster decides about options beside the nodes themselves. */
type Installed = Pick<Cluster, 'k3s'>;

/** The port of API and supervisor unless `https-listen-port` names another. */
export const API_PORT = 6443;

/**
 * The value of a single-valued option on a node, from the first of those who give one, as K3s itself decides: arguments in
 * `INSTALL_K3S_EXEC`, `config:` of the node, `config:` of its role, the variable of the option in `install.env`. Undefined
 * when K3s's own default holds. Lists add up over these places and are no matter of this function.
 * https://docs.k3s.io/installation/configuration#configuration-file
 */
export function option(
  cluster: Installed,
  node: Pick<ClusterNode, 'role' | 'config'>,
  name: string,
): EffectiveOption | undefined {
  const { install } = cluster.k3s;
  const argument = argumentsFor(install, node.role).get(name);
  if (argument !== undefined) return { value: argument, from: 'arguments', path: variablePath('INSTALL_K3S_EXEC') };
  const written = node.config[name];
  if (written !== undefined && written !== null) return { value: written, from: 'config' };
  const variable = optionFacts(name)?.env;
  const set = variable === undefined ? undefined : install.env[variable];
  if (variable === undefined || set === undefined || set === '') return undefined;
  return { value: set, from: 'environment', path: variablePath(variable) };
}

/** Where a variable of the install script is written. */
export function variablePath(name: string): Path {
  return ['k3s', 'install', 'env', name];
}

/** Whether a switch of K3s is on for a node. */
export function optionIsOn(cluster: Installed, node: ClusterNode, name: string): boolean {
  return isOn(option(cluster, node, name)?.value);
}

/** An option as text; undefined when it has no value or a list. */
export function optionText(cluster: Installed, node: ClusterNode, name: string): string | undefined {
  return asText(option(cluster, node, name)?.value);
}

/** Whether the value of a switch means on, in the spellings that Go takes. https://pkg.go.dev/strconv#ParseBool */
export function isOn(value: unknown): boolean {
  return value === true || (value !== false && /^(?:1|t|T|true|True|TRUE)$/.test(asText(value) ?? ''));
}

/** The port on which a server carries the Kubernetes API and the supervisor. */
export function apiPort(cluster: Installed, server: ClusterNode): number {
  return asPort(option(cluster, server, 'https-listen-port')?.value) ?? API_PORT;
}

/** Folder of a node in which K3s keeps its state. */
export function dataDir(cluster: Installed, node: ClusterNode): string {
  return optionText(cluster, node, 'data-dir') ?? '/var/lib/rancher/k3s';
}

type Arguments = ReadonlyMap<string, ConfigValue>;

const NONE: Arguments = new Map();
// Every node asks, several times for each keystroke.
const known = new WeakMap<Installation['env'], { readonly role?: string; readonly given: Arguments }>();

/** What `INSTALL_K3S_EXEC` gives to nodes of a role; with `server` or `agent` in front it is meant for that role alone. */
function argumentsFor({ env }: Installation, role: NodeRole): Arguments {
  const text = env['INSTALL_K3S_EXEC'];
  if (text === undefined || text === '') return NONE;
  const found = known.get(env) ?? readArguments(text);
  known.set(env, found);
  return found.role === undefined || found.role === role ? found.given : NONE;
}

/** `--name=value`, `--name value`, or `--name` alone for a switch. */
function readArguments(text: string): { readonly role?: string; readonly given: Arguments } {
  const words = argumentWords(text);
  const [first = ''] = words;
  const given = new Map<string, ConfigValue>();
  for (const [index, word] of words.entries()) {
    const match = /^--?([a-z0-9-]+)(?:=(.*))?$/s.exec(word);
    if (match === null) continue;
    const name = optionName(match[1] ?? '');
    const isSwitch = K3S_OPTIONS[name]?.type === 'boolean';
    given.set(name, match[2] ?? (isSwitch ? true : (words[index + 1] ?? '')));
  }
  return { ...(first === 'server' || first === 'agent' ? { role: first } : {}), given };
}
