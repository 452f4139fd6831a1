import * as vscode from 'vscode';
import type { CompletionItem } from '../../core/language/completionItem';
import { documentSymbols, type DocumentSymbol } from '../../core/language/symbols';
import type { Documents } from '../services/documents';
import type { ReleaseList } from '../services/releaseList';
import type { SecretVault } from '../services/secretVault';
import { toRange } from './convert';
import { loadLater } from '../lazy';
import { markdownString, plain } from '../services/say';
import { selector } from './selector';

/** Completion, hover and symbols: thin translations of src/core/language. */
export function registerLanguageProviders(
  documents: Documents,
  vault: SecretVault,
  releases: Pick<ReleaseList, 'current'>,
): vscode.Disposable {
  const served = selector();
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      served,
      {
        provideCompletionItems: async (document, position) => {
          const secretNames = await vault.of(document.uri).names();
          const read = await documents.read(document);
          return loadLater()
            .complete(read.text, document.offsetAt(position), {
              document: read,
              secretNames,
              releases: releases.current(),
            })
            .map((item) => toCompletion(document, item));
        },
      },
      ' ',
      ':',
      '-',
      '{',
      '[',
      ',',
    ),
    vscode.languages.registerHoverProvider(served, {
      provideHover: async (document, position) => {
        const found = loadLater().hover(await documents.read(document), document.offsetAt(position));
        return found === undefined
          ? undefined
          : new vscode.Hover(markdownString(found), toRange(document, found.range));
      },
    }),
    vscode.languages.registerDocumentSymbolProvider(served, {
      provideDocumentSymbols: async (document) =>
        documentSymbols(await documents.read(document)).map((symbol) => toSymbol(document, symbol)),
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
  const result = new vscode.CompletionItem(plain(item.label), KINDS[item.kind]);
  result.range = toRange(document, item.range);
  result.insertText = item.isSnippet ? new vscode.SnippetString(item.insertText) : item.insertText;
  if (item.detail !== undefined) result.detail = plain(item.detail);
  if (item.documentation !== undefined) result.documentation = markdownString({ markdown: item.documentation });
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
  const result = new vscode.DocumentSymbol(
    plain(symbol.name),
    plain(symbol.detail),
    kind,
    toRange(document, symbol.range),
    toRange(document, symbol.selectionRange),
  );
  result.children = symbol.children.map((child) => toSymbol(document, child));
  return result;
}
