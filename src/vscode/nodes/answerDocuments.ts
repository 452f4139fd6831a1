import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { printable } from '../../core/base/printable';
import { ANSWER_SCHEME } from '../ids';
import { plain } from '../services/say';

/** What machines or the cluster have answered, as read-only documents. */
export interface AnswerDocuments extends vscode.Disposable {
  /** `name` is what the tab shows; a document of this name and cluster gets the new text. */
  show(cluster: vscode.Uri, name: string, text: string): Promise<void>;
}

export function createAnswerDocuments(): AnswerDocuments {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(ANSWER_SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? say`This answer is shown no more.\n`,
  });
  const subscriptions = [
    changed,
    provider,
    vscode.workspace.onDidCloseTextDocument(({ uri }) => void texts.delete(uri.toString())),
  ];
  return {
    async show(cluster, name, text) {
      const path = `/${plain(name).replaceAll(/[/\\:]/g, '_')}`;
      const uri = vscode.Uri.from({ scheme: ANSWER_SCHEME, path, query: cluster.toString() });
      texts.set(uri.toString(), printable(text, { lines: true }));
      changed.fire(uri);
      const document = await vscode.workspace.openTextDocument(uri);
      // Opening may have told the document as closed from before.
      texts.set(uri.toString(), printable(text, { lines: true }));
      await vscode.window.showTextDocument(document, { preview: false });
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}
