import { parseDocument as parseYaml, Lexer } from 'yaml';
import { difference } from '../base/difference';
import type { TextEdit } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { detectStyle } from '../document/layout';
import { parseDocument, treeOf } from '../document/parse';

/**
 * Even indentation and spacing; lists stand deeper than their keys or beside them as most of the file has it. Nothing
 * happens where the file cannot be read, or where values or comments would come out differently.
 *
 * @param indent spaces of one level
 */
export function format(document: ClusterDocument, indent: number): readonly TextEdit[] {
  const { text } = document;
  if (document.syntaxProblems.length > 0 || text.trim() === '') return [];
  const formatted = print(document, indent);
  const after = parseDocument(formatted);
  const same =
    after.syntaxProblems.length === 0 &&
    JSON.stringify(after.data) === JSON.stringify(document.data) &&
    commentsOf(formatted).join('\n') === commentsOf(text).join('\n');
  return same ? difference(text, formatted) : [];
}

/** Values stay text, so that a number or a mode is printed as it is written. */
function print(document: ClusterDocument, indent: number): string {
  const { eol, listOffset } = detectStyle(treeOf(document), document.text);
  const mark = document.text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = document.text.slice(mark.length).replaceAll('\r\n', '\n');
  const printed = parseYaml(body, {
    schema: 'failsafe',
    customTags: (tags) => [...tags, 'null'],
    uniqueKeys: false,
    logLevel: 'silent',
  }).toString({ indent, indentSeq: listOffset > 0, lineWidth: 0, flowCollectionPadding: !/[{[][^\s\]}]/.test(body) });
  return mark + printed.replaceAll('\n', eol);
}

/** Every comment without the space around it, in order. */
function commentsOf(text: string): string[] {
  return [...new Lexer().lex(text)].filter((lexeme) => lexeme.startsWith('#')).map((comment) => comment.trimEnd());
}
