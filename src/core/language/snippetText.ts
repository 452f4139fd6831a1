import { resolveRef, typesOf, type SchemaNode } from './schemaModel';

const STEP = '  ';

export interface SnippetPlace {
  readonly flow: boolean;
  /** Columns between the white space that starts the line and the key, as after a dash. */
  readonly shift: number;
}

/** `key: value` with tab stops; a block brings its required keys, a list its first item. */
export function entrySnippet(key: string, nodes: readonly SchemaNode[], place: SnippetPlace): string {
  const stops = counter();
  return place.flow
    ? `${escapeSnippet(key)}: ${flowValue(nodes, stops)}`
    : blockEntry(key, nodes, ' '.repeat(place.shift), stops);
}

/** A list item with its dash. */
export function itemSnippet(nodes: readonly SchemaNode[], shift: number): string {
  return `- ${blockBody(nodes, ' '.repeat(shift) + STEP, counter())}`;
}

export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

type Counter = () => number;

function counter(): Counter {
  let last = 0;
  return () => (last += 1);
}

function blockEntry(key: string, nodes: readonly SchemaNode[], indent: string, stop: Counter): string {
  const name = escapeSnippet(key);
  const [node] = nodes;
  const types = nodes.flatMap(typesOf);
  if (types.includes('object')) return `${name}:\n${indent}${STEP}${blockBody(nodes, indent + STEP, stop)}`;
  if (types[0] === 'array' && node?.items !== undefined)
    return `${name}:\n${indent}${STEP}- ${blockBody([resolveRef(node.items)], indent + STEP + STEP, stop)}`;
  if (types.includes('array')) return `${name}:\n${indent}${STEP}- $${stop()}`;
  return `${name}: ${scalarStop(nodes, stop)}`;
}

/** Required keys of a block, one a line, the first without indentation; a plain value where there is no block. */
function blockBody(nodes: readonly SchemaNode[], indent: string, stop: Counter): string {
  const [node] = nodes;
  if (node === undefined || !typesOf(node).includes('object')) return scalarStop(nodes, stop);
  const required = nodes
    .map((branch) => branch.required ?? [])
    .reduce((common, keys) => common.filter((key) => keys.includes(key)));
  if (required.length === 0) return `$${stop()}`;
  return required
    .map((key) =>
      blockEntry(
        key,
        nodes.flatMap((branch) => childOf(branch, key)),
        indent,
        stop,
      ),
    )
    .join(`\n${indent}`);
}

function childOf(node: SchemaNode, key: string): SchemaNode[] {
  const child = node.properties?.[key];
  return child === undefined ? [] : [resolveRef(child)];
}

function scalarStop(nodes: readonly SchemaNode[], stop: Counter): string {
  const values = [...new Set(nodes.flatMap((node) => node.enum ?? []))].map(String);
  const [only] = values;
  if (values.length === 1 && only !== undefined) return escapeSnippet(only);
  if (values.length > 1) return `\${${stop()}|${values.join(',')}|}`;
  const defaultValue = nodes[0]?.default;
  if (typesOf(nodes[0] ?? {}).includes('boolean'))
    return `\${${stop()}|${defaultValue === true ? 'false,true' : 'true,false'}|}`;
  return `$${stop()}`;
}

function flowValue(nodes: readonly SchemaNode[], stop: Counter): string {
  const types = nodes.flatMap(typesOf);
  if (types.includes('object')) return `{$${stop()}}`;
  if (types.includes('array')) return `[$${stop()}]`;
  return scalarStop(nodes, stop);
}
