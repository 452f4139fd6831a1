import { say } from '../base/say';
import type { Path } from '../base/path';
import type { TextEdit, TextRange } from '../base/text';
import { err, ok, type Result } from '../base/result';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { renderScalar } from '../document/render';
import { treeOf } from '../document/parse';
import type { TreeNode } from '../document/tree';
import { listReferences } from '../cluster/references';

/** Something that is named in several places of the file. */
export interface Named {
  readonly kind: 'zone' | 'secret' | 'anchor';
  readonly name: string;
  /** Where the cursor stands on it. */
  readonly range: TextRange;
  /** Every place, from top to bottom; of an anchor the definition comes first. */
  readonly places: readonly TextRange[];
}

/** The zone, secret or anchor under the cursor with all its places; undefined elsewhere. */
export function namedAt(document: ClusterDocument, offset: number): Named | undefined {
  return [secretAt, anchorAt, zoneAt].map((find) => find(document, offset)).find((named) => named !== undefined);
}

/** The edits that give it another name everywhere; the error is a sentence for the person who typed the name. */
export function rename(document: ClusterDocument, named: Named, newName: string): Result<readonly TextEdit[], string> {
  if (named.kind === 'zone') {
    if (newName.trim() === '') return err(say`A zone needs a name.`);
    return ok(named.places.map((range) => ({ range, newText: renderScalar(newName, isFlow(document.text, range)) })));
  }
  const allowed = named.kind === 'secret' ? /^[A-Za-z0-9._-]+$/ : /^[^\s,[\]{}]+$/;
  if (!allowed.test(newName))
    return err(
      named.kind === 'secret'
        ? say`The name of a secret has letters, digits, dots, hyphens and underscores only.`
        : say`The name of an anchor has no spaces, commas or brackets.`,
    );
  return ok(named.places.map((range) => ({ range, newText: newName })));
}

function secretAt(document: ClusterDocument, offset: number): Named | undefined {
  const references = listReferences(document.text).filter(({ kind }) => kind === 'secret');
  const nameRange = (reference: (typeof references)[number]): TextRange => ({
    start: reference.range.end - 1 - reference.name.length,
    end: reference.range.end - 1,
  });
  const found = references.find(({ range }) => range.start <= offset && offset <= range.end);
  if (found === undefined) return undefined;
  return {
    kind: 'secret',
    name: found.name,
    range: nameRange(found),
    places: references.filter(({ name }) => name === found.name).map(nameRange),
  };
}

function anchorAt(document: ClusterDocument, offset: number): Named | undefined {
  const places: { readonly name: string; readonly range: TextRange }[] = [];
  const visit = (node: TreeNode): void => {
    if (node.anchor !== undefined) {
      const at = document.text.lastIndexOf(`&${node.anchor}`, node.range.start);
      if (at >= 0) places.push({ name: node.anchor, range: { start: at + 1, end: at + 1 + node.anchor.length } });
    }
    if (node.kind === 'alias')
      places.push({
        name: node.name,
        range: { start: node.range.start + 1, end: node.range.start + 1 + node.name.length },
      });
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind === 'map') for (const entry of node.entries) visit(entry.value);
  };
  const root = treeOf(document);
  if (root !== undefined) visit(root);
  const found = places.find(({ range }) => range.start - 1 <= offset && offset <= range.end);
  return found === undefined
    ? undefined
    : {
        kind: 'anchor',
        name: found.name,
        range: found.range,
        places: places.filter(({ name }) => name === found.name).map(({ range }) => range),
      };
}

function zoneAt(document: ClusterDocument, offset: number): Named | undefined {
  const at = document.pathAt(offset);
  const zone = at === undefined ? undefined : dataAt(document.data, at.path);
  const range = at === undefined ? undefined : document.rangeOf(at.path, 'value');
  if (
    at === undefined ||
    range === undefined ||
    at.path.at(-1) !== 'zone' ||
    at.part !== 'value' ||
    typeof zone !== 'string'
  )
    return undefined;
  const paths = ['servers', 'agents'].flatMap((section): Path[] => {
    const nodes = dataAt(document.data, [section, 'nodes']);
    return Array.isArray(nodes) ? nodes.map((_node, index) => [section, 'nodes', index, 'zone']) : [];
  });
  const same = paths
    .filter((path) => dataAt(document.data, path) === zone)
    .flatMap((path) => document.rangeOf(path, 'value') ?? []);
  // What a merge key or an alias brings is written once.
  const places = same.filter(
    (place) => document.text.slice(place.start, place.end).replace(/^(["'])(.*)\1$/, '$2') === zone,
  );
  return {
    kind: 'zone',
    name: zone,
    range,
    places: [...new Map(places.map((place) => [place.start, place])).values()],
  };
}

function isFlow(text: string, range: TextRange): boolean {
  return /[[{][^\n]*$/.test(text.slice(text.lastIndexOf('\n', range.start - 1) + 1, range.start));
}
