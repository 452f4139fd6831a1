import { say } from '../base/say';
import type { Path } from '../base/path';
import { renderScalar } from '../document/render';
import { typeWords } from './describe';
import type { SchemaError } from '../cluster/generated/validator';
import type { ProblemText } from './schemaProblem';
import { typesOf, type SchemaNode } from './schemaModel';
import { closest } from '../base/suggestion';

interface Value {
  /** Last key on the way, for the sentence. */
  readonly label: string;
  readonly value: unknown;
  /** As it stands in the file. */
  readonly written: string;
  readonly secret: boolean;
}

/** Describes the value at a place; secrets are never repeated in a message. */
export function describeValue(path: Path, value: unknown, written: string, nodes: readonly SchemaNode[]): Value {
  const label = path.findLast((step) => typeof step === 'string');
  return {
    label: typeof label === 'string' ? label : say`The file`,
    value,
    written,
    secret: nodes.some((node) => node['x-k3s']?.secret === true),
  };
}

export function wrongType(subject: Value, nodes: readonly SchemaNode[]): ProblemText {
  const { label, value } = subject;
  const types = nodes.flatMap(typesOf);
  const [node] = nodes;
  const wanted = node === undefined || types.length === 0 ? say`something else` : typeWords(node);
  if (value === null)
    return {
      code: 'wrong-type',
      part: 'key',
      message: types.includes('object')
        ? say`${label} is empty; ${emptyBlockHint(nodes)}`
        : say`${label} needs a value: ${wanted}`,
    };
  if (typeof value === 'string' && types.includes('boolean')) {
    const replacement = /^(?:yes|on|true|y|1)$/i.test(value)
      ? 'true'
      : /^(?:no|off|false|n|0)$/i.test(value)
        ? 'false'
        : undefined;
    return {
      code: 'wrong-type',
      message: say`${label} must be true or false${shown(subject)}`,
      ...(replacement === undefined ? {} : { replacement }),
    };
  }
  if (typeof value === 'string' && types.includes('integer')) {
    return {
      code: 'wrong-type',
      message: say`${label} must be a number${shown(subject)}${/^\d+$/.test(value) ? say`; remove the quotes` : ''}`,
      ...(/^\d+$/.test(value) ? { replacement: value } : {}),
    };
  }
  if ((typeof value === 'number' || typeof value === 'boolean') && types.includes('string')) {
    return {
      code: 'wrong-type',
      message: say`${label} must be text${shown(subject)}; put it in quotes`,
      replacement: renderScalar(subject.written, false, 'double'),
    };
  }
  return { code: 'wrong-type', message: say`${label} must be ${wanted}, not ${kindOf(value)}` };
}

function emptyBlockHint(nodes: readonly SchemaNode[]): string {
  const required = nodes[0]?.required ?? [];
  return required.length > 0
    ? say`it needs ${required.map((key) => `"${key}"`).join(say` and `)} below it`
    : say`write its keys below it or remove it`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return say`a block of keys`;
  return typeof value === 'string' ? say`text` : typeof value === 'number' ? say`a number` : say`true or false`;
}

function shown({ secret, written }: Value): string {
  return secret || written.length > 60 ? '' : say`, not ${written.replace(/\s+/g, ' ')}`;
}

export function notAllowed(subject: Value, allowed: readonly unknown[]): ProblemText {
  const values = allowed.map(String);
  const meant = typeof subject.value === 'string' ? closest(subject.value, values) : undefined;
  const [only] = values;
  const choice =
    values.length === 1
      ? say`must be ${only ?? ''}`
      : say`must be one of ${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`;
  const hint = meant === undefined || values.length === 1 ? '' : say`; did you mean ${meant}?`;
  const replacement = meant ?? (values.length === 1 ? only : undefined);
  return {
    code: 'value-not-allowed',
    message: `${subject.label} ${choice}${shown(subject)}${hint}`,
    ...(replacement === undefined ? {} : { replacement }),
  };
}

export function wrongFormat(subject: Value, nodes: readonly SchemaNode[]): ProblemText {
  const hint =
    nodes.map((node) => node['x-k3s']?.patternHint).find((text) => text !== undefined) ?? say`written differently`;
  return { code: 'wrong-format', message: say`${subject.label} must be ${hint}${shown(subject)}` };
}

export function outOfRange(subject: Value, nodes: readonly SchemaNode[]): ProblemText {
  const [node] = nodes;
  const range =
    node?.maximum === undefined
      ? say`at least ${node?.minimum ?? 0}`
      : say`between ${node.minimum ?? 0} and ${node.maximum}`;
  return { code: 'out-of-range', message: say`${subject.label} must be ${range}${shown(subject)}` };
}

export function wrongLength(subject: Value, error: SchemaError): ProblemText {
  return {
    code: 'wrong-format',
    message: say`${subject.label} can have at most ${String(error.params['limit'])} characters`,
  };
}

export function wrongCount(subject: Value, nodes: readonly SchemaNode[], error: SchemaError): ProblemText {
  const hint = nodes.map((node) => node['x-k3s']?.countHint).find((text) => text !== undefined);
  const limit = Number(error.params['limit']);
  const count =
    error.keyword === 'minItems'
      ? say`needs at least ${limit} ${limit === 1 ? 'entry' : 'entries'}`
      : limit === 0
        ? say`must stay empty here`
        : say`can have at most ${limit} entries`;
  return {
    code: 'wrong-count',
    message: `${subject.label} ${count}${hint === undefined ? '' : `: ${hint}`}`,
    part: 'key',
  };
}
