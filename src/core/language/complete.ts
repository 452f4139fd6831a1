import { say } from '../base/say';
import type { Path } from '../base/path';
import { dataAt } from '../document/dataAt';
import { renderScalar } from '../document/render';
import type { ClusterDocument } from '../document/clusterDocument';
import { lineStart } from '../document/layout';
import { parseDocument, treeOf } from '../document/parse';
import type { TreeNode } from '../document/tree';
import { lacksOption } from '../k3s/options';
import { RULES } from '../rules/registry';
import { normalise } from '../cluster/normalise';
import { fileValues, type FileContext } from './fileValues';
import type { CompletionItem } from './completionItem';
import { isMarker, placesAt, type CursorPlace } from './cursor';
import { ELSEWHERE_IDS, originOf } from './elsewhere';
import { describeKey, typeWords } from './describe';
import { isRecord, resolveRef, schemasAt, typesOf, type SchemaNode } from './schemaModel';
import { starterItems } from './starterItems';
import { entrySnippet, escapeSnippet, itemSnippet } from './snippetText';

export interface CompleteOptions {
  /** The same text, read already. */
  readonly document?: ClusterDocument;
  /** Releases of K3s to offer; the bundled list when left out. */
  readonly releases?: readonly string[];
  /** Names of secrets that are stored already. */
  readonly secretNames?: readonly string[];
}

/** What can be written at `offset`: keys of the block that are not there yet, values, new list items, rules to ignore. */
export function complete(text: string, offset: number, options: CompleteOptions = {}): CompletionItem[] {
  const at = Math.max(0, Math.min(offset, text.length));
  const ignored = ignoredRuleItems(text, at);
  if (ignored !== undefined) return ignored;
  const { document = parseDocument(text), releases, secretNames } = options;
  const places = placesAt(document, at);
  if (places.length === 0) return [];
  const context: FileContext = {
    cluster: normalise(document.data),
    text,
    ...(releases === undefined ? {} : { releases }),
    ...(secretNames === undefined ? {} : { secretNames }),
  };
  const [first] = places;
  const starters = first === undefined ? [] : starterItems(document, first.range);
  const items = places.flatMap((place) => (place.word.startsWith('*') ? aliasItems(place) : itemsAt(place, context)));
  return [...starters, ...items];
}

/** Ids of rules in a comment that ignores them. */
function ignoredRuleItems(text: string, offset: number): CompletionItem[] | undefined {
  const line = text.slice(lineStart(text, offset), offset);
  const written = /(?:^|[ \t])#+[ \t]*k3s-ha-ignore(?:-file)?[ \t:]+((?:[\w-]+[ \t,]+)*)([\w-]*)$/.exec(line);
  if (written === null) return undefined;
  const [, before = '', word = ''] = written;
  const present = new Set(before.split(/[\s,]+/));
  const range = { start: offset - word.length, end: offset + (/^[\w-]*/.exec(text.slice(offset))?.[0].length ?? 0) };
  const found = ELSEWHERE_IDS.map((id) => ({ id, severity: originOf(id), title: '' }));
  return [...RULES, ...found]
    .filter(({ id }) => !present.has(id))
    .map(({ id, severity, title }) => ({
      label: id,
      kind: 'value' as const,
      range,
      insertText: id,
      isSnippet: false,
      detail: severity,
      documentation: title,
      sortText: id,
    }));
}

function itemsAt(place: CursorPlace, context: FileContext): CompletionItem[] {
  const { data } = place.marked;
  if (place.kind === 'value') return valueItems(place, schemasAt(place.path, data), place.path, context);
  const nodes = schemasAt(place.path, data);
  if (nodes.some((node) => typesOf(node).includes('object'))) {
    const items = keyItems(place, nodes, context);
    return place.needsDash ? newItem(place, nodes) : items;
  }
  // `- word:` where the list holds plain values: the marker looked like a key, but a value is wanted.
  return typeof place.path.at(-1) === 'number' ? valueItems(place, nodes, place.path, context) : [];
}

function keyItems(place: CursorPlace, nodes: readonly SchemaNode[], { cluster }: FileContext): CompletionItem[] {
  const present = presentKeys(place.marked.data, place.path);
  const required = new Set(nodes.flatMap((node) => node.required ?? []));
  const keys = [
    ...new Set(nodes.flatMap((node) => [...Object.keys(node.properties ?? {}), ...appendable(node, place.path)])),
  ];
  return keys.flatMap((key) => {
    const child = schemasAt([...place.path, key], place.marked.data);
    const [first] = child;
    const facts = first?.['x-k3s'] ?? {};
    if (
      first === undefined ||
      present.has(key) ||
      facts.hidden === true ||
      facts.deprecated === true ||
      lacksOption(cluster.k3s.version, facts.since)
    )
      return [];
    const insertText = place.hasColon
      ? escapeSnippet(key)
      : entrySnippet(key, child, { flow: place.flow, shift: place.column - place.lineIndent });
    const rank = required.has(key) ? '0' : key.endsWith('+') ? '3' : facts.experimental === true ? '2' : '1';
    return [
      {
        label: key,
        kind: 'key' as const,
        range: place.range,
        insertText,
        isSnippet: true,
        detail: required.has(key) ? `required, ${typeWords(first)}` : typeWords(first),
        documentation: describeKey(key, child),
        sortText: rank + key,
      },
    ];
  });
}

