import { problem, type Problem } from '../base/problem';
import { listed } from '../base/words';
import type { WithoutAccess } from './forget';

/** What went out of one kubeconfig. */
export interface ForgottenAccess extends Omit<WithoutAccess, 'text'> {
  readonly path: string;
  /** Copy of the file as it was. */
  readonly backup: string;
}

/** What was taken out of which kubeconfig, one sentence a file. */
export function forgottenWords(cluster: string, forgotten: readonly ForgottenAccess[]): readonly string[] {
  if (forgotten.length === 0) return [`Your kubeconfig had no access to ${cluster}.`];
  return forgotten.map(({ path, contexts, clusters, users, unselected, backup }) => {
    const names = (noun: string, found: readonly string[]): readonly string[] =>
      found.length === 0 ? [] : [`${noun}${found.length === 1 ? '' : 's'} ${listed(found.map((name) => `"${name}"`))}`];
    const gone = [...names('context', contexts), ...names('cluster', clusters), ...names('user', users)];
    return `${path}: ${listed(gone)} taken out${unselected ? '; no context is selected any more' : ''}; copy of the file before: ${backup}`;
  });
}

/** By nothing else entries of this cluster are told from those of another one that has its name or its address. */
export const UNKNOWN_AUTHORITY: Problem = problem(
  'authority-unknown',
  'Your kubeconfig was left as it is: no machine tells the authority of the cluster any more',
  {
    nextSteps: [
      'See "kubectl config get-contexts", and take out what is of this cluster with "kubectl config delete-context".',
    ],
  },
);
