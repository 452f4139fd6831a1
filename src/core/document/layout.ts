import type { RenderStyle } from './render';
import type { TreeNode } from './tree';

/** How this file indents and ends its lines; two spaces and LF when it does not tell. */
export function detectStyle(root: TreeNode | undefined, text: string): RenderStyle {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const found: { indent?: number; listOffset?: number } = {};
  const visit = (node: TreeNode): void => {
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind !== 'map') return;
    for (const { keyRange, value } of node.entries) {
      if (
        !node.flow &&
        (value.kind === 'map' || value.kind === 'list') &&
        !value.flow &&
        keyRange.start < value.range.start
      ) {
        const offset = columnOf(text, value.range.start) - columnOf(text, keyRange.start);
        if (value.kind === 'map' && offset > 0) found.indent ??= offset;
        if (value.kind === 'list' && offset >= 0) found.listOffset ??= offset;
      }
      visit(value);
    }
  };
  if (root !== undefined) visit(root);
  const indent = found.indent ?? (found.listOffset || 2);
  return { indent, listOffset: found.listOffset ?? indent, eol };
}

export function lineStart(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.charCodeAt(0) === 0xfeff && offset > 0 ? 1 : start;
}

/** End of the line without its line break. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at < 0) return text.length;
  return at > offset && text[at - 1] === '\r' ? at - 1 : at;
}

/** Start of the next line, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** The first offset at or after `from` that is neither white space nor inside a comment. */
export function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
    if (text[at] !== '#') return at;
    at = lineEnd(text, at);
  }
}
