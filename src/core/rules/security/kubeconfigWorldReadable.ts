import { later, say } from '../../base/say';
import type { Path } from '../../base/path';
import { setValue } from '../../document/edit';
import type { RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { EXEC_PATH, execArguments, removeArguments } from '../reading/installer';
import { firstPlace, samePath, value, writtenOptions } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { variablePath } from '../../cluster/options';
import { scalarText } from '../../cluster/configValue';
import { isWritten, writtenText } from '../../cluster/written';

const OPTION = 'write-kubeconfig-mode';
const VARIABLE = variablePath('K3S_KUBECONFIG_MODE');
const OTHERS_READ = 0o004;
const GROUP_READS = 0o040;

interface WrittenMode {
  readonly path: Path;
  readonly mode: string;
  /** Whether the servers let a group in on purpose. */
  readonly groupNamed: boolean;
}

export const kubeconfigWorldReadable = defineRule({
  id: 'kubeconfig-world-readable',
  severity: 'warning',
  title: later`Every user of a server may read the admin kubeconfig`,
  rationale: `\`/etc/rancher/k3s/k3s.yaml\` holds the key of the cluster's administrator. Tutorials make it readable for everybody to spare a \`sudo\`; then every account and every compromised service of a server owns the cluster. K3s HA fetches the kubeconfig over SSH and needs no such thing.

A group may be let in on purpose: name it with \`write-kubeconfig-group\`.`,
  sources: [SOURCES.serverOptions],
  check: (context) =>
    modes(context).flatMap(({ path, mode, groupNamed }) => {
      const bits = Number.parseInt(mode, 8);
      const who =
        (bits & OTHERS_READ) !== 0
          ? say`every user`
          : (bits & GROUP_READS) !== 0 && !groupNamed
            ? say`the group root`
            : undefined;
      if (who === undefined) return [];
      return [
        {
          ...firstPlace(context.document, value(path)),
          message: say`Mode ${mode} lets ${who} of the servers read /etc/rancher/k3s/k3s.yaml, the key of the cluster's administrator. "0600" keeps it to root.`,
        },
      ];
    }),
  fix: ({ cluster, document }, finding) => {
    if (!samePath(finding.path, EXEC_PATH))
      return [{ title: say`Write "0600"`, edits: setValue(document, finding.path, '0600'), safe: false }];
    const written = execArguments(cluster, [OPTION]).map((argument) => argument.written);
    return [
      {
        title: say`Remove --${OPTION} (K3s then keeps the file to root)`,
        edits: removeArguments(document, written),
        safe: false,
      },
    ];
  },
});

/** Every mode in the file that K3s takes at its word. */
function modes({ cluster, document }: RuleContext): readonly WrittenMode[] {
  const all =
    cluster.servers.length > 0 &&
    cluster.servers.every((server) => writtenText(server, 'write-kubeconfig-group') !== undefined);
  const groupNamed = all || cluster.k3s.install.env['K3S_KUBECONFIG_GROUP'] !== undefined;
  const options = writtenOptions({ cluster, document })
    .filter(({ role, name }) => role === 'server' && name === OPTION)
    .map(({ path, value: written, nodes }) => ({
      path,
      written,
      groupNamed:
        groupNamed ||
        (nodes.length > 0 && nodes.every((node) => writtenText(node, 'write-kubeconfig-group') !== undefined)),
    }));
  const places = options.flatMap(({ path, written, groupNamed: named }) => {
    const mode = scalarText(written);
    return mode === undefined || isMisread(document, path, written) ? [] : [{ path, mode, groupNamed: named }];
  });
  const exec = execArguments(cluster, [OPTION]).map(({ text }) => ({ path: EXEC_PATH, mode: text, groupNamed }));
  // An option wins over the variable: https://docs.k3s.io/installation/configuration
  const shadowed =
    exec.length > 0 || (cluster.servers.length > 0 && cluster.servers.every((server) => isWritten(server, OPTION)));
  const variable = shadowed ? undefined : scalarText(valueAt(document.data, VARIABLE));
  return [
    ...places,
    ...exec,
    ...(variable === undefined ? [] : [{ path: VARIABLE, mode: variable, groupNamed }]),
  ].filter(({ mode }) => /^0?[0-7]{3}$/.test(mode));
}

/** An unquoted number with a leading zero means something else to K3s and is a finding of its own. */
function isMisread(document: RuleContext['document'], path: Path, written: unknown): boolean {
  const range = typeof written === 'number' ? document.rangeOf(path, 'value') : undefined;
  return range !== undefined && document.text.startsWith('0', range.start);
}
