import { holdsPlaceholder, placeholder } from '../placeholder';
import type { Vars } from './inventory';

/** Templates within templates. */
const MOST_DEPTH = 6;

/** What a template can ask for. */
export interface TemplateValues {
  readonly vars: Vars;
  /** How many hosts a group has. */
  readonly size: (group: string) => number;
}

/** The text that a Jinja template gives with these variables; what is not known here stays as a placeholder. */
export function render(text: string, values: TemplateValues, depth = 0): string {
  if (!text.includes('{')) return text;
  const chosen = text.replace(
    /\{%-?\s*if\s+([^%]+?)\s*-?%\}([\s\S]*?)(?:\{%-?\s*else\s*-?%\}([\s\S]*?))?\{%-?\s*endif\s*-?%\}/g,
    (all, condition: string, then: string, otherwise = '') => {
      const holds = truth(condition, values, depth);
      return holds === undefined ? placeholder(all) : holds ? then : String(otherwise);
    },
  );
  return chosen.replace(
    /\{\{-?\s*([\s\S]*?)\s*-?\}\}/g,
    (all, expression: string) => expressionText(expression, values, depth) ?? placeholder(all),
  );
}

function expressionText(expression: string, values: TemplateValues, depth: number): string | undefined {
  if (depth > MOST_DEPTH) return undefined;
  const choice = /^([\s\S]+?)\s+if\s+([\s\S]+?)\s+else\s+([\s\S]+)$/.exec(expression);
  if (choice !== null) {
    const holds = truth(choice[2] ?? '', values, depth);
    return holds === undefined ? undefined : expressionText((holds ? choice[1] : choice[3]) ?? '', values, depth);
  }
  const terms = expression
    .split(/\s*[+~]\s*(?=(?:[^'"]*(['"])[^'"]*\1)*[^'"]*$)/)
    .filter((term) => term !== undefined && !/^['"]$/.test(term));
  const texts = terms.map((term) => termText(term.trim(), values, depth));
  return texts.every((text) => text !== undefined) ? texts.join('') : undefined;
}

function termText(term: string, values: TemplateValues, depth: number): string | undefined {
  const literal = /^(?:'([^']*)'|"([^"]*)"|(-?\d+|true|false|True|False))$/.exec(term);
  if (literal !== null) return literal[1] ?? literal[2] ?? literal[3];
  const [, name = '', fallback] =
    /^\(?(\w+)\)?(?:\s*\|\s*default\(([^()]*)\))?(?:\s*\|\s*(?:string|int|trim|quote))*$/.exec(term) ?? [];
  if (name === '') return undefined;
  const value = values.vars[name];
  if (value === undefined)
    return fallback === undefined ? undefined : expressionText(fallback.trim(), values, depth + 1);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? render(String(value), values, depth + 1)
    : undefined;
}

/** Whether a condition holds; undefined when that is not known here. */
function truth(condition: string, values: TemplateValues, depth: number): boolean | undefined {
  if (/\sor\s/.test(condition))
    return joined(condition.split(/\sor\s/), (parts) => parts.some((part) => part === true), values, depth);
  if (/\sand\s/.test(condition))
    return joined(condition.split(/\sand\s/), (parts) => parts.every((part) => part === true), values, depth);
  const defined = /^(\w+) is (not )?defined$/.exec(condition.trim());
  if (defined !== null) return (values.vars[defined[1] ?? ''] === undefined) === (defined[2] !== undefined);
  const size = /^groups\[['"]([\w.-]+)['"]\][\s\S]*length\s*(>=?)\s*(\d+)$/.exec(condition.trim());
  if (size !== null) return values.size(size[1] ?? '') >= Number(size[3]) + (size[2] === '>' ? 1 : 0);
  const text =
    depth > MOST_DEPTH ? undefined : termText(condition.trim().replace(/\s*\|\s*bool$/, ''), values, depth + 1);
  return text === undefined || holdsPlaceholder(text) ? undefined : !/^(?:false|no|0|)$/i.test(text.trim());
}

function joined(
  conditions: readonly string[],
  holds: (parts: readonly (boolean | undefined)[]) => boolean,
  values: TemplateValues,
  depth: number,
): boolean | undefined {
  const parts = conditions.map((condition) => truth(condition, values, depth));
  return parts.includes(undefined) && !holds(parts) ? undefined : holds(parts);
}
