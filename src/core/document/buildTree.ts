import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { TextRange } from '../base/text';
import type { SyntaxProblem } from './clusterDocument';
import { anchorOf, emptyScalar, isClosed, ownRange, readScalar } from './readScalar';
import type { AliasNode, MapEntry, MapNode, TreeNode } from './tree';

/** How many nodes aliases may add altogether; a file with 1,000 hosts that share defaults stays far below. */
const MAX_ALIASED_NODES = 200_000;

/** A node that aliases can refer to; `node` is absent as long as it is being read. */
export interface Anchored {
  readonly node?: TreeNode;
  /** Nodes that one alias of it adds. */
  readonly size: number;
}

export type Anchors = ReadonlyMap<string, Anchored>;

export interface BuiltTree {
  readonly root: TreeNode | undefined;
  readonly problems: readonly SyntaxProblem[];
  /** Openings of quotes and brackets that are never closed; they explain parser errors further down. */
  readonly unclosed: readonly SyntaxProblem[];
  /** What is anchored in this text, without what was known before. */
  readonly anchors: Anchors;
  /** Every quote and bracket is closed, keys are plain, no name is anchored twice: what a line means does not depend on distant ones. */
  readonly regular: boolean;
  /** Nodes that aliases add altogether. */
  readonly aliased: number;
}

interface Builder {
  readonly text: string;
  readonly problems: SyntaxProblem[];
  readonly unclosed: SyntaxProblem[];
  readonly known: Anchors;
  readonly anchors: Map<string, { node?: TreeNode; size: number }>;
  regular: boolean;
  aliased: number;
}

/**
 * Turns the parser's nodes into a tree in one walk. Aliases are resolved through one map of anchors, because asking
 * the parser for each of them takes time that grows with the square of their number.
 *
 * @param known what is anchored above, when `text` is a piece of a file
 */
export function buildTree(contents: unknown, text: string, known: Anchors): BuiltTree {
  const builder: Builder = { text, problems: [], unclosed: [], known, anchors: new Map(), regular: true, aliased: 0 };
  const root = contents === null || contents === undefined ? undefined : build(builder, contents, 0).node;
  const { problems, unclosed, anchors, regular, aliased } = builder;
  return { root, problems, unclosed, anchors, regular: regular && unclosed.length === 0, aliased };
}

interface Built {
  readonly node: TreeNode;
  /** Nodes after expanding aliases. */
  readonly size: number;
}

function build(builder: Builder, source: unknown, emptyAt: number): Built {
  if (isAlias(source)) return buildAlias(builder, source as unknown as Node & { source: string });
  if (!isScalar(source) && !isCollection(source)) return { node: emptyScalar(emptyAt), size: 1 };
  const slot = anchorSlot(builder, source);
  const built = isMap(source)
    ? buildMap(builder, source)
    : isSeq(source)
      ? buildList(builder, source)
      : buildScalar(builder, source as Scalar, emptyAt);
  if (slot !== undefined) {
    slot.node = built.node;
    slot.size = built.size;
  }
  return built;
}

/** Registered before the children are read, so that an alias inside its own anchor is noticed. */
function anchorSlot(builder: Builder, source: { anchor?: string }): { node?: TreeNode; size: number } | undefined {
  if (source.anchor === undefined) return undefined;
  const slot = { size: 1 };
  if (builder.anchors.has(source.anchor) || builder.known.has(source.anchor)) builder.regular = false;
  builder.anchors.set(source.anchor, slot);
  return slot;
}

function buildAlias(builder: Builder, source: Node & { source: string }): Built {
  const range = ownRange(source, 0);
  const alias: AliasNode = { kind: 'alias', range, tagged: false, name: source.source };
  const slot = builder.anchors.get(source.source) ?? builder.known.get(source.source);
  if (slot?.node === undefined) {
    const message =
      slot === undefined
        ? `There is no anchor &${source.source} above this reference`
        : `*${source.source} stands inside its own anchor &${source.source}; a value cannot contain itself`;
    builder.problems.push({ message, range });
    return { node: alias, size: 1 };
  }
  const before = builder.aliased;
  builder.aliased += slot.size;
  if (builder.aliased > MAX_ALIASED_NODES) {
    if (before <= MAX_ALIASED_NODES)
      builder.problems.push({
        message: `The references up to *${source.source} expand to more than ${MAX_ALIASED_NODES.toLocaleString('en-US')} values; from here on none is read`,
        range,
      });
    return { node: alias, size: 1 };
  }
  return { node: { ...alias, target: slot.node }, size: slot.size };
}

function buildMap(builder: Builder, source: YAMLMap): Built {
  const entries: MapEntry[] = [];
  const seen = new Set<string>();
  let size = 1;
  for (const pair of source.items) {
    const built = buildEntry(builder, pair);
    if (built === undefined) continue;
    size += built.size;
    const { entry } = built;
    if (!entry.merge && seen.has(entry.key)) {
      builder.problems.push({
        message: `"${entry.key}" is written twice in this block; only the last one counts`,
        range: entry.keyRange,
      });
    }
    seen.add(entry.key);
    entries.push(entry);
  }
  const flow = source.flow === true;
  const last = entries.at(-1);
  const end = Math.max(last?.keyRange.end ?? 0, last?.value.range.end ?? 0);
  const range = collectionRange(builder, source, flow, end);
  return {
    node: {
      kind: 'map',
      range,
      flow,
      tagged: source.tag !== undefined,
      entries,
      ...anchorOf(source),
    } satisfies MapNode,
    size,
  };
}

