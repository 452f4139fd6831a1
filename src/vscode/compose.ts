import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { createFiles } from '../adapters/files/files';
import { saveKubeconfig } from '../adapters/kubernetes/kubeconfigFile';
import { kubeconfigPlaces } from '../adapters/kubernetes/kubeconfigPlaces';
import { loadKubernetes, loadSsh } from '../adapters/lazy';
import { createCliSecrets } from '../adapters/secrets/cliSecrets';
import { sha256 } from '../adapters/system/sha256';
import { systemClock } from '../adapters/system/clock';
import { chooseTarget, targets } from '../core/kubeconfig/targets';
import type { TextEdit } from '../core/base/text';
import type { Path } from '../core/base/path';
import type { ClusterApi } from '../engine/ports';
import { createClusterStore } from './clusters/clusterStore';
import { createLiveWatcher } from './clusters/liveWatcher';
import { applyFix } from './commands/applyFix';
import { registerCommand } from './commands/command';
import { importInstallCommand } from './commands/importCommand';
import { mergeKubeconfig } from './commands/mergeKubeconfig';
import { newCluster } from './commands/newCluster';
import { startPractice, stopPractice } from './commands/practice';
import { previewPlan } from './commands/previewPlan';
import { provisionCluster } from './commands/provision';
import { refresh } from './commands/refresh';
import { refreshReleases } from './commands/refreshReleases';
import { revealNode } from './commands/revealNode';
import { validateFile } from './commands/validate';
import { registerExplorer } from './explorer/explorerTree';
import { COMMANDS } from './ids';
import { registerCodeActions } from './language/codeActions';
import { registerDiagnostics } from './language/diagnostics';
import { registerHints } from './language/hints';
import { registerNavigation } from './language/navigation';
import { registerPaste } from './language/paste';
import { registerLanguageStatus } from './language/status';
import { registerStructure } from './language/structure';
import { registerLanguageProviders } from './language/providers';
import { createPracticeFleet } from './services/practiceFleet';
import { createPlanDocuments } from './provision/planDocuments';
import { createLog } from './services/log';
import { createPrompter } from './services/prompter';
import { createReleaseList } from './services/releaseList';
import { createDocuments } from './services/documents';
import { createVault, editorSecrets } from './services/secrets';
import type { Services } from './services/services';
import { readSettings } from './services/settings';
import { registerStatusBar } from './statusBar';
import { registerTopology } from './topology/panels';

/** Builds everything by hand: the one place where adapters, use cases and the editor meet. */
export function compose(context: vscode.ExtensionContext): vscode.Disposable {
  const log = createLog();
  const services = createServices(context, log);
  const documents = createDocuments();
  const releases = createReleaseList(context.globalState);
  const store = createClusterStore(documents);
  const live = createLiveWatcher(store, services);
  const plans = createPlanDocuments();
  const practice = createPracticeFleet(services);
  const diagnostics = registerDiagnostics(context.extensionUri, documents);
  const topology = registerTopology(store, live, services);
  const on = (id: Parameters<typeof registerCommand>[0], run: Parameters<typeof registerCommand>[2]): vscode.Disposable => registerCommand(id, log, run);
  return vscode.Disposable.from(
    log,
    store,
    live,
    plans,
    practice,
    diagnostics,
    topology,
    registerLanguageProviders(documents, services.vault, releases),
    registerCodeActions(documents),
    registerHints(documents),
    registerNavigation(documents),
    registerStructure(documents),
    registerLanguageStatus(diagnostics),
    registerPaste(documents, services.vault),
    registerExplorer(store, live),
    registerStatusBar(store),
    on(COMMANDS.newCluster, () => newCluster(services.vault)),
    on(COMMANDS.importCommand, (argument) => importInstallCommand(documents, services.vault, argument)),
    on(COMMANDS.validate, (argument) => validateFile(diagnostics, argument)),
    on(COMMANDS.previewPlan, (argument) => previewPlan(store, services, plans, argument)),
    on(COMMANDS.provision, (argument) => provisionCluster(store, live, services, plans, argument)),
    on(COMMANDS.mergeKubeconfig, (argument) => mergeKubeconfig(store, live, services, argument)),
    on(COMMANDS.showTopology, (argument) => topology.show(argument)),
    on(COMMANDS.refresh, () => refresh(store, live)),
    on(COMMANDS.startPractice, (argument) => startPractice(store, practice, argument)),
    on(COMMANDS.stopPractice, () => stopPractice(practice)),
    on(COMMANDS.refreshReleases, () => refreshReleases(releases, log)),
    on(COMMANDS.showLog, () => log.show()),
    on(COMMANDS.revealNode, (uri, path, column) => revealNode(documents, uri as vscode.Uri, path as Path, column as vscode.ViewColumn | undefined)),
    on(COMMANDS.applyFix, (uri, version, edits, secrets) => applyFix(services.vault, uri as vscode.Uri, version as number, edits as TextEdit[], secrets as Record<string, string>)),
  );
}

function createServices(context: vscode.ExtensionContext, log: Services['log']): Services {
  const files = createFiles();
  const vault = createVault(context.secrets, log);
  const prompter = createPrompter();
  let api: ClusterApi | undefined;
  const secretsFor: Services['secretsFor'] = (uri) => editorSecrets(vault, createCliSecrets({ baseDir: dirname(uri.fsPath), env: process.env }));
  return {
    log,
    clock: systemClock,
    files,
    sha256,
    vault,
    secretsFor,
    openHosts: (uri) => loadSsh().createSshHosts({ secrets: secretsFor(uri), prompter, log, baseDir: dirname(uri.fsPath), homeDir: homedir(), env: process.env }),
    kubernetes: () => (api ??= loadKubernetes().createClusterApi({ log })),
    journalPath: (uri) => join(context.globalStorageUri.fsPath, 'journal', `${basename(uri.fsPath)}-${sha256(uri.fsPath).slice(0, 12)}.jsonl`),
    kubeconfigPlaces: (uri) => kubeconfigPlaces([separateKubeconfig(uri), ...usualKubeconfigs()], projectFolders(uri)),
    kubeconfigTarget: async (uri, prepared) => {
      if (readSettings().kubeconfigTarget === 'separate') return separateKubeconfig(uri);
      const [first, ...rest] = await Promise.all(usualKubeconfigs().map(async (path) => ({ path, text: await files.read(path) })));
      return first === undefined ? separateKubeconfig(uri) : chooseTarget([first, ...rest], prepared);
    },
    saveKubeconfig: (path, prepared, mode) => saveKubeconfig(files, path, prepared, mode, systemClock.now(), { selectIfNone: true }),
    practiceEntry: join(context.extensionPath, 'dist', 'practice.js'),
    extensionUri: context.extensionUri,
  };
}

function separateKubeconfig(uri: vscode.Uri): string {
  return join(dirname(uri.fsPath), `${basename(uri.fsPath, '.k3s.yaml')}.kubeconfig`);
}

/** Folders whose files may have come with a project. */
function projectFolders(uri: vscode.Uri): readonly string[] {
  return [dirname(uri.fsPath), ...(vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath)];
}

function usualKubeconfigs(): readonly string[] {
  return targets(process.env['KUBECONFIG'], delimiter, homedir());
}
