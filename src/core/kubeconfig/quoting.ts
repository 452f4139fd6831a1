import type { Scalar } from 'yaml';
import { visit } from 'yaml';

/** `on`, `no`, `y` … are booleans and `1:20` is a number for kubectl, which reads YAML 1.1. */
const BOOLEAN_11 = /^(y|n|yes|no|on|off|true|false|null)$/i;
const SAFE = /^[A-Za-z](?:[\w+/=.-]|:(?=\/\/|\d+$))*$/;

/** How to write a string so that YAML 1.1 and YAML 1.2 both read the same string. */
export function scalarType(value: unknown): Scalar.Type | undefined {
  if (typeof value !== 'string') return undefined;
  return SAFE.test(value) && !BOOLEAN_11.test(value) ? 'PLAIN' : 'QUOTE_DOUBLE';
}

/** Quotes the strings below a node that was made from plain data wherever kubectl could misread them. */
export function quoteForKubectl(node: unknown): void {
  visit(node as Parameters<typeof visit>[0], {
    Scalar(key, scalar) {
      if (key !== 'key') scalar.type = scalarType(scalar.value);
    },
  });
}
