import type { Fields } from './fields';
import type { ListName } from './kubeconfigText';
import { entriesOf, LIST_NAMES, LISTS } from './kubeconfigText';

/** The names come from a stranger: so many are told, so long. */
const MAX_NAMES = 8;
const MAX_LENGTH = 40;

/** Top-level keys that say nothing about access, and the lists, whose entries are told one by one. */
const HEAD: readonly string[] = ['apiVersion', 'kind', 'current-context', ...LIST_NAMES];

/** The entries of a kubeconfig that are used, with the fields that are taken from each. */
export type TakenFields = Readonly<Record<ListName, { readonly name: unknown; readonly fields: readonly string[] }>>;

/**
 * What a kubeconfig holds besides `taken`, one line an entry, such as `user "default": exec, token`. Only names, made
 * printable and cut; never a value. Empty when all of it is taken.
 */
export function leftOutOf(data: Fields, taken: TakenFields): readonly string[] {
  const lines = LIST_NAMES.flatMap((list) =>
    entriesOf(data, list).flatMap(({ name, body }) => {
      const place = `${LISTS[list]} "${printable(name)}"`;
      if (name !== taken[list].name) return [`${place}: all of it`];
      const extra = Object.keys(body).filter((key) => !taken[list].fields.includes(key));
      return extra.length === 0 ? [] : [`${place}: ${some(extra.map(printable), ', ')}`];
    }),
  );
  const others = Object.entries(data)
    .filter(([key, value]) => !HEAD.includes(key) && !isEmpty(value))
    .map(([key]) => printable(key));
  const all = others.length === 0 ? lines : [...lines, `the file itself: ${some(others, ', ')}`];
  return all.length <= MAX_NAMES ? all : [...all.slice(0, MAX_NAMES), `${all.length - MAX_NAMES} more entries`];
}

/** A warning for people about fields that were not taken; `source` names the kubeconfig. Undefined when there is nothing to tell. */
export function leftOutNotice(source: string, leftOut: readonly string[]): string | undefined {
  if (leftOut.length === 0) return undefined;
  return `${source} holds more than K3s writes. Left out: ${leftOut.join('; ')}. Only the CA, the client certificate and the client key were taken; nothing else of it is used or run.`;
}

/** `preferences: {}` of older K3s. */
function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

function some(names: readonly string[], between: string): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(between) + (more > 0 ? ` and ${more} more` : '');
}

function printable(name: string): string {
  const cut = name.length > MAX_LENGTH ? `${name.slice(0, MAX_LENGTH)}…` : name;
  return cut.replaceAll(/[^\x20-\x7e…]/g, '?');
}
