import clusterSchema from '../../../schemas/cluster.k3s.schema.json';
import type { Path } from '../base/path';
import { dataAt } from '../document/dataAt';
import type { K3sFacts } from '../k3s/options';

/** The part of JSON schema that the cluster schema uses. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly propertyNames?: SchemaNode;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
  readonly 'x-k3s'?: K3sFacts;
}

export const ROOT_SCHEMA = clusterSchema as unknown as SchemaNode;

/** The options of K3s as schemas, whatever the role. */
export const K3S_OPTION_SCHEMAS: Readonly<Record<string, SchemaNode>> =
  ROOT_SCHEMA.definitions?.['options']?.properties ?? {};

/** The node itself after following `$ref`. */
export function resolveRef(node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const target = node.$ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], ROOT_SCHEMA);
  return resolveRef(target as SchemaNode);
}

/** The schemas that apply to `data`: the node, or the branches of a `oneOf` that its discriminator leaves open. */
export function branchesOf(node: SchemaNode, data: unknown): SchemaNode[] {
  const resolved = resolveRef(node);
  if (resolved.oneOf === undefined) return [resolved];
  // What the whole is for says more than what one branch adds.
  const branches = resolved.oneOf.map((branch) => ({
    ...resolveRef(branch),
    ...(resolved.description === undefined ? {} : { description: resolved.description }),
  }));
  const facts = resolved['x-k3s'];
  const key = facts?.discriminator ?? '';
  const written = isRecord(data) && Object.hasOwn(data, key) ? data[key] : undefined;
  const chosen = branches.filter((branch) => branch.properties?.[key]?.enum?.includes(written));
  return chosen.length > 0 ? chosen : branches;
}

/** Schema of the value under `key`; an option with a plus sign has the schema of the option. */
export function propertySchema(node: SchemaNode, key: string): SchemaNode | undefined {
  const own = node.properties && Object.hasOwn(node.properties, key) ? node.properties[key] : undefined;
  if (own !== undefined) return resolveRef(own);
  if (Object.keys(node.patternProperties ?? {}).some((pattern) => new RegExp(pattern, 'u').test(key)))
    return K3S_OPTION_SCHEMAS[key.slice(0, -1)];
  return typeof node.additionalProperties === 'object' ? resolveRef(node.additionalProperties) : undefined;
}

/** Every schema that a value at `path` may follow, given the data around it; empty where the file has no such place. */
export function schemasAt(path: Path, data: unknown): SchemaNode[] {
  let nodes = branchesOf(ROOT_SCHEMA, data);
  let value = data;
  for (const step of path) {
    value = dataAt(value, [step]);
    nodes = nodes.flatMap((node) => {
      const next = typeof step === 'number' ? node.items : propertySchema(node, step);
      return next === undefined ? [] : branchesOf(next, value);
    });
  }
  return nodes;
}

export function typesOf(node: SchemaNode): readonly string[] {
  return typeof node.type === 'string' ? [node.type] : (node.type ?? (node.oneOf === undefined ? [] : ['object']));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
