import { optionOfVariable } from '../../k3s/options';
import type { NodeRole } from '../../k3s/nodeRole';
import type { ConfigFile } from './configFile';
import type { InstallCommand, OptionValue } from './installCommand';
import { listItems, parseOptions, splitArguments } from './optionArguments';
import { isListOption } from '../../k3s/options';

/** Variables that say how this one run of the script goes, and nothing about the cluster. */
const OF_THE_RUN = /^INSTALL_K3S_(?:EXEC|SKIP_START|SKIP_ENABLE|FORCE_RESTART|NAME|TYPE|SYMLINK)$/;

/** Where the arguments and variables of K3s come from. */
interface ScriptRun {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly scriptUrl?: string | undefined;
  /** The configuration file that this machine gets. */
  readonly config?: ConfigFile | undefined;
}

/**
 * The install script and `k3s server|agent` take the same arguments. Arguments win over the configuration file, and that over variables.
 * https://docs.k3s.io/installation/configuration
 */
export function fromScript({ args, variables, scriptUrl, config }: ScriptRun): InstallCommand {
  const words = [...splitArguments(variables['INSTALL_K3S_EXEC'] ?? ''), ...args].filter((word) => word !== '');
  const { role: named, rest } = roleWord(words);
  const parsed = parseOptions(rest);
  const env: Record<string, string> = {};
  const fromEnv: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(variables)) {
    const option = optionOfVariable(name);
    if (option !== undefined) fromEnv[option] = ofVariable(option, value);
    else if (name === 'K3S_CLUSTER_SECRET') fromEnv['token'] = value;
    else if (/^INSTALL_K3S_/.test(name) ? !OF_THE_RUN.test(name) : /_proxy$/i.test(name)) env[name] = value;
  }
  // The script's own rule: a URL makes an agent. https://docs.k3s.io/reference/env-variables
  const role: NodeRole =
    named ?? (variables['K3S_URL'] === undefined || variables['K3S_URL'] === '' ? 'server' : 'agent');
  const given = { ...fromEnv, ...config?.options, ...parsed.options };
  return {
    role,
    options: given,
    env,
    notes: [
      ...(config?.notes ?? []),
      ...parsed.notes,
      ...contradictions(fromEnv, config?.options ?? {}, parsed.options),
    ],
    ...(scriptUrl === undefined ? {} : { scriptUrl }),
  };
}

/** `server` or `agent`, which stands first, behind flags of K3s itself, or behind options by mistake. */
function roleWord(words: readonly string[]): { readonly role?: NodeRole; readonly rest: readonly string[] } {
  const at = words.findIndex((word, index) => (word === 'server' || word === 'agent') && !takesNext(words[index - 1]));
  const role = words[at];
  return role === 'server' || role === 'agent'
    ? { role, rest: words.filter((_word, index) => index !== at) }
    : { rest: words };
}

/** Whether a word may be the value of the one before it. */
function takesNext(before: string | undefined): boolean {
  if (before === undefined || !/^--?[a-z]/i.test(before) || before.includes('=')) return false;
  const { options } = parseOptions([before, 'server']);
  return Object.values(options).some((value) => value === 'server' || (Array.isArray(value) && value[0] === 'server'));
}

function ofVariable(option: string, value: string): OptionValue {
  if (isListOption(option)) return listItems(option, value);
  return value === 'true' ? true : value;
}

function contradictions(...layers: readonly Readonly<Record<string, OptionValue>>[]): readonly string[] {
  const [variables = {}, file = {}, words = {}] = layers;
  const differ = (a: OptionValue | undefined, b: OptionValue | undefined): boolean =>
    a !== undefined && b !== undefined && JSON.stringify(a) !== JSON.stringify(b);
  return [
    ...Object.keys(file).flatMap((name) =>
      differ(file[name], words[name])
        ? [
            `${name} stands in the configuration file and in the command with another value; K3s takes that of the command.`,
          ]
        : [],
    ),
    ...Object.keys(variables).flatMap((name) =>
      differ(variables[name], words[name] ?? file[name])
        ? [
            `${name} is given by a variable and once more with another value; K3s takes that of the ${words[name] === undefined ? 'configuration file' : 'command'}.`,
          ]
        : [],
    ),
  ];
}
