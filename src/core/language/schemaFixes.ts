import { say } from '../base/say';
import { formatPath, type Path } from '../base/path';
import { difference } from '../base/difference';
import { applyEdits } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { removeEntry, renameKey, setValue } from '../document/edit';
import { replaceSpaced } from '../document/editText';
import { parseDocument } from '../document/parse';
import type { PlainValue } from '../document/render';
import type { Fix } from '../rules/rule';
import type { SchemaProblem } from './schemaProblem';
import { resolveRef, schemasAt, typesOf, type SchemaNode } from './schemaModel';
import { isSpellingVariant } from '../base/suggestion';

/** What can be done about a problem of the schema, the likeliest first. */
export function schemaFixes(document: ClusterDocument, problem: SchemaProblem): Fix[] {
  return candidates(document, problem).filter((fix) => fix.edits.length > 0);
}

function candidates(document: ClusterDocument, problem: SchemaProblem): Fix[] {
  const { path, key } = problem;
  const name = String(path.at(-1) ?? '');
  const remove: Fix = { title: say`Remove "${name}"`, edits: removeEntry(document, path), safe: false };
  switch (problem.code) {
    case 'unknown-key':
      return key === undefined
        ? [remove]
        : [
            {
              title: say`Rename to "${key}"`,
              edits: renameKey(document, path, key),
              safe: isSpellingVariant(key, name),
            },
            remove,
          ];
    case 'misplaced-option':
      return [move(document, path, [...path.slice(0, -1), 'config', name]), remove];
    case 'missing-key':
      return key === undefined ? [] : [addKey(document, path, key)];
    case 'wrong-type':
    case 'value-not-allowed':
      return problem.replacement === undefined ? [] : [replace(document, problem, problem.replacement)];
    default:
      return [];
  }
}

/**
 * Moves an entry with its value; a key that is there already keeps its own value, so nothing is moved over it.
 * Both steps can touch the same line, so they are made one after the other and handed out as one edit.
 */
function move(document: ClusterDocument, from: Path, to: Path): Fix {
  const title = say`Move to ${formatPath(to.slice(0, -1))}`;
  const removal = removeEntry(document, from);
  if (removal.length === 0 || dataAt(document.data, to) !== undefined) return { title, edits: [], safe: false };
  const without = applyEdits(document.text, removal);
  const insertion = setValue(parseDocument(without), to, dataAt(document.data, from) as PlainValue);
  return {
    title,
    edits: insertion.length === 0 ? [] : difference(document.text, applyEdits(without, insertion)),
    safe: false,
  };
}

/** Constants are known; everything else is a proposal to fill in. */
function addKey(document: ClusterDocument, path: Path, key: string): Fix {
  const nodes = schemasAt([...path, key], document.data);
  const constant = nodes.length === 1 && nodes[0]?.enum?.length === 1;
  return { title: say`Add "${key}"`, edits: setValue(document, [...path, key], proposal(nodes)), safe: constant };
}

function proposal(nodes: readonly SchemaNode[]): PlainValue {
  const [node] = nodes;
  if (node === undefined) return null;
  const known = node.enum?.[0] ?? node.default ?? node.examples?.[0];
  if (typeof known === 'string' || typeof known === 'number' || typeof known === 'boolean') return known;
  if (typesOf(node).includes('array')) return node.items === undefined ? [] : [proposal([resolveRef(node.items)])];
  if (!typesOf(node).includes('object')) return null;
  return Object.fromEntries(
    (node.required ?? []).map((key) => [
      key,
      proposal(node.properties?.[key] === undefined ? [] : [resolveRef(node.properties[key])]),
    ]),
  );
}

function replace(document: ClusterDocument, problem: SchemaProblem, replacement: string): Fix {
  const range = document.rangeOf(problem.path, 'value') ?? problem.range;
  const written = document.text.slice(range.start, range.end);
  return {
    title: say`Write ${replacement}`,
    edits: [replaceSpaced(document.text, range, replacement)],
    safe: problem.code === 'wrong-type' || isSpellingVariant(written, replacement),
  };
}
