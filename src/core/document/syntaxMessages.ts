import type { ErrorCode } from 'yaml';

type Code = ErrorCode | 'UNFINISHED_KEY';

const BY_CODE: Readonly<Partial<Record<Code, string>>> = {
  ALIAS_PROPS: 'A reference (*name) cannot have an anchor or a tag of its own; remove what stands before it',
  BAD_ALIAS:
    'This reference (*name) is not written correctly; it needs the name of an anchor (&name) directly after the asterisk',
  BAD_DIRECTIVE:
    'A line that starts with % is a YAML directive, and this one is not known; quote it if it is meant as text',
  BAD_DQ_ESCAPE:
    'This backslash sequence does not exist in double quotes; write \\\\ for a backslash or use single quotes',
  BAD_PROP_ORDER: 'Anchor (&name) and tag (!name) must stand directly before the value that they belong to',
  BLOCK_AS_IMPLICIT_KEY:
    'A second "key: value" cannot start on the same line; start a new line, or put the value in quotes if the colon belongs to it',
  BLOCK_IN_FLOW: 'Inside [ ] and { } only comma-separated entries are possible, not indented lines',
  KEY_OVER_1024_CHARS: 'This key is longer than 1,024 characters; is a colon or a quote missing further up?',
  MULTILINE_IMPLICIT_KEY:
    'This key does not belong to anything: the line above has a value already or lacks its colon; fix the indentation or finish that line',
  MULTIPLE_ANCHORS: 'A value can have only one anchor (&name)',
  MULTIPLE_TAGS: 'A value can have only one tag (!name)',
  RESOURCE_EXHAUSTION: 'This is nested too deeply to be read',
  TAB_AS_INDENT: 'This line is indented with a tab; YAML allows only spaces',
  TAG_RESOLVE_FAILED: 'This tag (!name) is not known here; remove it',
  BAD_COLLECTION_TYPE: 'This tag (!name) does not fit the value that follows; remove it',
};

/** A message of the YAML parser in words for a person. `written` is the text the parser points at. */
export function syntaxMessage(code: Code, original: string, written: string): string {
  const fixed = BY_CODE[code];
  if (fixed !== undefined) return fixed;
  const shown = written.split('\n')[0]?.trim() ?? '';
  if (code === 'UNFINISHED_KEY')
    return `"${shown}" is not finished: a colon and a value must follow, as in "${shown}: value"`;
  if (code === 'MISSING_CHAR' && /block sequence/i.test(original))
    return 'A list item must start with "- " in the same column as the others';
  if (code === 'MISSING_CHAR' && /space/i.test(original))
    return 'A space is missing here; YAML needs one after a colon, a dash and before a comment';
  if (code === 'MISSING_CHAR' && /,/.test(original)) return 'A comma is missing between two entries of [ ] or { }';
  if (code === 'BAD_SCALAR_START')
    return `A value cannot start with ${written.slice(0, 1) || 'this character'}; put it in quotes`;
  if (code === 'BAD_INDENT')
    return 'This line is not indented like its neighbors; entries of one block must start in the same column';
  if (code === 'UNEXPECTED_TOKEN' && shown !== '')
    return `"${shorten(shown)}" does not fit here; check the indentation of this line and the punctuation before it`;
  return 'This does not fit here; check the indentation of this line and the punctuation before it';
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
