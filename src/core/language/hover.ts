import { say } from '../base/say';
import type { Path } from '../base/path';
import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { expandHostRange } from '../cluster/hostRange';
import { normalise } from '../cluster/normalise';
import type { Cluster } from '../cluster/cluster';
import { describeKey } from './describe';
import {
  bareName,
  effectiveOption,
  effectiveOptions,
  entryLabel,
  optionWords,
  overrides,
  shortened,
  type Section,
} from './effectiveOption';
import { addressNotes, entryNotes, rangeNotes, zoneNotes } from './hoverNode';
import { explainIgnoredRule, explainReference } from './hoverReference';
import { inlineCode } from '../base/markdown';
import { schemasAt, typesOf } from './schemaModel';

export interface Hover {
  readonly range: TextRange;
  readonly markdown: string;
}

/**
 * What the key under the cursor (or the key whose value is under it) means and what it comes to in this file; undefined
 * where there is nothing to say. Secrets are never shown.
 *
 * @param cluster what the document means, when the caller has it already
 */
export function hover(document: ClusterDocument, offset: number, cluster?: Cluster): Hover | undefined {
  return (
    explainIgnoredRule(document, offset) ?? explainReference(document, offset) ?? explainKey(document, offset, cluster)
  );
}

function explainKey(document: ClusterDocument, offset: number, cluster: Cluster | undefined): Hover | undefined {
  const at = document.pathAt(offset);
  if (at === undefined) return undefined;
  const range = document.rangeOf(at.path, at.part);
  if (range === undefined || offset < range.start || offset > range.end) return undefined;
  // An element of a list is explained by the key of the list; a block as a whole explains nothing.
  const keyed = at.path.findLastIndex((step) => typeof step === 'string');
  const key = at.path[keyed];
  const value = at.part === 'value' ? dataAt(document.data, at.path) : undefined;
  if (typeof key !== 'string' || (typeof value === 'object' && value !== null)) return undefined;
  const path = at.path.slice(0, keyed + 1);
  const nodes = schemasAt(path, document.data);
  // A word where a block belongs is a key that is not finished, so the block's own text would mislead.
  if (at.part === 'value' && nodes.every((node) => typesOf(node).includes('object'))) return undefined;
  const meaning = describeKey(key, nodes);
  if (meaning === '') return undefined;
  const notes = notesFor(document, path, value, cluster);
  return { range, markdown: [...(notes.length === 0 ? [] : [notes.join('\n\n'), '---']), meaning].join('\n\n') };
}

/** What follows for this place from the rest of the file. */
function notesFor({ data }: ClusterDocument, path: Path, value: unknown, known: Cluster | undefined): string[] {
  const [top, second, index, field, option] = path;
  const cluster = (): Cluster => known ?? normalise(data);
  if (top === 'loadBalancer') {
    if (second === 'address') return addressNotes(cluster());
    return second === 'nodes' && typeof value === 'string' ? rangeNotes(expandHostRange(value)) : [];
  }
  if (top !== 'servers' && top !== 'agents') return [];
  if (second === 'config')
    return typeof index === 'string'
      ? [
          overrides(data, top, bareName(index))
            .map((line) => `- ${line}`)
            .join('\n'),
        ].filter((text) => text !== '')
      : [];
  if (second !== 'nodes' || typeof index !== 'number') return [];
  switch (field) {
    case 'host':
    case 'name':
      return entryNotes(cluster(), data, top, index);
    case 'zone': {
      const zone = dataAt(data, path);
      return typeof zone === 'string' && zone !== '' ? zoneNotes(cluster(), zone) : [];
    }
    case 'config':
      return typeof option === 'string' ? optionNotes(data, top, index, option) : configNotes(data, top, index);
    default:
      return [];
  }
}

function optionNotes(data: unknown, section: Section, index: number, key: string): string[] {
  return [
    `${labelOf(data, section, index)}: ${optionWords(effectiveOption(data, section, index, bareName(key)), section)}`,
  ];
}

function configNotes(data: unknown, section: Section, index: number): string[] {
  const options = effectiveOptions(data, section, index).map((option) => `- ${optionWords(option, section)}`);
  return options.length === 0 ? [] : [`${labelOf(data, section, index)}:\n\n${shortened(options).join('\n')}`];
}

function labelOf(data: unknown, section: Section, index: number): string {
  return inlineCode(entryLabel(dataAt(data, [section, 'nodes', index])) ?? say`This entry`);
}
