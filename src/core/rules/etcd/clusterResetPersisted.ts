import { later, say } from '../../base/say';
import type { Path } from '../../base/path';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { EXEC_PATH, execArguments, removeArguments, removeVariable } from '../reading/installer';
import { removeOption } from '../reading/optionEdits';
import { firstAtPlace, firstPlace, key, samePath, value, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { isOn, variablePath } from '../../cluster/options';
import { scalarText } from '../../cluster/configValue';

const RESET = 'cluster-reset';
const RESTORE = 'cluster-reset-restore-path';
const VARIABLE = 'K3S_CLUSTER_RESET';

interface Written {
  readonly option: string;
  readonly path: Path;
  readonly nodes: readonly ClusterNode[];
}

export const clusterResetPersisted = defineRule({
  id: 'cluster-reset-persisted',
  severity: 'error',
  title: later`A reset of etcd stands in the configuration`,
  rationale: `\`cluster-reset\` throws every other member out of etcd, and \`cluster-reset-restore-path\` replaces its data by a snapshot. They are given once, by hand, on one stopped server; K3s ends when it is done.

In the configuration the first start does the same, on every server that has the option. After that K3s refuses a plain reset, so the service does not come up any more; a restore it repeats at every start, and with it throws away whatever happened since the snapshot.`,
  sources: [SOURCES.backup, SOURCES.etcdSnapshot, SOURCES.managed],
  check: (context) => {
    const all = written(context);
    const having = (option: string) => new Set(all.flatMap((other) => (other.option === option ? other.nodes : [])));
    const owners: Readonly<Record<string, ReadonlySet<ClusterNode>>> = {
      [RESET]: having(RESET),
      [RESTORE]: having(RESTORE),
    };
    const has = (option: string, nodes: readonly ClusterNode[]) =>
      nodes.some((node) => owners[option]?.has(node) === true);
    // Arguments stand in one text, so that they are told of once.
    const told = firstAtPlace(all);
    return told.map(({ option, path, nodes }) => {
      const where = say`${option} on ${nodeLabels(nodes)}`;
      const consequence =
        option === RESTORE && !has(RESET, nodes)
          ? say`K3s stops with "invalid flag use; --cluster-reset required with --cluster-reset-restore-path"`
          : has(RESTORE, nodes)
            ? say`every start of K3s throws all other members out of etcd and replaces its data by the snapshot`
            : say`the first start throws all other members out of etcd, and every further one stops with "Managed etcd cluster membership was previously reset, please remove the cluster-reset flag"`;
      return {
        ...firstPlace(context.document, path[0] === 'k3s' ? value(path) : key(path)),
        message: say`${where}: ${consequence}. It is given once on the command line, never in the configuration.`,
        data: { option },
      };
    });
  },
  fix: (context, finding) => {
    const { cluster, document } = context;
    const option = finding.data?.['option'] ?? '';
    const { path } = finding;
    if (samePath(path, variablePath(VARIABLE)))
      return [{ title: say`Remove ${VARIABLE}`, edits: removeVariable(document, VARIABLE), safe: true }];
    if (!samePath(path, EXEC_PATH))
      return [{ title: say`Remove ${option}`, edits: removeOption(document, path), safe: true }];
    const found = execArguments(cluster, [RESET, RESTORE]);
    return [
      {
        title: say`Remove ${found.map((argument) => `--${argument.option}`).join(say` and `)}`,
        edits: removeArguments(
          document,
          found.map((argument) => argument.written),
        ),
        safe: true,
      },
    ];
  },
});

/** Both options as far as the file holds them, the installer's environment included. */
function written(context: RuleContext): readonly Written[] {
  const { servers, k3s } = context.cluster;
  if (servers.length === 0) return [];
  const options = writtenOptions(context)
    .filter(
      ({ role, name, value: set, nodes }) =>
        role === 'server' &&
        nodes.length > 0 &&
        ((name === RESET && isOn(set)) || (name === RESTORE && scalarText(set) !== undefined)),
    )
    .map(({ name, path, nodes }) => ({ option: name, path, nodes }));
  const variable = isOn(k3s.install.env[VARIABLE])
    ? [{ option: RESET, path: variablePath(VARIABLE), nodes: servers }]
    : [];
  const found = execArguments(context.cluster, [RESET, RESTORE]).filter(
    ({ option, text }) => option === RESTORE || text !== 'false',
  );
  return [...options, ...variable, ...found.map(({ option }) => ({ option, path: EXEC_PATH, nodes: servers }))];
}
