import type { Document, ToStringOptions } from 'yaml';
import { parseDocument } from 'yaml';
import { keepSpacing } from './spacing';

/** How a kubeconfig is written, so that an edited one looks the same. */
export interface TextStyle {
  /** The text without byte order mark and with LF line ends. */
  readonly body: string;
  /** Indentation of a JSON file; undefined for YAML. */
  readonly json: string | undefined;
  /** Gives an edited body the byte order mark and line ends of the original. */
  readonly finish: (body: string) => string;
}

export function styleOf(text: string): TextStyle {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  if (mark === '' && !text.includes('\r')) return { body: text, json: jsonIndent(text), finish: (edited) => edited };
  const crlf = text.split('\r\n').length - 1;
  const windows = crlf > 0 && crlf * 2 >= text.split('\n').length - 1;
  const body = text.slice(mark.length).replaceAll('\r\n', '\n');
  return {
    body,
    json: jsonIndent(body),
    finish: (edited) => mark + (windows ? edited.replaceAll('\n', '\r\n') : edited),
  };
}

function jsonIndent(body: string): string | undefined {
  if (!body.trimStart().startsWith('{')) return undefined;
  try {
    JSON.parse(body);
  } catch {
    return undefined;
  }
  return /\n([ \t]+)"/.exec(body)?.[1] ?? '';
}

/**
 * The edited document in the style of the original, best text first; the caller takes the first that reads back as
 * intended. Empty when it cannot be printed (an alias lost its anchor).
 */
export function printLike(style: TextStyle, document: Document): readonly string[] {
  try {
    if (style.json !== undefined)
      return [JSON.stringify(document.toJS(), null, style.json) + (style.body.endsWith('\n') ? '\n' : '')];
    const { options, printed } = yamlOptions(style.body);
    const plain = document.toString(options);
    return [keepSpacing(style.body, printed, plain), plain];
  } catch {
    return [];
  }
}

/** The printing options whose output comes nearest to the original text. */
function yamlOptions(body: string): { options: ToStringOptions; printed: string } {
  const original = parseDocument(body, { merge: true });
  const compact = /^(clusters|contexts|users):.*\n([^\S\n]*(#.*)?\n)*- /m.test(body) || body === '';
  const print = (indent: number, indentSeq: boolean): { options: ToStringOptions; printed: string } => {
    const options = { lineWidth: 0, flowCollectionPadding: !/\{[^\s}]/.test(body), indent, indentSeq };
    return { options, printed: original.toString(options) };
  };
  const usual = print(2, !compact);
  if (usual.printed === body) return usual;
  for (const [indent, indentSeq] of [
    [2, compact],
    [4, !compact],
    [4, compact],
  ] as const) {
    const other = print(indent, indentSeq);
    if (other.printed === body) return other;
  }
  return usual;
}
