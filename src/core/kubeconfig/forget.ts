import type { YAMLMap } from 'yaml';
import { isMap, isSeq } from 'yaml';
import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { setCurrentContext } from './edit';
import type { Fields } from './fields';
import { entriesOf, LIST_NAMES, openKubeconfig, sameData, type ListName } from './kubeconfigText';
import { pemText } from './pem';
import { printLike, styleOf } from './style';

/** A kubeconfig without the access to one cluster, and what went by its names. */
export interface WithoutAccess extends Readonly<Record<ListName, readonly string[]>> {
  readonly text: string;
  /** The selected context went, too: none is selected any more. */
  readonly unselected: boolean;
}

/**
 * Takes the access to one cluster out of a kubeconfig: clusters whose authority `isOurs` knows, contexts that lead there, and
 * users that only these contexts use. Everything else stays as it stands. Undefined when there is nothing of that cluster.
 */
export function withoutAccess(
  existing: string,
  isOurs: (authority: string) => boolean,
): Result<WithoutAccess | undefined, Problem> {
  const style = styleOf(existing);
  const file = openKubeconfig(style.body);
  if (!file.ok) return file;
  const { data, document, root } = file.value;
  const gone = goneFrom(data, isOurs);
  if (root === undefined || gone.clusters.length === 0) return ok(undefined);
  const unselected = gone.contexts.some((name) => name === data['current-context']);
  for (const list of LIST_NAMES) removeEntries(root, list, gone[list]);
  if (unselected) setCurrentContext(document, root, '');
  const text = printLike(style, document).find((printed) => isAsIntended(data, printed, gone, unselected));
  if (text !== undefined) return ok({ ...gone, text: style.finish(text), unselected });
  return err(
    problem('kubeconfig-forget', 'The access to the cluster cannot be taken out without changing other entries', {
      why: 'The file shares values between entries (YAML anchors or merge keys).',
      nextSteps: ['Write the shared values out in each entry, or take the entries out yourself. Nothing was changed.'],
    }),
  );
}

type Gone = Readonly<Record<ListName, readonly string[]>>;

function goneFrom(data: Fields, isOurs: (authority: string) => boolean): Gone {
  const clusters = entriesOf(data, 'clusters')
    .filter(({ body }) => {
      const authority = pemText(body['certificate-authority-data'], 'certificate');
      return authority !== undefined && isOurs(authority);
    })
    .map(({ name }) => name);
  const contexts = entriesOf(data, 'contexts');
  const leaving = contexts.filter(({ body }) => clusters.some((name) => name === body['cluster']));
  const staying = contexts.filter((context) => !leaving.includes(context));
  const users = entriesOf(data, 'users').filter(
    ({ name }) =>
      leaving.some(({ body }) => body['user'] === name) && !staying.some(({ body }) => body['user'] === name),
  );
  return { clusters, contexts: leaving.map(({ name }) => name), users: users.map(({ name }) => name) };
}

function removeEntries(root: YAMLMap, list: ListName, names: readonly string[]): void {
  const items = root.get(list, true) as unknown;
  if (!isSeq(items)) return;
  items.items = items.items.filter((item) => !isMap(item) || !names.includes(String(item.get('name') ?? '')));
  if (items.items.length === 0) items.flow = true;
}

/** Reads the result back: what was to go is gone, and everything else is as it was. */
function isAsIntended(before: Fields, text: string, gone: Gone, unselected: boolean): boolean {
  const read = openKubeconfig(text);
  if (!read.ok) return false;
  const after = read.value.data;
  const lists = LIST_NAMES.every((list) => {
    const stays = ((before[list] ?? []) as readonly Fields[]).filter(
      ({ name }) => !gone[list].includes((name ?? '') as string),
    );
    return sameData(stays, after[list] ?? []);
  });
  const rest = (data: Fields): unknown =>
    Object.entries(data).filter(([key]) => !LIST_NAMES.some((list) => list === key) && key !== 'current-context');
  const selected = unselected ? '' : before['current-context'];
  return lists && sameData(selected, after['current-context']) && sameData(rest(before), rest(after));
}
