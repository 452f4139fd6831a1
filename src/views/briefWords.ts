import { later, said, say } from '../core/base/say';
import type { OtherRelease } from '../core/health/drift';
import type { Trouble } from '../core/health/nodeHealth';

/** Columns that a description has room for beside its label, in a side bar of 300 pixels. */
export const BRIEF_LENGTH = 18;

/** Columns that a text takes: a Chinese character is as wide as two others. */
export function columnsOf(text: string): number {
  return [...text].reduce((columns, one) => columns + (WIDE.test(one) ? 2 : 1), 0);
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** A text cut to what a row has room for; the whole of it stands in the tooltip. */
export function brief(text: string): string {
  if (columnsOf(text) <= BRIEF_LENGTH) return text;
  let cut = '';
  for (const one of text) {
    if (columnsOf(cut + one) >= BRIEF_LENGTH) break;
    cut += one;
  }
  return `${cut.trimEnd()}…`;
}

/** The first of these that a row has room for, else the last one, cut. */
export function briefest(...texts: readonly string[]): string {
  return texts.find((text) => columnsOf(text) <= BRIEF_LENGTH) ?? brief(texts.at(-1) ?? '');
}

/**
 * Why a node is not ready: `unreachable`, of "unreachable: its kubelet stopped reporting 2 min ago", and `down 4 s` with the time
 * that its machine has shown it. What else ages is in the tooltip.
 */
export function briefReason(reason: string, lasting?: string): string {
  const [what = ''] = reason.split(/[:(：（]/u, 1);
  return brief(lasting === undefined ? what.trim() : `${what.trim()} ${lasting}`);
}

const TROUBLES: Readonly<Record<Trouble, string>> = {
  memory: later`low on memory`,
  disk: later`low on disk`,
  processes: later`too many processes`,
  network: later`no pod network`,
  cordoned: later`cordoned`,
  'cut-off': later`cut off from here`,
  electing: later`electing a leader`,
};

/** What troubles a node that is ready: `low on disk`. */
export function briefTrouble(trouble: Trouble): string {
  return said(TROUBLES[trouble]);
}

/** Where a node is not as the file says: `runs v1.36.3` for another release than that of the file. */
export function briefDifference(release: OtherRelease | undefined): string {
  if (release === undefined) return say`not as in the file`;
  const plain = (full: string): string => full.replace(/\+.*$/u, '');
  const { has, wants } = release;
  return brief(say`runs ${plain(has) === plain(wants) ? has : plain(has)}`);
}
