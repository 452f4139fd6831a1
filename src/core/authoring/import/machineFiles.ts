import { readConfigFile, type ConfigFile } from './configFile';
import type { InstallCommand, OptionValues } from './installCommand';
import { readYaml, recordOf } from './yamlText';

/** Files that a machine gets, by their paths. */
type Files = Map<string, string>;

const isConfig = (path: string): boolean => /(?:^|\/)[\w.-]*config\.ya?ml$/.test(path);
const isDropIn = (path: string): boolean => /config\.ya?ml\.d\/[^/]+\.ya?ml$/.test(path);

/** Whether a path is that of a configuration of K3s. */
export function isConfigPath(path: string): boolean {
  return isConfig(path) || isDropIn(path);
}

/**
 * Takes K3s's configuration out of the files of a machine: its file, or the one that is named, and what lies beside it. Those of
 * `config.yaml.d` win, in the order of their names. https://docs.k3s.io/installation/configuration#multiple-config-files
 */
export function takeConfig(files: Files, named?: string): ConfigFile | undefined {
  const paths = [...files.keys()].filter((path) => (named === undefined ? isConfig(path) : path === named));
  const dropIns = [...files.keys()].filter(isDropIn).sort();
  const read = [...paths, ...dropIns].flatMap((path) => {
    const config = readConfigFile(files.get(path) ?? '');
    if (config === undefined) return [];
    files.delete(path);
    return [config];
  });
  return read.length === 0 ? undefined : read.reduce(together);
}

/** The later options win, key by key; lists that the later file adds to come behind the earlier ones. */
export function laterOptions(first: OptionValues, second: ConfigFile): OptionValues {
  const lists = second.added.flatMap((name) => {
    const [before, more] = [first[name], second.options[name]];
    return before === undefined || more === undefined || typeof before === 'boolean' || typeof more === 'boolean'
      ? []
      : [[name, [...new Set([before, more].flat())]] as const];
  });
  return { ...first, ...second.options, ...Object.fromEntries(lists) };
}

/** Two files of one machine. */
export function together(first: ConfigFile, second: ConfigFile): ConfigFile {
  return {
    options: laterOptions(first.options, second),
    added: [...first.added, ...second.added],
    notes: [...first.notes, ...second.notes],
    role: first.role === 'server' || second.role === 'server' ? 'server' : (first.role ?? second.role),
  };
}

/** Files of variables that the units of K3s read. https://docs.k3s.io/installation/configuration */
const ENVIRONMENT = /(?:^|\/)(?:k3s(?:-agent)?\.service\.env|(?:default|sysconfig)\/k3s(?:-agent)?)$/;

/** Takes the variables of K3s's units out of the files of a machine. */
export function takeEnvironment(files: Files): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [path, text] of files) {
    if (!ENVIRONMENT.test(path)) continue;
    files.delete(path);
    for (const [, name = '', value = ''] of text.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)=(.*)$/gm))
      variables[name] = value.trim().replace(/^(["'])(.*)\1$/, '$2');
  }
  return variables;
}

/** What a text of `registries.yaml` holds; undefined when it is none. */
export function registriesOf(text: string): unknown {
  const data = recordOf(readYaml(text));
  return data !== undefined &&
    Object.keys(data).length > 0 &&
    Object.keys(data).every((key) => /^(?:mirrors|configs)$/.test(key))
    ? data
    : undefined;
}

/** A configuration of which nothing says on which machine it lies. */
export function fromConfigFile(
  { options, notes, role }: ConfigFile,
  label: 'server' | 'agent' | undefined,
): InstallCommand {
  const assumed = role ?? label ?? (options['server'] === undefined ? 'server' : 'agent');
  const told = role !== undefined || label !== undefined;
  return {
    role: assumed,
    options,
    env: {},
    notes: told
      ? notes
      : [
          ...notes,
          `The configuration file does not say whether it is of a server or an agent; it was taken for that of ${assumed === 'agent' ? 'an agent' : 'a server'}.`,
        ],
  };
}
