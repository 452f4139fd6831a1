import { later, say } from '../../base/say';
import { removeEntry } from '../../document/edit';
import { isOptionOf, K3S_OPTIONS, optionFacts } from '../../k3s/options';
import type { Cluster, ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { registrationUrl } from '../../cluster/registration';
import { scalarText } from '../../cluster/configValue';
import { writtenText } from '../../cluster/written';

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
  title: later`A variable that the configuration overrules`,
  rationale: `K3s reads an environment variable only when neither the command line nor \`config.yaml\` gives the option. K3s HA writes \`config.yaml\`, so what the file says there wins, and the variable for the install script changes nothing.`,
  sources: [SOURCES.configuration, SOURCES.configParser],
  check: (context) => {
    const { cluster, document } = context;
    const variables = Object.entries(cluster.k3s.install.env).filter(([variable]) => OPTION_OF.has(variable));
    if (variables.length === 0) return [];
    return variables.flatMap(([variable, text]) => {
      const option = OPTION_OF.get(variable) ?? '';
      const winners = nodesWith(cluster, option).map((node) => writtenText(node, option) ?? derived(context, option));
      // On a machine whose configuration leaves the option out the variable counts.
      if (winners.includes(undefined) || winners.every((winner) => winner === text)) return [];
      return [
        {
          ...firstPlace(document, value([...ENV, variable])),
          message: say`${variable} has no effect: the configuration gives ${option} another value, and config.yaml wins over the environment.`,
        },
      ];
    });
  },
  fix: ({ document }, finding) => [
    { title: say`Remove ${String(finding.path.at(-1))}`, edits: removeEntry(document, finding.path), safe: false },
  ],
});

/** The machines that take an option. */
function nodesWith({ servers, agents }: Cluster, option: string): readonly ClusterNode[] {
  return [...servers, ...agents].filter(({ role }) => isOptionOf(role, option));
}

/** What the file gives for an option without writing it under `config`. */
function derived({ cluster, document }: RuleContext, option: string): string | undefined {
  if (option === 'token') return cluster.token;
  if (option === 'datastore-endpoint') return scalarText(valueAt(document.data, ['datastore', 'endpoint']));
  return option === 'server' && cluster.agents.length > 0 ? registrationUrl(cluster) : undefined;
}
