import * as vscode from 'vscode';
import type { Services } from '../services/services';

const EXTENSION = 'ms-kubernetes-tools.vscode-kubernetes-tools';
/** Of its view *Clusters*: https://github.com/vscode-kubernetes-tools/vscode-kubernetes-tools */
const REFRESH = 'extension.vsKubernetesRefreshExplorer';

/** The Kubernetes extension, where it is installed and runs, shows a kubeconfig that was just merged. */
export async function refreshKubernetesView({ log }: Pick<Services, 'log'>): Promise<void> {
  if (vscode.extensions.getExtension(EXTENSION)?.isActive !== true) return;
  try {
    await vscode.commands.executeCommand(REFRESH);
  } catch (error) {
    log.debug(`The view of the Kubernetes extension was not refreshed: ${String(error)}`);
  }
}
