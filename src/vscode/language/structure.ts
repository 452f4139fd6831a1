import * as vscode from 'vscode';
import { format } from '../../core/language/format';
import { foldingRanges, selectionRanges } from '../../core/language/structure';
import type { Documents } from '../services/documents';
import { toRange, toTextEdit } from './convert';
import { selector } from './selector';

/** What follows the structure of the file: folding, expanding selections, formatting. */
export function registerStructure(documents: Documents): vscode.Disposable {
  const served = selector();
  return vscode.Disposable.from(
    vscode.languages.registerFoldingRangeProvider(served, {
      provideFoldingRanges: async (document) =>
        foldingRanges(await documents.read(document)).map(({ range, kind }) => {
          const { start, end } = toRange(document, range);
          return new vscode.FoldingRange(
            start.line,
            end.line,
            kind === 'comment' ? vscode.FoldingRangeKind.Comment : undefined,
          );
        }),
    }),
    vscode.languages.registerDocumentFormattingEditProvider(served, {
      provideDocumentFormattingEdits: async (document, { tabSize }) =>
        format(await documents.read(document), tabSize).map((edit) => toTextEdit(document, edit)),
    }),
    vscode.languages.registerSelectionRangeProvider(served, {
      provideSelectionRanges: async (document, positions) => {
        const read = await documents.read(document);
        return positions.map((position) => {
          const ranges = selectionRanges(read, document.offsetAt(position)).map((range) => toRange(document, range));
          const chain = ranges.reduceRight<vscode.SelectionRange | undefined>(
            (parent, range) => new vscode.SelectionRange(range, parent),
            undefined,
          );
          return chain ?? new vscode.SelectionRange(new vscode.Range(position, position));
        });
      },
    }),
  );
}
