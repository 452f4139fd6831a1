import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { LineIndex, type TextRange } from '../../core/base/text';
import type { ClusterDocument } from '../../core/document/clusterDocument';
import { twinsAmong, type FileAmongOthers, type Twin } from '../../core/language/twins';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import { plain } from '../services/say';
import { readRuleLevels } from '../services/settings';
import { toSeverity } from './convert';
import type { Diagnostics } from './diagnostics';

const DELAY_MS = 400;

/** Keeps what cluster files of the workspace have in common up to date in all of them, as soon as one of them is open. */
export function registerTwins(
  store: ClusterStore,
  diagnostics: Diagnostics,
  extensionUri: vscode.Uri,
): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('k3s-ha-files');
  const page = vscode.Uri.joinPath(extensionUri, 'docs', 'rules', 'README.md');
  /** Files as they could be read last: a stray character in one is no news for the others. */
  const known = new Map<string, FileAmongOthers & { readonly uri: vscode.Uri }>();
  let timer: NodeJS.Timeout | undefined;
  let shown: readonly ClusterDocument[] = [];
  let open = false;

  const mark = async (): Promise<void> => {
    const states = await store.all();
    const documents = states.map(({ document }) => document);
    if (documents.length === shown.length && documents.every((document, index) => document === shown[index])) return;
    shown = documents;
    const files = states.map((state) => fileOf(state, known.get(state.uri.toString())));
    known.clear();
    for (const file of files) known.set(file.uri.toString(), file);
    const twins = twinsAmong(files);
    const unreadable = new Set(
      states.filter((state) => state.unreadable !== undefined).map(({ uri }) => uri.toString()),
    );
    collection.forEach((uri) => {
      if (!known.has(uri.toString())) collection.delete(uri);
    });
    for (const { uri, path, document } of files) {
      // Ranges of an earlier text would be wrong in the one that is there now.
      if (unreadable.has(uri.toString())) continue;
      const lines = new LineIndex(document.text);
      collection.set(
        uri,
        (twins.get(path) ?? []).map((twin) => diagnostic(twin, lines)),
      );
    }
  };
  const diagnostic = (twin: Twin, lines: LineIndex): vscode.Diagnostic => {
    const result = new vscode.Diagnostic(rangeIn(lines, twin.range), plain(twin.message), toSeverity(twin.severity));
    result.source = 'K3s HA (files)';
    result.code = { value: twin.code, target: page };
    const other = [...known.values()].find(({ path }) => path === twin.other.path);
    if (other !== undefined)
      result.relatedInformation = [
        new vscode.DiagnosticRelatedInformation(
          new vscode.Location(other.uri, rangeIn(new LineIndex(other.document.text), twin.other.range)),
          say`It stands here, too.`,
        ),
      ];
    return result;
  };
  const schedule = (): void => {
    if (!open) return;
    clearTimeout(timer);
    timer = setTimeout(() => void mark(), DELAY_MS);
  };
  return vscode.Disposable.from(
    collection,
    diagnostics.onDidCheck(() => {
      open = true;
      schedule();
    }),
    store.onDidChange((uri) => {
      // Levels and the list of files may be others.
      if (uri === undefined) shown = [];
      schedule();
    }),
    { dispose: () => clearTimeout(timer) },
  );
}

function fileOf(
  { uri, document, cluster, unreadable }: StoredCluster,
  before: (FileAmongOthers & { readonly uri: vscode.Uri }) | undefined,
): FileAmongOthers & { readonly uri: vscode.Uri } {
  if (unreadable !== undefined && before !== undefined) return before;
  return { uri, path: vscode.workspace.asRelativePath(uri), document, cluster, levels: readRuleLevels(uri) };
}

function rangeIn(lines: LineIndex, { start, end }: TextRange): vscode.Range {
  const [from, to] = [lines.positionAt(start), lines.positionAt(end)];
  return new vscode.Range(from.line, from.column, to.line, to.column);
}
