import * as vscode from 'vscode';
import { fileMark, type FileMark } from '../../views/fileMark';
import type { ClusterStore } from '../clusters/clusterStore';
import { plain } from '../services/say';

const COLORS = { warning: 'list.warningForeground', bad: 'list.errorForeground' } as const;

/** Marks a cluster file, wherever it is listed, whose running cluster is not as it says. */
export function registerFileMarks(store: ClusterStore): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const marks = new Map<string, FileMark>();
  const update = async (uri: vscode.Uri): Promise<void> => {
    const state = await store.get(uri);
    const key = uri.toString();
    const [before, now] = [marks.get(key), state === undefined ? undefined : fileMark(state)];
    if (before?.sign === now?.sign && before?.words === now?.words) return;
    if (now === undefined) marks.delete(key);
    else marks.set(key, now);
    changed.fire(uri);
  };
  return vscode.Disposable.from(
    changed,
    store.onDidChange((uri) => {
      if (uri !== undefined) void update(uri);
    }),
    vscode.window.registerFileDecorationProvider({
      onDidChangeFileDecorations: changed.event,
      provideFileDecoration: (uri) => {
        const mark = marks.get(uri.toString());
        return mark === undefined
          ? undefined
          : new vscode.FileDecoration(mark.sign, plain(mark.words), new vscode.ThemeColor(COLORS[mark.color]));
      },
    }),
  );
}
