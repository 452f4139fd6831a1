import * as vscode from 'vscode';
import { complete, type CompletionItem } from '../../core/language/complete';
import { fixes } from '../../core/language/validate';
import { hover } from '../../core/language/hover';
import { documentSymbols, type DocumentSymbol } from '../../core/language/symbols';
import { parseDocument } from '../../core/document/parse';
import type { ClusterDocument } from '../../core/document/clusterDocument';
import { COMMANDS } from '../ids';
import { toOffsets, toRange, toWorkspaceEdit } from './convert';
import { selector } from './selector';

/** Completion, hover, symbols and quick fixes: thin translations of src/core/language. */
export function registerLanguageProviders(): vscode.Disposable {
  const parsed = parseCache();
  const documents = selector();
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(documents, {
      provideCompletionItems: (document, position) => complete(document.getText(), document.offsetAt(position)).map((item) => toCompletion(document, item)),
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
    vscode.languages.registerCodeActionsProvider(documents, {
      provideCodeActions: (document, range, context) => quickFixes(document, parsed(document), range, context),
    }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
  );
}

function parseCache(): (document: vscode.TextDocument) => ClusterDocument {
  const cache = new WeakMap<vscode.TextDocument, { readonly version: number; readonly parsed: ClusterDocument }>();
  return (document) => {
    const known = cache.get(document);
    if (known?.version === document.version) return known.parsed;
    const parsed = parseDocument(document.getText());
    cache.set(document, { version: document.version, parsed });
    return parsed;
  };
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

function quickFixes(document: vscode.TextDocument, parsed: ClusterDocument, range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
  return fixes(parsed, toOffsets(document, range)).map((fix) => {
    const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = context.diagnostics.filter((diagnostic) => codeOf(diagnostic) === fix.diagnosticCode);
    action.isPreferred = fix.safe;
    if (fix.storeSecrets === undefined) action.edit = toWorkspaceEdit(document, fix.edits);
    else action.command = { title: fix.title, command: COMMANDS.applyFix, arguments: [document.uri, document.version, fix.edits, fix.storeSecrets] };
    return action;
  });
}

function codeOf(diagnostic: vscode.Diagnostic): string | number | undefined {
  return typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code;
}
