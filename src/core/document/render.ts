/** A value that can be written into a cluster file. */
export type PlainValue =
  string | number | boolean | null | readonly PlainValue[] | { readonly [key: string]: PlainValue | undefined };

export interface RenderStyle {
  /** Spaces by which a block stands deeper than its key. */
  readonly indent: number;
  /** Spaces by which the dashes of a list stand deeper than its key; 0 is common too. */
  readonly listOffset: number;
  readonly eol: string;
}

type QuoteStyle = 'plain' | 'single' | 'double' | 'block';

// Words and number forms that YAML 1.1 (K3s) or 1.2 (this tool) would read as something else than text.
const NOT_TEXT =
  /^(?:~|null|true|false|yes|no|on|off|\.+|[-+]?0[xob][\da-f_]+|[-+]?[\d_]*\.?[\d_]*(?:e[-+]?\d+)?|[-+]?\d+(?::\d+)+(?:\.\d*)?|\d{4}-\d\d?-\d\d?.*|[-+]?\.(?:inf|nan))$/i;
const PLAIN = /^[A-Za-z0-9_./~$][^\s#:,[\]{}"'`&*!|>%@\p{C}\p{Z}]*$/u;
/** As PLAIN, with what is harmless outside brackets: references `${…}`, `host:port`, commas and single spaces. */
const PLAIN_IN_BLOCK = /^[A-Za-z0-9_./~$](?:[^\s#:"`&*!|>%\p{C}\p{Z}]|:(?=[^\s])| (?=[A-Za-z0-9_./~$]))*$/u;

/** One scalar as YAML, quoted where it must be; `preferred` keeps the quotes that stood there before. */
export function renderScalar(
  value: string | number | boolean | null,
  flow: boolean,
  preferred: QuoteStyle = 'plain',
): string {
  if (typeof value === 'number') return renderNumber(value);
  if (typeof value !== 'string') return String(value);
  // eslint-disable-next-line no-control-regex
  const printable = !/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]/.test(value);
  if (preferred === 'single' && printable) return `'${value.replaceAll("'", "''")}'`;
  const plain =
    (flow ? PLAIN : PLAIN_IN_BLOCK).test(value) &&
    !NOT_TEXT.test(value) &&
    !value.startsWith('---') &&
    !value.startsWith('...');
  return preferred === 'double' || !plain ? renderDouble(value) : value;
}

function renderNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  return Object.is(value, -0) ? '-0.0' : String(value);
}

function renderDouble(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A map key; quoted when it would not be read as this text. */
export function renderKey(key: string, flow: boolean): string {
  return key === '<<' ? '"<<"' : renderScalar(key, flow);
}

/** Any value on one line. */
export function renderFlow(value: PlainValue): string {
  if (isList(value)) return `[${value.map(renderFlow).join(', ')}]`;
  if (isMap(value))
    return `{${mapEntries(value)
      .map(([key, item]) => `${renderKey(key, true)}: ${renderFlow(item)}`)
      .join(', ')}}`;
  return renderScalar(value, true);
}

/**
 * What follows `key:` in block style: ` value` on the same line or an indented block below.
 * @param column where the key stands
 */
export function renderAfterKey(value: PlainValue, column: number, style: RenderStyle): string {
  if (!isBlock(value)) return ` ${inline(value)}`;
  const inner = column + (isList(value) ? style.listOffset : style.indent);
  return style.eol + ' '.repeat(inner) + renderBlock(value, inner, style);
}

/** What follows a list's dash, including the space: nested blocks start on the same line. */
export function renderAfterDash(value: PlainValue, dashColumn: number, style: RenderStyle): string {
  return ` ${isBlock(value) ? renderBlock(value, dashColumn + 2, style) : inline(value)}`;
}

/** A block whose first line is already indented to `column`; further lines are indented here. */
export function renderBlock(value: PlainValue, column: number, style: RenderStyle): string {
  const separator = style.eol + ' '.repeat(column);
  if (isList(value) && value.length > 0)
    return value.map((item) => `-${renderAfterDash(item, column, style)}`).join(separator);
  if (isMap(value) && mapEntries(value).length > 0)
    return mapEntries(value)
      .map(([key, item]) => `${renderKey(key, false)}:${renderAfterKey(item, column, style)}`)
      .join(separator);
  return inline(value);
}

/** Whether a value is written over several lines in block style: maps and lists with something in them. */
export function isBlock(value: PlainValue): boolean {
  return isList(value) ? value.length > 0 : isMap(value) && mapEntries(value).length > 0;
}

function inline(value: PlainValue): string {
  return isList(value) || isMap(value) ? renderFlow(value) : renderScalar(value, false);
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

function isMap(value: PlainValue): value is { readonly [key: string]: PlainValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapEntries(value: { readonly [key: string]: PlainValue | undefined }): [string, PlainValue][] {
  return Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, item]]));
}
