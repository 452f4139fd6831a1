import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { removeNodes } from '../../core/authoring/changes';
import { listed } from '../../core/base/words';
import { nodesOf } from '../../core/cluster/roles';
import type { PreparedPlan } from '../../engine/run/prepare';
import type { ClusterStore } from '../clusters/clusterStore';
import { toWorkspaceEdit } from '../language/convert';
import { sayWarning } from '../services/say';

/** Takes machines out of the file that an operation has taken out of the cluster: one change, which one undo takes back. */
export async function forgetNodes(
  store: ClusterStore,
  uri: vscode.Uri,
  { operation, situation: { cluster, outcome } }: PreparedPlan,
): Promise<void> {
  const stays = new Set(outcome === undefined ? [] : nodesOf(outcome.cluster).map(({ id }) => id));
  const gone =
    outcome === undefined || operation.forgets !== true ? [] : nodesOf(cluster).filter(({ id }) => !stays.has(id));
  const state = gone.length === 0 ? undefined : await store.get(uri);
  if (state === undefined) return;
  const declared = nodesOf(state.cluster).filter(({ id }) => gone.some((node) => node.id === id));
  const edits = removeNodes(state, declared);
  if (edits.ok && edits.value.length === 0) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const isCurrent = document.getText() === state.document.text;
  const done = edits.ok && isCurrent && (await vscode.workspace.applyEdit(toWorkspaceEdit(document, edits.value)));
  if (done) await document.save();
  else
    void sayWarning(
      say`${listed(gone.map(({ id }) => id))} left the cluster, but not the file${edits.ok ? '' : `: ${edits.error}`} Take the lines out by hand: otherwise provisioning would install K3s there again.`,
    );
}
