/** What stands in place of a character that must not be shown as it is. */
const STAND_IN = '\ufffd';

/** No line that is shown is longer than this, in UTF-16 units: more is of no use to a reader and can stall a terminal or a view. */
const LONGEST_LINE = 16_000;

/**
 * Characters that command a terminal, change the order or the look of what is around them, hide, or are no characters:
 * controls (C0, DEL, C1), bidirectional controls, line and paragraph separators, everything that Unicode calls default
 * ignorable (zero width, variation selectors, tags, byte order mark), lone surrogates and noncharacters.
 * https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point, https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
 */
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cs}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

export interface PrintableOptions {
  /** Keep line ends and tabs; otherwise they become blanks, so that one line stays one line. */
  readonly lines: boolean;
}

/**
 * Text of a file, a host or an answer as it may be shown anywhere: what a reader would not see, or what would act
 * instead of being read, becomes U+FFFD, one for each character. With `lines`, CRLF becomes a line end; without, line
 * ends and tabs become blanks. Lines of more than 16,000 UTF-16 units are cut. Doing it twice changes nothing.
 */
export function printable(text: string, { lines }: PrintableOptions): string {
  if (isPlain(text)) return text;
  const spaced = lines ? text.replaceAll('\r\n', '\n') : text.replace(/\r\n|[\n\t\r]/g, ' ');
  const seen = spaced.replace(UNSEEN, (character) =>
    lines && (character === '\n' || character === '\t') ? character : STAND_IN,
  );
  return seen.length <= LONGEST_LINE ? seen : seen.split('\n').map(bounded).join('\n');
}

/** One line of plain text, for everything that is no document: {@link printable} without lines. */
export function printableLine(text: string): string {
  return printable(text, { lines: false });
}

/** JSON whose strings say the same and hold nothing that {@link printable} would replace: such characters are escapes. `indent`: blanks per level. */
export function printableJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return isPlain(text)
    ? text
    : text.replace(UNSEEN, (character) => (character === '\n' ? character : escapes(character)));
}

/** The same value with every text in it printable; texts and lists of texts at a key of `identifiers` are compared, not shown, and stay. */
export function printableWords<T>(value: T, identifiers: ReadonlySet<string>): T {
  if (typeof value === 'string') return printableLine(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => printableWords(item, identifiers)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      identifiers.has(key) && !holdsObjects(item) ? (item as unknown) : printableWords(item as unknown, identifiers),
    ]),
  ) as T;
}

function holdsObjects(value: unknown): boolean {
  return Array.isArray(value) ? value.some(holdsObjects) : typeof value === 'object' && value !== null;
}

/** Printable ASCII of ordinary length, by far the most frequent case. */
function isPlain(text: string): boolean {
  return text.length <= LONGEST_LINE && /^[ -~]*$/.test(text);
}

function bounded(line: string): string {
  if (line.length <= LONGEST_LINE) return line;
  const cut = line.slice(0, LONGEST_LINE - 1).replace(/[\ud800-\udbff]$/, '');
  return `${cut}…`;
}

function escapes(character: string): string {
  return Array.from(
    { length: character.length },
    (_none, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}
