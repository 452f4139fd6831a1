import { removeEntry } from '../../document/edit';
import { registrationUrl } from '../../k3s/configFile';
import { K3S_OPTIONS, optionFacts } from '../../k3s/options';
import type { Cluster } from '../../spec/cluster';
import { defineRule } from '../support/defineRule';
import { firstPlace, value, writtenOptions } from '../support/places';
import { scalarText } from '../support/read';
import { SOURCES } from '../support/sources';

const ENV = ['k3s', 'install', 'env'];

/** The option that an environment variable stands for. */
const OPTION_OF: ReadonlyMap<string, string> = new Map(
  Object.keys(K3S_OPTIONS).flatMap((name) => {
    const variable = optionFacts(name)?.env;
    return variable === undefined ? [] : [[variable, name] as const];
  }),
);

export const envShadowedByConfig = defineRule({
  id: 'env-shadowed-by-config',
  severity: 'warning',
  title: 'A variable that the configuration overrules',
  rationale: `K3s reads an environment variable only when neither the command line nor \`config.yaml\` gives the option. K3s HA writes \`config.yaml\`, so what the file says there wins, and the variable for the install script changes nothing.`,
  sources: [SOURCES.configuration, SOURCES.configParser],
  check: (context) => {
    const { cluster, document } = context;
    const variables = Object.entries(cluster.k3s.install.env).filter(([variable]) => OPTION_OF.has(variable));
    if (variables.length === 0) return [];
    const options = writtenOptions(context);
    return variables.flatMap(([variable, text]) => {
      const option = OPTION_OF.get(variable) ?? '';
      const winner = options.filter(({ name }) => name === option).map(({ value: written }) => scalarText(written)).find((written) => written !== undefined) ?? derived(cluster, option);
      if (winner === undefined || winner === text) return [];
      return [{ ...firstPlace(document, value([...ENV, variable])), message: `${variable} has no effect: the configuration gives ${option} another value, and config.yaml wins over the environment.` }];
    });
  },
  fix: ({ document }, finding) => [{ title: `Remove ${String(finding.path.at(-1))}`, edits: removeEntry(document, finding.path), safe: false }],
});

/** What the file gives for an option without writing it under `config`. */
function derived(cluster: Cluster, option: string): string | undefined {
  if (option === 'token') return cluster.token;
  if (option === 'datastore-endpoint') return cluster.datastore.endpoint;
  return option === 'server' && cluster.agents.length > 0 ? registrationUrl(cluster) : undefined;
}
