import * as vscode from 'vscode';
import { PLAN_SCHEME } from '../ids';
import { plain } from '../services/say';

/** Plans as read-only documents, one per cluster; a new plan replaces the text of the old one. */
export interface PlanDocuments extends vscode.Disposable {
  show(clusterName: string, text: string): Promise<void>;
}

export function createPlanDocuments(): PlanDocuments {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registration = vscode.workspace.registerTextDocumentContentProvider(PLAN_SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) =>
      texts.get(uri.toString()) ?? 'This plan is from an earlier session. Run "K3s HA: Preview Plan" for a new one.\n',
  });
  return {
    async show(clusterName, text) {
      const uri = vscode.Uri.from({ scheme: PLAN_SCHEME, path: `/Plan for ${plain(clusterName)}.txt` });
      texts.set(uri.toString(), text);
      changed.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
        preview: true,
        viewColumn: vscode.ViewColumn.Beside,
        preserveFocus: true,
      });
    },
    dispose: () => vscode.Disposable.from(changed, registration).dispose(),
  };
}
