import { later, say } from '../../base/say';
import type { Report } from '../reading/defineRule';
import { defineRule } from '../reading/defineRule';
import { firstAtPlace, isOwnEntry, nodeByKey, nodeKey } from '../reading/places';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { namePlace, registeredName, rename } from '../reading/nodeNames';
import { nodesOf } from '../../cluster/roles';

const VALID = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
// The name is also the value of the label kubernetes.io/hostname, which is shorter than an object name.
const LONGEST = 63;

export const nodeNameInvalid = defineRule({
  id: 'node-name-invalid',
  severity: 'error',
  title: later`A node name that Kubernetes does not accept`,
  rationale: `The node's name becomes the name of an object and a label value: lower-case letters, digits, hyphens and dots, starting and ending with a letter or digit, at most 63 characters. Upper case and underscores, common in host names, are refused when the node registers. \`localhost\` is refused by K3s, because every machine has it.`,
  sources: [SOURCES.requirements, SOURCES.nodeNames],
  check: (context) => {
    const reports: Report[] = [];
    for (const node of nodesOf(context.cluster)) {
      const name = registeredName(node);
      if (name === undefined || hasReference(name)) continue;
      const reason = problemWith(name);
      if (reason === undefined) continue;
      const place = namePlace(context, node);
      reports.push({
        ...place,
        message: say`"${name}" is not a valid node name: ${reason}. ${node.host} could not register.`,
        data: { node: nodeKey(node) },
      });
    }
    return firstAtPlace(reports);
  },
  fix: (context, finding) => {
    const nodes = nodesOf(context.cluster);
    const node = nodeByKey(context.cluster, finding.data?.['node']);
    const repaired = node === undefined ? '' : repair(registeredName(node) ?? '');
    if (node === undefined || repaired === '' || !isOwnEntry(context.cluster, node)) return [];
    const taken = nodes.some((other) => other !== node && registeredName(other) === repaired);
    return [{ title: say`Rename it to ${repaired}`, edits: rename(context, node, repaired), safe: !taken }];
  },
});

function problemWith(name: string): string | undefined {
  if (name === 'localhost') return say`every machine is called localhost`;
  if (name.length > LONGEST) return say`it has ${name.length} characters, and ${LONGEST} are allowed`;
  if (VALID.test(name)) return undefined;
  const wrong = [...new Set([...name].filter((char) => !/[-a-z0-9.]/.test(char)))];
  if (wrong.length > 0)
    return say`only lower-case letters, digits, hyphens and dots are allowed, not ${wrong.map((char) => `"${char}"`).join(', ')}`;
  return say`each part of it has to start and end with a letter or a digit`;
}

function repair(name: string): string {
  if (name === 'localhost') return '';
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
    .replace(/[^-a-z0-9.]/g, '');
  const parts = plain.split('.').map((part) => part.replace(/^-+|-+$/g, ''));
  return parts
    .filter((part) => part !== '')
    .join('.')
    .slice(0, LONGEST)
    .replace(/[-.]+$/, '');
}
