/** One condition on labels, of a selector or an affinity. */
export interface LabelCondition {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/**
 * Whether labels meet a condition; an operator that nobody knows is met by none.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements
 * and, for `Gt` and `Lt` of nodes, https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#operators
 */
export function meetsCondition(
  labels: ReadonlyMap<string, string>,
  { key, operator, values }: LabelCondition,
): boolean {
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
