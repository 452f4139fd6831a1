import type { Path } from '../../base/path';
import type { Steps } from '../../base/steps';
import { applyEdits, type TextEdit } from '../../base/text';
import type { ClusterDocument } from '../../document/clusterDocument';
import { dataAt } from '../../document/dataAt';
import { addEntries, appendItems, setValue } from '../../document/edit';
import { parseInSteps } from '../../document/parse';
import type { PlainValue } from '../../document/render';
import { typed } from './commandOptions';
import type { OptionValue, OptionValues } from './installCommand';
import { KeptValues } from './keptValues';
import { holdsPlaceholder, revealed } from './placeholder';
import { optionFacts } from '../../k3s/options';

/** A cluster file while a text is carried over into it: every change is a reading of the file, with a pause after it. */
export class ImportDraft {
  document: ClusterDocument;
  readonly done: string[] = [];
  readonly notes: string[] = [];
  readonly kept = new KeptValues(() => this.#name);

  constructor(document: ClusterDocument) {
    this.document = document;
  }

  get #name(): string {
    const name = this.at(['metadata', 'name']);
    return typeof name === 'string' && name !== '' ? name : 'imported';
  }

  *apply(edits: readonly TextEdit[]): Steps<boolean> {
    if (edits.length === 0) return false;
    this.document = yield* parseInSteps(applyEdits(this.document.text, edits), this.document);
    yield;
    return true;
  }

  at(path: Path): unknown {
    return dataAt(this.document.data, path);
  }

  /** Writes a value where nothing stands; another value that stands there is kept and said. */
  *put(path: Path, value: PlainValue, what: string): Steps<void> {
    const present = this.at(path);
    if (typeof value === 'string' && holdsPlaceholder(value)) {
      this.notes.push(
        `${revealed(what)}: ${revealed(value)} stands for something that the text does not tell; it was left out.`,
      );
    } else if (present === undefined || present === null) {
      if (yield* this.apply(setValue(this.document, path, value))) this.done.push(what);
    } else if (JSON.stringify(present) !== JSON.stringify(value))
      this.notes.push(`${what}: the file has another value, which was kept.`);
  }

  /** Adds items to a list, as one change. */
  *append(path: Path, items: readonly PlainValue[]): Steps<boolean> {
    return yield* this.apply(appendItems(this.document, path, items));
  }

  *skeleton(name: string): Steps<void> {
    for (const [key, value] of [
      ['apiVersion', 'k3s-ha/v1'],
      ['kind', 'Cluster'],
      ['metadata', { name }],
    ] as const) {
      if (this.at([key]) === undefined || this.at([key]) === null)
        yield* this.apply(setValue(this.document, [key], value));
    }
  }

  /** Options of one block; those that it does not have come into the file together. */
  *options(block: Path, options: OptionValues, what: (name: string) => string): Steps<void> {
    const missing: Record<string, PlainValue> = {};
    for (const [name, given] of Object.entries(options)) {
      const value = this.value(name, given);
      const present = this.at([...block, name]);
      if (value === undefined) continue;
      if (present === undefined) missing[name] = value;
      else if (Array.isArray(value)) {
        const known = new Set<unknown>(Array.isArray(present) ? (present as readonly unknown[]) : [present]);
        const added = (value as readonly PlainValue[]).filter((item) => !known.has(item));
        if (yield* this.append([...block, name], added)) this.done.push(what(name));
      } else yield* this.put([...block, name], value, what(name));
    }
    if (yield* this.apply(addEntries(this.document, block, missing))) this.done.push(...Object.keys(missing).map(what));
  }

  /** An option as the file has it: secrets are references, what is left to fill in is told and left out. */
  value(name: string, given: OptionValue): PlainValue | undefined {
    if (Array.isArray(given)) {
      const all = given as readonly string[];
      const items = all.filter((item) => !holdsPlaceholder(item));
      for (const item of all.filter(holdsPlaceholder))
        this.notes.push(`${name} had a placeholder that was left out: fill in the real value of ${revealed(item)}.`);
      return items.length === 0 ? undefined : [...new Set(this.kept.option(name, items) as readonly string[])];
    }
    if (typeof given !== 'string' || !holdsPlaceholder(given) || optionFacts(name)?.secret === true)
      return typed(this.kept.option(name, given));
    this.notes.push(`${name} had the placeholder ${revealed(given)} and was left out: fill in the real value.`);
    return undefined;
  }
}
