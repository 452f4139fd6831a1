import { listIn, objectIn, textIn } from '../base/json';
import { meetsCondition, type LabelCondition } from '../k3s/labelCondition';

/** All conditions of a term have to hold; of several terms one. The name of a node counts as a label of {@link NAME_FIELD}. */
export type NodeTerms = readonly (readonly LabelCondition[])[];

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
  return terms.some((term) => term.length > 0 && term.every((condition) => meetsCondition(labels, condition)));
}
