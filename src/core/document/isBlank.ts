import type { ClusterDocument } from './clusterDocument';

/** Nothing stands there but comments and white space. */
export function isBlank({ text, syntaxProblems }: Pick<ClusterDocument, 'text' | 'syntaxProblems'>): boolean {
  return syntaxProblems.length === 0 && /^(?:[ \t]*(?:#.*)?(?:\r?\n|$))*$/.test(text);
}
