import * as vscode from 'vscode';
import { formatProblem, type Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { journalRuns } from '../../core/k3s/journal/journalRuns';
import { CONTEXT, JOURNAL_SCHEME } from '../ids';
import { plain } from '../services/say';
import { journalText, type JournalText } from './journalText';

/** Reads a journal until the signal ends that. */
export type ReadJournal = (
  onLines: (lines: readonly string[]) => void,
  signal: AbortSignal,
) => Promise<Result<void, Problem>>;

/** Journals of machines as documents that go on while they are followed, and fold by the runs of K3s. */
export interface JournalDocuments extends vscode.Disposable {
  /** Shows the journal of a machine and follows it. `open` is asked for a way to read it, whenever that begins anew. */
  follow(cluster: vscode.Uri, machine: string, open: () => Promise<ReadJournal | undefined>): Promise<void>;
  /** Goes on following a document that was stopped. */
  resume(uri: vscode.Uri): Promise<void>;
  stop(uri: vscode.Uri): void;
}

interface Followed {
  readonly text: JournalText;
  readonly open: () => Promise<ReadJournal | undefined>;
  /** Aborted when it is not followed any more. */
  reading?: AbortController;
}

/** Lines come one by one; the editor is given them some at a time. */
const BATCH_MS = 200;

export function createJournalDocuments(): JournalDocuments {
  const followed = new Map<string, Followed>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  /** Documents whose end is in sight, so that what comes is, too. */
  const atEnd = new Set<string>();
  const due = new Map<string, NodeJS.Timeout>();
  const tell = (uri: vscode.Uri): void => {
    const key = uri.toString();
    if (due.has(key)) return;
    due.set(
      key,
      setTimeout(() => {
        due.delete(key);
        const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === key);
        const last = shown?.visibleRanges.at(-1)?.end.line;
        if (shown !== undefined && last !== undefined && last >= shown.document.lineCount - 2) atEnd.add(key);
        changed.fire(uri);
      }, BATCH_MS),
    );
  };
  const tellContext = (): void => {
    const uris = [...followed].flatMap(([key, { reading }]) => (reading === undefined ? [] : [key]));
    void vscode.commands.executeCommand('setContext', CONTEXT.followedJournals, uris);
  };
  const stop = (uri: vscode.Uri): void => {
    const entry = followed.get(uri.toString());
    entry?.reading?.abort();
    delete entry?.reading;
    tellContext();
  };
  const read = async (uri: vscode.Uri, entry: Followed): Promise<void> => {
    stop(uri);
    const reading = new AbortController();
    entry.reading = reading;
    tellContext();
    const journal = await entry.open();
    if (journal === undefined || reading.signal.aborted) {
      if (entry.reading === reading) stop(uri);
      return;
    }
    entry.text.clear();
    void journal((lines) => {
      if (reading.signal.aborted) return;
      entry.text.add(lines);
      tell(uri);
    }, reading.signal).then((ended) => {
      if (entry.reading !== reading) return;
      if (!ended.ok) entry.text.add(['', ...formatProblem(ended.error).split('\n')]);
      stop(uri);
      tell(uri);
    });
  };
  const subscriptions = [
    changed,
    vscode.workspace.registerTextDocumentContentProvider(JOURNAL_SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => `${followed.get(uri.toString())?.text.lines().join('\n') ?? ''}\n`,
    }),
    vscode.languages.registerFoldingRangeProvider(
      { scheme: JOURNAL_SCHEME },
      {
        provideFoldingRanges: ({ uri }) =>
          journalRuns(followed.get(uri.toString())?.text.lines() ?? []).map(
            ({ first, last }) => new vscode.FoldingRange(first, last),
          ),
      },
    ),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!atEnd.delete(document.uri.toString())) return;
      for (const editor of vscode.window.visibleTextEditors.filter((one) => one.document === document)) {
        const end = document.lineAt(document.lineCount - 1).range;
        editor.revealRange(end, vscode.TextEditorRevealType.Default);
      }
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme !== JOURNAL_SCHEME) return;
      stop(uri);
      followed.delete(uri.toString());
    }),
  ];
  return {
    async follow(cluster, machine, open) {
      const path = `/${plain(machine).replaceAll('/', '_')}.log`;
      const uri = vscode.Uri.from({ scheme: JOURNAL_SCHEME, path, query: cluster.toString() });
      const entry = followed.get(uri.toString()) ?? { text: journalText(), open };
      followed.set(uri.toString(), entry);
      atEnd.add(uri.toString());
      const document = await vscode.workspace.openTextDocument(uri);
      followed.set(uri.toString(), entry);
      await vscode.window.showTextDocument(document, { preview: false });
      await read(uri, entry);
    },
    async resume(uri) {
      const entry = followed.get(uri.toString());
      if (entry !== undefined) await read(uri, entry);
    },
    stop,
    dispose: () => {
      for (const { reading } of followed.values()) reading?.abort();
      for (const timer of due.values()) clearTimeout(timer);
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}
