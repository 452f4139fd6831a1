import * as vscode from 'vscode';
import { complete, type CompletionItem } from '../../core/language/complete';
import { hover } from '../../core/language/hover';
import { documentSymbols, type DocumentSymbol } from '../../core/language/symbols';
import { toRange } from './convert';
import type { Parsed } from './parsed';
import { selector } from './selector';

/** Completion, hover and symbols: thin translations of src/core/language. */
export function registerLanguageProviders(parsed: Parsed): vscode.Disposable {
  const documents = selector();
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(documents, {
      provideCompletionItems: (document, position) => complete(document.getText(), document.offsetAt(position), { document: parsed(document) }).map((item) => toCompletion(document, item)),
    }, ' ', ':', '-', '{', '[', ','),
    vscode.languages.registerHoverProvider(documents, {
      provideHover: (document, position) => {
        const found = hover(parsed(document), document.offsetAt(position));
        return found === undefined ? undefined : new vscode.Hover(new vscode.MarkdownString(found.markdown), toRange(document, found.range));
      },
    }),
    vscode.languages.registerDocumentSymbolProvider(documents, {
      provideDocumentSymbols: (document) => documentSymbols(parsed(document)).map((symbol) => toSymbol(document, symbol)),
    }),
  );
}

const KINDS: Record<CompletionItem['kind'], vscode.CompletionItemKind> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  snippet: vscode.CompletionItemKind.Snippet,
  reference: vscode.CompletionItemKind.Reference,
};

function toCompletion(document: vscode.TextDocument, item: CompletionItem): vscode.CompletionItem {
  const result = new vscode.CompletionItem(item.label, KINDS[item.kind]);
  result.range = toRange(document, item.range);
  result.insertText = item.isSnippet ? new vscode.SnippetString(item.insertText) : item.insertText;
  if (item.detail !== undefined) result.detail = item.detail;
  if (item.documentation !== undefined) result.documentation = new vscode.MarkdownString(item.documentation);
  if (item.sortText !== undefined) result.sortText = item.sortText;
  return result;
}

const SYMBOLS: Record<DocumentSymbol['kind'], vscode.SymbolKind> = {
  block: vscode.SymbolKind.Object,
  list: vscode.SymbolKind.Array,
  host: vscode.SymbolKind.Interface,
  value: vscode.SymbolKind.String,
};

function toSymbol(document: vscode.TextDocument, symbol: DocumentSymbol): vscode.DocumentSymbol {
  const kind = SYMBOLS[symbol.kind];
  const result = new vscode.DocumentSymbol(symbol.name, symbol.detail ?? '', kind, toRange(document, symbol.range), toRange(document, symbol.selectionRange));
  result.children = symbol.children.map((child) => toSymbol(document, child));
  return result;
}
