import { later, said, say } from '../base/say';
import { escapeMarkdown } from '../base/markdown';
import { typesOf, type SchemaNode } from './schemaModel';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  boolean: later`true or false`,
  integer: later`a number`,
  number: later`a number`,
  string: later`text`,
  array: later`a list`,
  object: later`a block of keys`,
};

/** The types that a value may have, in words. */
export function typeWords(node: SchemaNode): string {
  return [...new Set(typesOf(node).map((type) => said(TYPE_WORDS[type] ?? type)))].join(say` or `);
}

/** What a key means and what is to know about it, as Markdown for hover and completion. */
export function describeKey(key: string, nodes: readonly SchemaNode[]): string {
  const [node] = nodes;
  if (node === undefined) return '';
  const text = node.markdownDescription ?? node.description ?? '';
  const appended = key.endsWith('+')
    ? [say`With the plus sign, these values are added to those of the role instead of replacing them.`]
    : [];
  const facts = factLines(node, nodes);
  return [
    `**${escapeMarkdown(key)}**`,
    text,
    ...appended,
    ...(facts.length > 0 ? [facts.map((line) => `- ${line}`).join('\n')] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function factLines(node: SchemaNode, nodes: readonly SchemaNode[]): string[] {
  const facts = node['x-k3s'] ?? {};
  const values = [...new Set(nodes.flatMap((one) => one.enum ?? []))];
  const type = typeWords(node);
  const lines: (string | undefined)[] = [
    values.length > 0 ? `Values: ${values.map(code).join(', ')}` : type === '' ? undefined : `Type: ${type}`,
    node.default !== undefined
      ? `Default: ${code(node.default)}`
      : facts.effectiveDefault && `Default: ${facts.effectiveDefault}`,
    facts.role === 'server'
      ? say`For servers only`
      : facts.role === 'agent'
        ? say`For agents only`
        : facts.role && say`For servers and agents`,
    facts.critical ? say`Must be equal on all servers` : undefined,
    facts.immutable ? say`Cannot be changed once the cluster exists` : undefined,
    facts.secret ? say`Secret: write a reference such as \`\${secret:name}\`` : undefined,
    facts.deprecated ? `Deprecated${facts.replacedBy === undefined ? '' : `: use \`${facts.replacedBy}\``}` : undefined,
    facts.experimental ? 'Experimental' : undefined,
    facts.since && `Since ${facts.since}`,
    facts.env && say`Environment variable of K3s: \`${facts.env}\``,
    exampleLine(node),
  ];
  return lines.filter((line) => line !== undefined && line !== '') as string[];
}

function exampleLine(node: SchemaNode): string | undefined {
  const examples = node.examples ?? node.items?.examples ?? [];
  if (examples.length === 0) return undefined;
  const [first = '', ...more] = examples.map(code);
  return more.length === 0 ? say`Example: ${first}` : say`Examples: ${[first, ...more].join(say`, `)}`;
}

function code(value: unknown): string {
  return `\`${String(value)}\``;
}
