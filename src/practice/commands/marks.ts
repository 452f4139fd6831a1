import { updateNode } from '../k3s/cluster';
import { taint } from '../k3s/nodeObject';
import type { NodeObject } from '../k3s/nodeStore';
import { fail, type Command } from './command';
import { withApi } from './kubectl';

/** mark-node: name, then `label` or `taint` before the text of each. */
export const markNodeCommand: Command = (run) =>
  withApi(run, ({ cluster }) => {
    const [name = '', ...marks] = run.args;
    if (cluster.nodes.get(name) === undefined)
      return fail(run, `Error from server (NotFound): nodes "${name}" not found`);
    for (let at = 0; at + 1 < marks.length; at += 2) {
      const text = marks[at + 1] ?? '';
      updateNode(cluster, name, (node) => (marks[at] === 'label' ? labelled(node, text) : tainted(node, text)));
    }
    return 0;
  });

function labelled(node: NodeObject, text: string): NodeObject {
  const at = text.indexOf('=');
  const labels = { ...node.metadata.labels, [text.slice(0, at)]: text.slice(at + 1) };
  return { ...node, metadata: { ...node.metadata, labels } };
}

function tainted(node: NodeObject, text: string): NodeObject {
  const wanted = taint(text);
  const present = (node.spec['taints'] ?? []) as readonly Readonly<Record<string, string>>[];
  const others = present.filter(({ key, effect }) => key !== wanted['key'] || effect !== wanted['effect']);
  return { ...node, spec: { ...node.spec, taints: [...others, wanted] } };
}
