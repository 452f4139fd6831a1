import { K3S_OPTIONS, optionFacts } from '../../k3s/options';
import type { NodeRole } from '../../k3s/nodeRole';
import type { InstallCommand, OptionValue } from './installCommand';
import { parseOptions, splitArguments } from './optionArguments';

/** Variables that say how this one run of the script goes, and nothing about the cluster. */
const OF_THE_RUN = /^INSTALL_K3S_(?:EXEC|SKIP_START|SKIP_ENABLE|FORCE_RESTART|NAME|TYPE|SYMLINK)$/;

const BY_VARIABLE: ReadonlyMap<string, string> = new Map(
  Object.keys(K3S_OPTIONS).flatMap((name) => {
    const variable = optionFacts(name)?.env;
    return variable === undefined ? [] : [[variable, name] as const];
  }),
);

/** The install script and `k3s server|agent` take the same arguments. */
export function fromScript(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  scriptUrl: string | undefined,
): InstallCommand {
  const exec = splitArguments(variables['INSTALL_K3S_EXEC'] ?? '');
  const words = [...exec, ...args];
  const named = words[0] === 'server' || words[0] === 'agent' ? words[0] : undefined;
  // The script's own rule: a URL makes an agent. https://docs.k3s.io/reference/env-variables
  const role: NodeRole = named ?? (variables['K3S_URL'] !== undefined ? 'agent' : 'server');
  const parsed = parseOptions(named === undefined ? words : words.slice(1));
  const env: Record<string, string> = {};
  const fromEnv: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(variables)) {
    const option = name === 'K3S_URL' ? 'server' : BY_VARIABLE.get(name);
    if (option !== undefined) fromEnv[option] = value === 'true' ? true : value;
    else if (/^INSTALL_K3S_/.test(name) ? !OF_THE_RUN.test(name) : /_proxy$/i.test(name)) env[name] = value;
  }
  return {
    role,
    options: { ...fromEnv, ...parsed.options },
    env,
    notes: parsed.notes,
    ...(scriptUrl === undefined ? {} : { scriptUrl }),
  };
}
