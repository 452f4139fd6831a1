import { later, say } from '../../base/say';
import { removeEntry } from '../../document/edit';
import { removeOption } from '../reading/optionEdits';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { scalarText } from '../../cluster/configValue';

/** Labels of Kubernetes' own domains that a kubelet may set on its node. */
const ALLOWED = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.kubernetes.io/zone',
  'failure-domain.kubernetes.io/region',
]);
const ALLOWED_PREFIX = /(?:^|\.)(?:kubelet|node)\.kubernetes\.io$/;
const RESERVED_PREFIX = /(?:^|\.)(?:kubernetes|k8s)\.io$/;

export const labelRestricted = defineRule({
  id: 'label-restricted',
  severity: 'error',
  title: later`A label that a node may not give itself`,
  rationale: `Labels under \`kubernetes.io\` and \`k8s.io\` belong to the cluster. The kubelet refuses to start with one that is not on its short list: \`unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels\`. Roles such as \`node-role.kubernetes.io/worker\` are set with \`kubectl label node\` after the machine has joined.`,
  sources: [SOURCES.agentOptions, SOURCES.nodeLabels],
  check: (context) =>
    writtenOptions(context)
      .filter(({ name }) => name === 'node-label')
      .flatMap(({ path, value: written, nodes }) => {
        const items: readonly unknown[] = Array.isArray(written) ? written : [written];
        return items.flatMap((item, index) => {
          const label = (scalarText(item) ?? '').split('=')[0]?.trim() ?? '';
          if (!isReserved(label) || nodes.length === 0) return [];
          return [
            {
              ...firstPlace(context.document, value(Array.isArray(written) ? [...path, index] : path)),
              message: say`K3s does not start on ${nodeLabels(nodes)}: a node may not give itself the label ${label} ("unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels"). Set it with kubectl label node after the join, or use a name of your own.`,
              data: { label },
            },
          ];
        });
      }),
  fix: ({ document }, finding) => {
    const list = typeof finding.path.at(-1) === 'number' ? finding.path.slice(0, -1) : finding.path;
    const written = valueAt(document.data, list);
    const last = !Array.isArray(written) || written.length === 1;
    return [
      {
        title: say`Remove ${finding.data?.['label'] ?? ''} (set it with kubectl later)`,
        edits: last ? removeOption(document, list) : removeEntry(document, finding.path),
        safe: false,
      },
    ];
  },
});

function isReserved(label: string): boolean {
  const slash = label.indexOf('/');
  const prefix = slash < 0 ? '' : label.slice(0, slash);
  return RESERVED_PREFIX.test(prefix) && !ALLOWED_PREFIX.test(prefix) && !ALLOWED.has(label);
}
