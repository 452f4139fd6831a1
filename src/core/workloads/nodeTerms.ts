import { listIn, objectIn, textIn } from '../base/json';

/** One condition on the labels of a node; the name of the node counts as a label of {@link NAME_FIELD}. */
interface NodeCondition {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** All conditions of a term have to hold; of several terms one. */
export type NodeTerms = readonly (readonly NodeCondition[])[];

export const NAME_FIELD = 'metadata.name';

/** `nodeSelectorTerms` of an affinity or of a volume; undefined where none are required. */
export function readNodeTerms(required: unknown): NodeTerms | undefined {
  const { nodeSelectorTerms } = objectIn(required);
  if (!Array.isArray(nodeSelectorTerms)) return undefined;
  return nodeSelectorTerms.map((term) => {
    const { matchExpressions, matchFields } = objectIn(term);
    return [...listIn(matchExpressions), ...listIn(matchFields)].map((one) => {
      const { key, operator, values } = objectIn(one);
      return { key: textIn(key), operator: textIn(operator), values: listIn(values).map(textIn) };
    });
  });
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#node-affinity: a term without conditions matches nothing. */
export function meetsTerms(labels: ReadonlyMap<string, string>, terms: NodeTerms): boolean {
  return terms.some((term) => term.length > 0 && term.every((condition) => meets(labels, condition)));
}

function meets(labels: ReadonlyMap<string, string>, { key, operator, values }: NodeCondition): boolean {
  const value = labels.get(key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
