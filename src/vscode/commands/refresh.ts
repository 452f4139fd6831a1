import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { isActive } from '../../core/plan/progress';
import type { ClusterStore } from '../clusters/clusterStore';
import type { LiveWatcher } from '../clusters/liveWatcher';
import { localFile } from '../services/localFile';
import type { LogChannel } from '../services/log';
import { reportProblem } from '../services/report';
import { sayInformation } from '../services/say';

/** K3s HA: Refresh — forgets what ended badly and connects anew to every cluster, over SSH where this machine has no kubeconfig of it. */
export async function refresh(store: ClusterStore, live: LiveWatcher, log: LogChannel): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    void sayInformation(say`The workspace is not trusted: files are shown, machines are not contacted.`);
    return;
  }
  const states = await store.all();
  if (states.length === 0) void sayInformation(say`There is no cluster file (*.k3s.yaml) in this workspace.`);
  for (const state of states) if (!isActive(state.run)) store.clearRun(state.uri);
  await Promise.all(states.map((state) => live.refresh(state.uri, { overSsh: true })));
  const [elsewhere] = states.map(({ uri }) => localFile(uri, 'Refreshing')).filter((file) => !file.ok);
  if (elsewhere !== undefined) await reportProblem(log, elsewhere.error);
}
