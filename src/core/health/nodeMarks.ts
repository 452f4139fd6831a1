import { readNode } from './nodeObject';

/**
 * Labels and taints of a Node. K3s patches labels at every start and gives taints only when a node registers.
 * https://github.com/k3s-io/k3s/blob/main/pkg/agent/run.go, updateMutableLabels
 */
export interface NodeMarks {
  readonly labels: Readonly<Record<string, string>>;
  /** `key=value:Effect` */
  readonly taints: readonly string[];
}

/** A label or a taint that a Node is to have and has not. */
export interface MarkDifference {
  readonly option: 'node-label' | 'node-taint';
  readonly key: string;
  /** As the option writes it. */
  readonly wanted: string;
  /** The same of what is there under that key; absent when there is nothing. */
  readonly present?: string;
}

/** Reads a Node object of the API. */
export function nodeMarks(object: unknown): NodeMarks {
  const { labels, taints } = readNode(object);
  return { labels, taints };
}

/** What of the options `node-label` and `node-taint` a Node does not have. What it has beside them belongs to others. */
export function markDifferences(
  { labels, taints }: NodeMarks,
  wanted: { readonly labels: readonly string[]; readonly taints: readonly string[] },
): readonly MarkDifference[] {
  const lackingLabels = wanted.labels.flatMap((text): MarkDifference[] => {
    const [key = '', value = ''] = split(text, '=');
    const there = labels[key];
    if (key === '' || there === value) return [];
    return [
      {
        option: 'node-label',
        key,
        wanted: `${key}=${value}`,
        ...(there === undefined ? {} : { present: `${key}=${there}` }),
      },
    ];
  });
  const lackingTaints = wanted.taints.flatMap((text): MarkDifference[] => {
    if (!/^[^=:]+(?:=[^:]*)?:\w+$/.test(text)) return [];
    const plain = text.replace('=:', ':');
    if (taints.includes(plain)) return [];
    const present = taints.find((one) => identity(one) === identity(plain));
    return [
      { option: 'node-taint', key: identity(plain), wanted: plain, ...(present === undefined ? {} : { present }) },
    ];
  });
  return [...lackingLabels, ...lackingTaints];
}

/** Key and effect, by which Kubernetes tells taints apart. */
function identity(taint: string): string {
  return taint.replace(/=[^:]*:/, ':');
}

/** What tells a label or a taint apart from others of its node. */
export function markKey(option: MarkDifference['option'], text: string): string {
  return option === 'node-label' ? (split(text, '=')[0] ?? '') : identity(text);
}

function split(text: string, by: string): readonly string[] {
  const at = text.indexOf(by);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