/** Lists of a node's config can be added to; the config of a role has nothing to add to. */
function appendable(node: SchemaNode, path: Path): string[] {
  if (node.patternProperties === undefined || !path.includes('nodes')) return [];
  return Object.entries(node.properties ?? {})
    .filter(([, child]) => typesOf(resolveRef(child)).includes('array'))
    .map(([key]) => `${key}+`);
}

function presentKeys(data: unknown, path: Path): ReadonlySet<string> {
  const block = dataAt(data, path);
  return new Set(isRecord(block) ? Object.keys(block).filter((key) => !isMarker(key)) : []);
}

function newItem(place: CursorPlace, nodes: readonly SchemaNode[]): CompletionItem[] {
  const [node] = nodes;
  if (node === undefined) return [];
  const insertText = itemSnippet(nodes, place.column - place.lineIndent);
  return [
    {
      label: say`- new entry`,
      kind: 'snippet',
      range: place.range,
      insertText,
      isSnippet: true,
      detail: node.description ?? '',
      documentation: node.markdownDescription ?? node.description ?? '',
      sortText: '0',
    },
  ];
}

function valueItems(
  place: CursorPlace,
  nodes: readonly SchemaNode[],
  path: Path,
  context: FileContext,
): CompletionItem[] {
  const key = path.findLast((step) => typeof step === 'string');
  const item = (value: unknown, rank: string, detail: string): CompletionItem => {
    const reference = typeof value === 'string' && value.includes('${');
    const written = typeof value === 'string' ? renderValue(place, value) : String(value);
    return {
      label: String(value),
      kind: reference ? 'reference' : 'value',
      range: place.range,
      insertText: (place.needsDash ? '- ' : '') + written,
      isSnippet: false,
      detail,
      documentation: describeKey(typeof key === 'string' ? key : '', nodes),
      sortText: rank,
    };
  };
  const listItem = typeof path.at(-1) === 'number';
  if (listItem && nodes.some((node) => typesOf(node).includes('object')) && place.flow) return flowItem(place, nodes);
  const suggested = fileValues(context, path).map(({ value, detail }, index) =>
    item(value, `0${String(index).padStart(2, '0')}`, detail),
  );
  const items =
    suggested.length > 0 && nodes.length > 0
      ? suggested
      : nodes.flatMap((node) => {
          const fixed = node.enum ?? (typesOf(node).includes('boolean') ? [true, false] : []);
          const offered =
            fixed.length > 0
              ? fixed
              : [
                  ...(node.default === undefined ? [] : [node.default]),
                  ...(node.examples ?? []),
                  ...(node.items?.examples ?? []),
                ];
          return offered.map((value, index) =>
            item(
              value,
              `${value === node.default ? '0' : '1'}${String(index).padStart(2, '0')}`,
              value === node.default ? 'default' : fixed.length > 0 ? '' : 'example',
            ),
          );
        });
  const written = listItem ? siblings(place.marked.data, path) : new Set<unknown>();
  return items.filter(
    (candidate, index) =>
      items.findIndex((other) => other.label === candidate.label) === index && !written.has(candidate.label),
  );
}

/** Inside quotes the text stands as it is. */
function renderValue(place: CursorPlace, value: string): string {
  const before = place.marked.text.charAt(place.range.start - 1);
  return before === '"' || before === "'" ? value : renderScalar(value, place.flow);
}

function flowItem(place: CursorPlace, nodes: readonly SchemaNode[]): CompletionItem[] {
  const required = nodes[0]?.required ?? [];
  return [
    {
      label: '{ }',
      kind: 'snippet',
      range: place.range,
      insertText: `{${required.map((key, index) => `${key}: $${index + 1}`).join(', ')}}`,
      isSnippet: true,
      detail: nodes[0]?.description ?? '',
      documentation: '',
      sortText: '0',
    },
  ];
}

function siblings(data: unknown, path: Path): ReadonlySet<unknown> {
  const list = dataAt(data, path.slice(0, -1));
  return new Set(Array.isArray(list) ? list : []);
}

/** Anchors above the cursor, for `*`. */
function aliasItems(place: CursorPlace): CompletionItem[] {
  const names = new Set<string>();
  const visit = (node: TreeNode): void => {
    if (node.anchor !== undefined && node.range.end <= place.range.start) names.add(node.anchor);
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind === 'map') node.entries.forEach((entry) => visit(entry.value));
  };
  const root = treeOf(place.marked);
  if (root !== undefined) visit(root);
  return [...names].map((name) => ({
    label: `*${name}`,
    kind: 'reference' as const,
    range: place.range,
    insertText: `*${name}`,
    isSnippet: false,
    detail: say`what is written at &${name}`,
    documentation: '',
    sortText: name,
  }));
}
