import * as vscode from 'vscode';
import type { Diagnostic, Inspection } from '../../core/language/validate';
import { RULES_SETTING } from '../ids';
import type { Documents } from '../services/documents';
import { plain } from '../services/say';
import { readRuleLevels } from '../services/settings';
import { toRange, toSeverity } from './convert';
import { isServed } from './selector';

const SOURCE = 'K3s HA';

/** Pause after the last keystroke; longer where a check takes noticeable time. */
const DELAY_MS = 200;
const LARGE_FILE_DELAY_MS = 800;
const LARGE_FILE_LINES = 2000;

export interface Diagnostics extends vscode.Disposable {
  /** Checks now and gives what was found. */
  check(document: vscode.TextDocument): Promise<readonly Diagnostic[]>;
  /** Tells of every check. */
  readonly onDidCheck: vscode.Event<Checked>;
}

/** A document as it was checked last. */
export interface Checked {
  readonly document: vscode.TextDocument;
  readonly inspection: Inspection;
}

/** Keeps the problems of every open cluster file up to date. */
export function registerDiagnostics(extensionUri: vscode.Uri, documents: Documents): Diagnostics {
  const collection = vscode.languages.createDiagnosticCollection('k3s-ha');
  const timers = new Map<string, NodeJS.Timeout>();
  const emitter = new vscode.EventEmitter<Checked>();

  /** Checks the text as it is at the end, however often it changes meanwhile. */
  const check = async (document: vscode.TextDocument): Promise<readonly Diagnostic[]> => {
    for (;;) {
      const inspection = await documents.inspect(document, { levels: readRuleLevels(document.uri) });
      if (inspection === undefined) continue;
      if (document.isClosed) return inspection.diagnostics;
      collection.set(
        document.uri,
        inspection.diagnostics.map((diagnostic) => toDiagnostic(document, diagnostic, extensionUri)),
      );
      emitter.fire({ document, inspection });
      return inspection.diagnostics;
    }
  };
  const schedule = (document: vscode.TextDocument, delay: number): void => {
    if (!isServed(document)) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        if (!document.isClosed) void check(document);
      }, delay),
    );
  };
  const forget = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.delete(key);
    collection.delete(document.uri);
  };
  const subscriptions = [
    collection,
    emitter,
    vscode.workspace.onDidOpenTextDocument((document) => schedule(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) =>
      schedule(document, document.lineCount > LARGE_FILE_LINES ? LARGE_FILE_DELAY_MS : DELAY_MS),
    ),
    vscode.workspace.onDidCloseTextDocument(forget),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(RULES_SETTING)) return;
      for (const document of vscode.workspace.textDocuments) schedule(document, 0);
    }),
  ];
  for (const document of vscode.workspace.textDocuments) schedule(document, 0);
  return {
    check,
    onDidCheck: emitter.event,
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

function toDiagnostic(
  document: vscode.TextDocument,
  diagnostic: Diagnostic,
  extensionUri: vscode.Uri,
): vscode.Diagnostic {
  const result = new vscode.Diagnostic(
    toRange(document, diagnostic.range),
    plain(diagnostic.message),
    toSeverity(diagnostic.severity),
  );
  result.source = SOURCE;
  const page = pageOf(diagnostic);
  result.code =
    page === undefined
      ? diagnostic.code
      : { value: diagnostic.code, target: vscode.Uri.joinPath(extensionUri, 'docs', 'rules', page) };
  result.relatedInformation = diagnostic.related.map(
    (other) =>
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(document.uri, toRange(document, other.range)),
        plain(other.message),
      ),
  );
  return result;
}

/** The page that explains a finding comes with the extension, so the link works offline and fits the version. */
function pageOf({ source, code }: Diagnostic): string | undefined {
  if (source === 'rule') return `${code}.md`;
  return source === 'ignore' ? 'README.md' : undefined;
}
