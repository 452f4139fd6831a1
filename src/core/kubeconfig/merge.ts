import type { Problem } from '../base/problem';
import { problem } from '../base/problem';
import type { Result } from '../base/result';
import { err, ok } from '../base/result';
import { conflictsIn, isFree, isSameCluster } from './conflicts';
import { addFirst, putEntry, setCurrentContext } from './edit';
import { excerptOf } from './excerpt';
import type { Fields } from './fields';
import type { KubeconfigDocument, KubeconfigText, ListName } from './kubeconfigText';
import { entriesOf, findEntry, LIST_NAMES, LISTS, openKubeconfig, readKubeconfig, sameData } from './kubeconfigText';
import type { PreparedKubeconfig } from './prepare';
import { contextFields, renamed } from './prepare';
import type { TextStyle } from './style';
import { printLike, styleOf } from './style';

/**
 * What to do with names that belong to another cluster: `overwrite` replaces them, `keep-both` adds ours under a
 * numbered name. Entries of the same cluster are refreshed in both modes.
 */
export type MergeMode = 'overwrite' | 'keep-both';

export interface MergeOptions {
  /** Select our context if the file selects none. A selected context is never changed. */
  readonly selectIfNone?: boolean;
}

export interface MergedKubeconfig {
  readonly text: string;
  /** Name of cluster, context and user in the merged file. */
  readonly contextName: string;
}

/** Keys that say where a cluster is and how to trust it, or who signs in; everything else in an entry stays the user's. */
const OURS: Readonly<Record<ListName, readonly string[]>> = {
  clusters: [
    'server',
    'certificate-authority',
    'certificate-authority-data',
    'insecure-skip-tls-verify',
    'tls-server-name',
  ],
  contexts: ['cluster', 'user'],
  users: [
    'client-certificate',
    'client-certificate-data',
    'client-key',
    'client-key-data',
    'token',
    'tokenFile',
    'username',
    'password',
    'exec',
    'auth-provider',
  ],
};

/**
 * Puts `prepared` into a kubeconfig text (`undefined`: no file yet) and leaves everything else as it stands: comments,
 * order, style, unknown fields, the selected context. A merge that changes nothing returns the text unchanged, byte for byte.
 */
export function merge(
  existing: string | undefined,
  prepared: PreparedKubeconfig,
  mode: MergeMode,
  options: MergeOptions = {},
): Result<MergedKubeconfig, Problem> {
  const style = styleOf(existing ?? '');
  const before = readKubeconfig(style.body);
  if (!before.ok) return before;
  const { data } = before.value;
  const ours = mode === 'overwrite' ? prepared : underFreeName(data, prepared);
  const select = options.selectIfNone === true && (data['current-context'] ?? '') === '';
  const wanted = wantedEntries(data, ours);
  const selected = !select || data['current-context'] === ours.name;
  if (selected && LIST_NAMES.every((list) => sameData(findEntry(data, list, ours.name), wanted[list]))) {
    return ok({ text: existing ?? '', contextName: ours.name });
  }
  const change = { wanted, name: ours.name, select };
  const printed = writeBriefly(style.body, before.value, change) ?? writeWhole(style, change);
  if (printed === undefined) {
    return err(
      problem(
        'kubeconfig-merge',
        `The entry "${ours.name}" cannot be changed without changing others: the file shares values between entries (YAML anchors or merge keys).`,
        {
          nextSteps: [
            'Write the shared values out in each entry, or choose another kubeconfig file. Nothing was changed.',
          ],
        },
      ),
    );
  }
  return ok({ text: style.finish(printed), contextName: ours.name });
}

interface Change {
  readonly wanted: Wanted;
  readonly name: string;
  /** Select our context. */
  readonly select: boolean;
}

/** The edited text; undefined when our entries cannot be written without changing something else. */
function writeWhole(style: TextStyle, change: Change): string | undefined {
  const file = openKubeconfig(style.body);
  if (!file.ok) return undefined;
  const { data } = file.value;
  return printLike(style, edit(file.value, change)).find((text) => isAsIntended(data, text, change));
}

/** The same by way of an excerpt, for files as kubectl writes them. */
function writeBriefly(body: string, { data, places }: KubeconfigText, change: Change): string | undefined {
  const excerpt = places && excerptOf(body, data, places, change.name);
  const edited = excerpt && writeWhole(styleOf(excerpt.text), change);
  return edited && excerpt?.restore(edited);
}

/** The first of `name`, `name-2`, `name-3` … that is free or already belongs to this cluster. */
function underFreeName(data: Fields, prepared: PreparedKubeconfig): PreparedKubeconfig {
  for (let number = 1; ; number++) {
    const name = number === 1 ? prepared.name : `${prepared.name}-${number}`;
    if (isFree(data, { ...prepared, name })) return renamed(prepared, name);
  }
}

type Wanted = Readonly<Record<ListName, Fields>>;

function wantedEntries(data: Fields, ours: PreparedKubeconfig): Wanted {
  const foreign = new Set(conflictsIn(data, ours).map(({ list }) => list));
  const cluster = findEntry(data, 'clusters', ours.name);
  const body = (list: ListName, fields: Fields): Fields => {
    const old = findEntry(data, list, ours.name);
    // A namespace, proxy or extension that the user gave the same cluster survives; those of another cluster do not.
    const keep = old !== undefined && !foreign.has(list) && (cluster === undefined || isSameCluster(cluster, ours));
    return keep ? overlay(list, old, fields) : fields;
  };
  return {
    clusters: body('clusters', ours.cluster),
    contexts: body('contexts', contextFields(ours)),
    users: body('users', ours.user),
  };
}

/** `old` with our keys replaced, in the order of `old`. */
function overlay(list: ListName, old: Fields, fields: Fields): Fields {
  const kept = Object.entries(old).filter(([key]) => key in fields || !OURS[list].includes(key));
  return { ...Object.fromEntries(kept), ...fields };
}

function edit(file: KubeconfigDocument, { wanted, name, select }: Change): KubeconfigDocument['document'] {
  const { document } = file;
  const root = file.root ?? addFirst(document);
  for (const list of LIST_NAMES) putEntry(document, root, list, LISTS[list], name, wanted[list]);
  if (select) setCurrentContext(document, root, name);
  return document;
}

/** Reads the result back: our entries as wanted, everything else as it was. */
function isAsIntended(before: Fields, text: string, { wanted, name, select }: Change): boolean {
  const read = openKubeconfig(text);
  if (!read.ok) return false;
  const after = read.value.data;
  const lists = LIST_NAMES.every((list) => {
    const others = (data: Fields): unknown =>
      entriesOf(data, list).some((e) => e.name === name)
        ? (data[list] as Fields[]).filter((e) => e.name !== name)
        : (data[list] ?? []);
    return sameFields(findEntry(after, list, name), wanted[list]) && sameData(others(before), others(after));
  });
  const rest = (data: Fields): unknown =>
    Object.entries(data).filter(
      ([key]) => !(key in LISTS) && key !== 'current-context' && !(key in HEAD && !(key in before)),
    );
  const current = select
    ? after['current-context'] === name
    : sameData(before['current-context'], after['current-context']);
  return lists && current && sameData(rest(before), rest(after));
}

/** Keys that a new file gets. */
const HEAD = { apiVersion: true, kind: true };

function sameFields(a: Fields | undefined, b: Fields): boolean {
  const sorted = (fields: Fields): unknown => Object.entries(fields).sort(([x], [y]) => (x < y ? -1 : 1));
  return a !== undefined && sameData(sorted(a), sorted(b));
}
