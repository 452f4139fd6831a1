import { later, said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { Problem } from '../../core/base/problem';
import type { Cluster } from '../../core/cluster/cluster';
import { isPlayable } from '../../core/cluster/playable';
import { shellWord } from '../../core/remote/shell';
import { conflicts, isAtSameAddress } from '../../core/kubeconfig/conflicts';
import { leftOutNotice } from '../../core/kubeconfig/leftOut';
import type { PreparedKubeconfig } from '../../core/kubeconfig/prepare';
import { tightenedNotice } from '../../core/kubeconfig/saved';
import { COMMANDS } from '../ids';
import { refreshKubernetesView } from '../outside/kubernetesView';
import type { LocalFile } from '../services/localFile';
import { reportProblem } from '../services/report';
import type { Services } from '../services/services';
import { sayInformation, sayWarning } from '../services/say';

const COPY = later`Copy kubectl Command`;
const TOPOLOGY = later`Show Topology`;
const UNDO = later`Undo Last Merge`;

/**
 * Saves a verified kubeconfig; asks first when an entry of the same name belongs to another cluster. What an earlier
 * practice fleet left at the same address is replaced unasked: it is gone, and every fleet has a CA of its own. What has
 * succeeded before it is told with it, so that there is one message.
 */
export async function saveWithQuestion(
  file: LocalFile,
  cluster: Cluster,
  prepared: PreparedKubeconfig,
  services: Services,
  succeeded?: string,
): Promise<void> {
  const before = succeeded === undefined ? [] : [succeeded];
  const failed = (found: Problem): Promise<void> => {
    if (succeeded !== undefined) void sayInformation(succeeded);
    return reportProblem(services.log, found);
  };
  const path = await services.kubeconfigTarget(file, prepared);
  const existing = await services.files.read(path);
  const found = conflicts(existing, prepared);
  if (!found.ok) return failed(found.error);
  const clash = found.value;
  let mode: 'overwrite' | 'keep-both' = 'overwrite';
  if (clash.length > 0 && !(isPlayable(cluster) && isAtSameAddress(existing, prepared))) {
    const overwrite = say`Overwrite`;
    const keepBoth = say`Keep Both`;
    const answer = await sayWarning(say`${path} already has "${prepared.name}" of another cluster.`, {
      detail: say`${clash.map((other) => other.reason).join('\n')}\n\nKeep Both adds the new one under a numbered name. A backup of the file is made either way.`,
      choices: [overwrite, keepBoth],
    });
    if (answer === undefined) {
      if (succeeded !== undefined) void sayInformation(succeeded);
      return;
    }
    mode = answer === keepBoth ? 'keep-both' : 'overwrite';
  }
  const saved = await services.saveKubeconfig(file, path, prepared, mode);
  if (!saved.ok) return failed(saved.error);
  const { contextName, change, backup } = saved.value;
  const changed = change !== 'unchanged';
  services.log.info(
    `Kubeconfig ${saved.value.path}: context ${contextName} ${changed ? 'written' : 'was already there'}${backup === undefined ? '' : `, backup ${backup}`}`,
  );
  if (changed) await refreshKubernetesView(services);
  const done = changed
    ? say`Context "${contextName}" is in ${path}.`
    : say`Context "${contextName}" in ${path} is already up to date.`;
  const notices = [
    leftOutNotice(say`The kubeconfig of the server`, prepared.leftOut),
    tightenedNotice(saved.value),
  ].filter((notice) => notice !== undefined);
  for (const notice of notices) services.log.warn(notice);
  const tell = notices.length === 0 ? sayInformation : sayWarning;
  void goOn(
    tell([...before, done, ...notices].join(' '), {
      choices: [said(COPY), said(TOPOLOGY), ...(changed ? [said(UNDO)] : [])],
    }),
    file,
    contextName,
  );
}

/** Does what was chosen, whenever that is; nobody waits for it. */
async function goOn(asked: Thenable<string | undefined>, { uri }: LocalFile, contextName: string): Promise<void> {
  const answer = await asked;
  if (answer === said(COPY))
    await vscode.env.clipboard.writeText(`kubectl --context ${shellWord(contextName)} get nodes`);
  if (answer === said(UNDO)) await vscode.commands.executeCommand(COMMANDS.undoMerge, uri);
  if (answer === said(TOPOLOGY)) await vscode.commands.executeCommand(COMMANDS.showTopology, uri);
}
