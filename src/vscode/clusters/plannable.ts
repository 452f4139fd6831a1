import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { sayError } from '../services/say';
import type { ClusterStore, StoredCluster } from './clusterStore';

/**
 * The cluster of a file that is fit to be planned; tells the person what is in the way otherwise. What only takes away is not
 * kept from it by what rules find.
 */
export async function plannable(
  store: ClusterStore,
  uri: vscode.Uri,
  use: 'build' | 'take away' = 'build',
): Promise<StoredCluster | undefined> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty && !(await document.save())) return undefined;
  const state = await store.get(uri);
  if (state === undefined) {
    void sayError(say`${vscode.workspace.asRelativePath(uri)} cannot be read.`);
    return undefined;
  }
  const blocking = state.diagnostics.filter(
    ({ severity, source }) => severity === 'error' && (use === 'build' || source !== 'rule'),
  );
  if (blocking.length === 0) return state;
  const show = say`Show Problems`;
  const answer = await sayError(
    say`${vscode.workspace.asRelativePath(uri)} has ${blocking.length} ${blocking.length === 1 ? 'error' : 'errors'}; the first: ${blocking[0]?.message}`,
    { choices: [show] },
  );
  if (answer === show) {
    await vscode.window.showTextDocument(document, { preview: false });
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
  return undefined;
}
