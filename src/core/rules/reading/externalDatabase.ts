import { say } from '../../base/say';
import type { TextEdit } from '../../base/text';
import type { Fix } from '../rule';
import { PLACEHOLDER_DATABASE } from './placeholders';
import { slug } from '../../base/names';

type NewDatastore = Readonly<Record<'type' | 'endpoint', string>>;

/** Fixes that move the cluster to an external database whose address the user fills in; the password becomes a secret. */
export function externalDatabase(
  clusterName: string,
  edit: (datastore: NewDatastore) => readonly TextEdit[],
): readonly Fix[] {
  const password = `\${secret:${slug(clusterName) || 'cluster'}-db-password}`;
  const choices = [
    { name: 'MySQL', type: 'mysql', endpoint: `mysql://k3s:${password}@tcp(${PLACEHOLDER_DATABASE}:3306)/k3s` },
    { name: 'PostgreSQL', type: 'postgres', endpoint: `postgres://k3s:${password}@${PLACEHOLDER_DATABASE}:5432/k3s` },
  ];
  return choices.map(({ name, type, endpoint }) => ({
    title: say`Use an external ${name} database (replace ${PLACEHOLDER_DATABASE} by its address)`,
    edits: edit({ type, endpoint }),
    safe: false,
  }));
}