function buildEntry(builder: Builder, pair: Pair): { entry: MapEntry; size: number } | undefined {
  const key = pair.key;
  if (isCollection(key) || isAlias(key)) {
    builder.regular = false;
    const range = ownRange(key as Node, 0);
    const template = /^\{\{.*?\}\}/.exec(builder.text.slice(range.start - 1, range.end + 20))?.[0];
    builder.problems.push({
      message:
        template === undefined
          ? 'A key must be plain text; lists, maps and references cannot be keys here'
          : `${template} belongs to a template that was not filled in; write the value itself`,
      range,
    });
    return undefined;
  }
  const keyNode = isScalar(key) ? key : undefined;
  const keyRange = keyNode?.range ? { start: keyNode.range[0], end: keyNode.range[1] } : { start: 0, end: 0 };
  if (keyNode?.type?.startsWith('QUOTE') === true && !isClosed(builder.text.slice(keyRange.start, keyRange.end)))
    builder.regular = false;
  const name = keyNode === undefined ? '' : keyName(keyNode);
  const value = build(builder, pair.value, keyRange.end);
  const merge = name === '<<' && keyNode?.type === 'PLAIN';
  if (merge) checkMerge(builder, value.node);
  return { entry: { key: name, keyRange, merge, value: value.node }, size: value.size };
}

function keyName(key: Scalar): string {
  if (typeof key.value === 'string') return key.value;
  return key.source ?? (key.value === null ? '' : String(key.value));
}

function checkMerge(builder: Builder, value: TreeNode): void {
  const targets = value.kind === 'list' ? value.items : [value];
  for (const target of targets) {
    const node = target.kind === 'alias' ? target.target : target;
    if (node !== undefined && node.kind !== 'map')
      builder.problems.push({ message: 'Only a block of keys can be merged with <<', range: target.range });
  }
}

function buildList(builder: Builder, source: YAMLSeq): Built {
  const flow = source.flow === true;
  const { start } = ownRange(source, 0);
  const written = flow ? [] : dashesOf(source);
  const items: TreeNode[] = [];
  const dashes: number[] = [];
  let size = 1;
  for (const [index, item] of source.items.entries()) {
    // The parser places an item that is not written anywhere behind blank lines; it belongs directly behind its dash.
    const dash = written[index] ?? items.at(-1)?.range.end ?? start;
    const built = build(builder, item, dash + 1);
    items.push(flow ? built.node : movedIfEmpty(builder, built.node, dash + 1));
    if (!flow) dashes.push(dash);
    size += built.size;
  }
  const range = collectionRange(builder, source, flow, items.at(-1)?.range.end ?? 0);
  return {
    node: { kind: 'list', range, flow, tagged: source.tag !== undefined, items, dashes, ...anchorOf(source) },
    size,
  };
}

/** Offsets of the dashes, one for each item; undefined where a mistake took the dash away. */
function dashesOf(source: YAMLSeq): (number | undefined)[] {
  const token = source.srcToken;
  if (token?.type !== 'block-seq') return [];
  // Comments and blank lines behind the last item are an item of their own here.
  return token.items.flatMap(({ start, value }) => {
    const dash = start.find(({ type }) => type === 'seq-item-ind');
    return dash !== undefined || value !== undefined || start.some(({ type }) => type === 'anchor' || type === 'tag')
      ? [dash?.offset]
      : [];
  });
}

function movedIfEmpty(builder: Builder, node: TreeNode, to: number): TreeNode {
  if (node.kind !== 'scalar' || node.range.start !== node.range.end) return node;
  const moved = { ...node, range: { start: to, end: to } };
  const slot = node.anchor === undefined ? undefined : builder.anchors.get(node.anchor);
  if (slot !== undefined) slot.node = moved;
  return moved;
}

/** The parser's block collections reach over trailing blank lines and comments; ours end with their last value. */
function collectionRange(builder: Builder, source: YAMLMap | YAMLSeq, flow: boolean, lastEnd: number): TextRange {
  const full = ownRange(source, 0);
  if (!flow) return { start: full.start, end: Math.max(full.start, lastEnd) };
  const opening = builder.text.slice(full.start, full.start + 1);
  const closing = opening === '[' ? ']' : opening === '{' ? '}' : undefined;
  if (closing !== undefined && (builder.text[full.end - 1] !== closing || full.end - full.start < 2)) {
    builder.unclosed.push({
      message: `This ${opening} is never closed: ${closing} is missing`,
      range: { start: full.start, end: full.start + 1 },
    });
  }
  return full;
}

function buildScalar(builder: Builder, source: Scalar, emptyAt: number): Built {
  const { node, unclosed } = readScalar(source, builder.text, emptyAt);
  if (unclosed !== undefined) builder.unclosed.push(unclosed);
  return { node, size: 1 };
}
