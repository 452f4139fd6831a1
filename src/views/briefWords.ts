import { later, said, say } from '../core/base/say';
/** Characters that a description has room for beside its label, in a side bar of 300 pixels. */
export const BRIEF_LENGTH = 18;

/** A text cut to what a row has room for; the whole of it stands in the tooltip. */
export function brief(text: string): string {
  return text.length > BRIEF_LENGTH ? `${text.slice(0, BRIEF_LENGTH - 1).trimEnd()}…` : text;
}

/** The first of these that a row has room for, else the last one, cut. */
export function briefest(...texts: readonly string[]): string {
  return texts.find((text) => text.length <= BRIEF_LENGTH) ?? brief(texts.at(-1) ?? '');
}

/**
 * Why a node is not ready: `unreachable`, of "unreachable: its kubelet stopped reporting 2 min ago", and `down 4 s`, of what its
 * machine shows. What else ages is in the tooltip.
 */
export function briefReason(reason: string): string {
  const lasting = /: .*\bsince (\d+ (?:s|min|h|d))\b/u.exec(reason)?.[1];
  const [what = ''] = reason.split(/[:(：（]/u, 1);
  return brief(lasting === undefined ? what.trim() : `${what.trim()} ${lasting}`);
}

const WARNINGS: readonly (readonly [RegExp, string])[] = [
  [/memory/u, later`low on memory`],
  [/disk/u, later`low on disk`],
  [/processes/u, later`too many processes`],
  [/pod network/u, later`no pod network`],
  [/cordoned/u, later`cordoned`],
  [/cut off/u, later`cut off from here`],
  [/etcd leader/u, later`electing a leader`],
];

/** What troubles a node that is ready: `low on disk`, of "the disk is running full". */
export function briefWarning(warning: string): string {
  const known = WARNINGS.find(([pattern]) => pattern.test(warning));
  return known === undefined ? brief(warning) : said(known[1]);
}

/** Where a node is not as the file says: `runs v1.36.3`, of "runs v1.36.3+k3s1, the file says v1.36.4+k3s1". */
export function briefDifference(difference: string): string {
  const [, has, wants] = /^runs (\S+), the file says (\S+)$/u.exec(difference) ?? [];
  if (has === undefined || wants === undefined) return say`not as in the file`;
  const plain = (release: string): string => release.replace(/\+.*$/u, '');
  return brief(say`runs ${plain(has) === plain(wants) ? has : plain(has)}`);
}
