import { setValue } from '../../document/edit';
import { defineRule } from '../support/defineRule';
import { firstPlace, value, writtenOptions } from '../support/places';
import { scalarText } from '../support/read';
import { SOURCES } from '../support/sources';

const OTHERS_READ = 0o004;
const GROUP_READS = 0o040;

export const kubeconfigWorldReadable = defineRule({
  id: 'kubeconfig-world-readable',
  severity: 'warning',
  title: 'Every user of a server may read the admin kubeconfig',
  rationale: `\`/etc/rancher/k3s/k3s.yaml\` holds the key of the cluster's administrator. Tutorials make it readable for everybody to spare a \`sudo\`; then every account and every compromised service of a server owns the cluster. K3s HA fetches the kubeconfig over SSH and needs no such thing.

A group may be let in on purpose: name it with \`write-kubeconfig-group\`.`,
  sources: [SOURCES.serverOptions],
  check: (context) =>
    writtenOptions(context).flatMap(({ role, name, path, value: written, nodes }) => {
      const text = scalarText(written);
      // An unquoted number with a leading zero means something else and is a finding of its own.
      const range = context.document.rangeOf(path, 'value');
      const source = range === undefined ? '' : context.document.text.slice(range.start, range.end);
      if (role !== 'server' || name !== 'write-kubeconfig-mode' || text === undefined || !/^0?[0-7]{3}$/.test(text) || (typeof written === 'number' && source.startsWith('0'))) return [];
      const mode = Number.parseInt(text, 8);
      const groupNamed = nodes.every((node) => scalarText(node.config['write-kubeconfig-group']) !== undefined);
      const who = (mode & OTHERS_READ) !== 0 ? 'every user' : (mode & GROUP_READS) !== 0 && !groupNamed ? 'the group root' : undefined;
      if (who === undefined) return [];
      return [{ ...firstPlace(context.document, value(path)), message: `Mode ${text} lets ${who} of the servers read /etc/rancher/k3s/k3s.yaml, the key of the cluster's administrator. "0600" keeps it to root.` }];
    }),
  fix: ({ document }, finding) => [{ title: 'Write "0600"', edits: setValue(document, finding.path, '0600'), safe: false }],
});
