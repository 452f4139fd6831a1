import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { K3sHaApi } from '../../schemas/api';
import { readCatalogue, speakLanguage } from '../adapters/files/catalogueFile';
import { createFiles } from '../adapters/files/files';
import { saveKubeconfig } from '../adapters/kubernetes/kubeconfigFile';
import { kubeconfigPlaces } from '../adapters/kubernetes/kubeconfigPlaces';
import { archiveReaders, databases, loadKubernetes, loadReleases, loadSession, objectStores } from '../adapters/lazy';
import { fileAgreements } from '../adapters/secrets/agreements';
import { createCliSecrets } from '../adapters/secrets/cliSecrets';
import { certificates } from '../adapters/system/certificates';
import { operator } from '../adapters/system/operator';
import { sha256 } from '../adapters/system/sha256';
import { systemClock } from '../adapters/system/clock';
import { say } from '../core/base/say';
import { chooseTarget, targets } from '../core/kubeconfig/targets';
import { rememberMerge } from '../engine/access/undoMerge';
import type { DiagnosticFix } from '../core/language/validate';
import { machinesOf } from '../core/cluster/roles';
import { lineOf } from '../core/cluster/writtenAt';
import { ignoredIn } from '../core/language/hostFindings';
import type { Agreements } from '../engine/ports';
import { createProgramDoor } from '../engine/secrets/programDoor';
import { createSecretDoor } from '../engine/secrets/secretDoor';
import { target } from '../engine/hosts/targets';
import type { LiveMarks } from './clusters/liveMarks';
import { createClusterStore } from './clusters/clusterStore';
import { createLiveWatcher } from './clusters/liveWatcher';
import { registerCommand } from './commands/command';
import { refresh } from './commands/refresh';
import { refreshReleases } from './commands/refreshReleases';
import { revealNode, type RevealTarget } from './commands/revealNode';
import { validateFile } from './commands/validate';
import { registerExplorer } from './explorer/explorerTree';
import { registerFileMarks } from './explorer/fileMarks';
import { COMMANDS, NODE_COMMANDS, OPERATION_COMMANDS, PRACTICE_COMMANDS } from './ids';
import type { NodeCommand, OperationId, PracticeCommand } from './ids';
import { registerCodeActions } from './language/codeActions';
import { registerDiagnostics } from './language/diagnostics';
import { registerHints } from './language/hints';
import { registerNavigation } from './language/navigation';
import { registerPaste } from './language/paste';
import { registerLanguageStatus } from './language/status';
import { registerStructure } from './language/structure';
import { registerTwins } from './language/twins';
import { registerLanguageProviders } from './language/providers';
import { loadLater } from './lazy';
import { loadEdits } from './lazyEdits';
import { loadLessons } from './lazyLessons';
import { loadLive } from './lazyLive';
import { createPracticeFleet } from './services/practiceFleet';
import { registerTools } from './models/registerTools';
import type { NodeActions } from './nodes/nodeActions';
import type { RunHistory } from './operations/history';
import type { HostChecks } from './operations/hostChecks';
import type { Operations } from './operations/operations';
import { createPlanDocuments } from './operations/planDocuments';
import { registerPlanFeatures } from './operations/planFeatures';
import { createLog } from './services/log';
import { createPrompter } from './services/prompter';
import { createReleaseList } from './services/releaseList';
import { createBlockMarker } from './services/blockMarker';
import { createDocuments } from './services/documents';
import { createDisclosurePrompt } from './services/askDisclosure';
import { askPrograms } from './services/askPrograms';
import { askSecretValue, tellNoKeyring } from './services/askSecretValue';
import { editorSecrets, type TypedSecrets } from './services/editorSecrets';
import { moveWithFiles } from './services/moveSecrets';
import { createSecretVault } from './services/secretVault';
import { localFile, type LocalFile } from './services/localFile';
import type { Services } from './services/services';
import { readRuleLevels, readSettings } from './services/settings';
import { registerStatusBar } from './statusBar';
import { registerTopology } from './topology/panels';

/** Builds everything by hand: the one place where adapters, use cases and the editor meet. Gives what other extensions may use. */
export function compose(context: vscode.ExtensionContext): K3sHaApi {
  speakLanguage(context.asAbsolutePath('dist/l10n'), vscode.env.language);
  const log = createLog();
  const services = createServices(context, log);
  const documents = createDocuments();
  const releases = createReleaseList(context.globalState);
  const store = createClusterStore(documents);
  let marks: LiveMarks | undefined;
  const live = createLiveWatcher(store, services, (state, file, watch) => {
    (marks ??= loadLive().createLiveMarks(store, services)).follow(state.uri, watch.signal);
    return loadLive().watchCluster(state, file, watch);
  });
  const plans = createPlanDocuments();
  let made: Operations | undefined;
  const operations = (): Operations => (made ??= loadLater().createOperations({ store, live, services, plans }));
  let checker: HostChecks | undefined;
  const checks = (): HostChecks => (checker ??= loadLater().createHostChecks(store, services));
  let actor: NodeActions | undefined;
  const nodes = (): NodeActions => (actor ??= loadLater().createNodeActions({ store, live, services }));
  let keeper: RunHistory | undefined;
  const history = (): RunHistory => (keeper ??= loadLater().createRunHistory(store, services));
  const practice = createPracticeFleet(services, store.setSimulation);
  const diagnostics = registerDiagnostics(context.extensionUri, documents);
  const blocks = createBlockMarker(documents);
  const topology = registerTopology({ store, live, services, blocks });
  const on = (
    id: Parameters<typeof registerCommand>[0],
    run: Parameters<typeof registerCommand>[2],
  ): vscode.Disposable => registerCommand(id, log, run);
  context.subscriptions.push(
    log,
    store,
    live,
    plans,
    practice,
    diagnostics,
    { dispose: () => marks?.dispose() },
    { dispose: () => made?.drift.dispose() },
    { dispose: () => checker?.dispose() },
    { dispose: () => keeper?.dispose() },
    { dispose: () => actor?.dispose() },
    topology,
    blocks,
    registerLanguageProviders(documents, services.vault, releases),
    registerCodeActions(documents),
    registerHints(documents),
    registerNavigation(documents, homedir()),
    registerStructure(documents),
    registerPlanFeatures(plans, store),
    registerLanguageStatus(diagnostics),
    registerTwins(store, diagnostics, context.extensionUri),
    registerPaste(services.vault),
    registerExplorer(store, live),
    registerFileMarks(store),
    registerStatusBar(store),
    registerTools({ store, plans, operations }),
    vscode.window.registerUriHandler({ handleUri: (link) => loadLater().openLink(link, context.extensionUri) }),
    moveWithFiles(services.vault),
    on(COMMANDS.newCluster, () => loadLater().newCluster(services.vault, store)),
    on(COMMANDS.importCommand, (argument, more) => loadEdits().importInstallCommand(services.vault, argument, more)),
    on(COMMANDS.importRunning, () => loadLater().importRunning(services)),
    on(COMMANDS.validate, (argument) => validateFile(diagnostics, argument)),
    on(COMMANDS.checkHosts, (argument) => checks().run(argument)),
    on(COMMANDS.previewPlan, (argument) => operations().preview(argument)),
    on(COMMANDS.upgrade, (argument) => loadLater().upgradeK3s(store, operations(), releases, log, argument)),
    on(COMMANDS.replaceMachine, (argument) => loadLater().replaceMachine({ store, services }, operations(), argument)),
    ...(Object.keys(OPERATION_COMMANDS) as OperationId[]).map((id) =>
      on(OPERATION_COMMANDS[id], (argument) => operations().run(id, argument)),
    ),
    ...(Object.keys(NODE_COMMANDS) as NodeCommand[]).map((name) =>
      on(NODE_COMMANDS[name], (argument) => nodes().run(name, argument)),
    ),
    on(COMMANDS.applyPlan, (argument) => operations().apply(argument)),
    on(COMMANDS.examineAgain, (argument) => operations().examineAgain(argument)),
    on(COMMANDS.showDifference, (argument, line) => operations().showDifference(argument, line)),
    on(COMMANDS.listSnapshots, (argument) => loadLater().listSnapshotsOf(store, services, argument)),
    on(COMMANDS.showWorkloads, (argument) => loadLater().showWorkloads(store, services, argument)),
    on(COMMANDS.copySnapshot, (argument) => loadLater().copySnapshotHere(store, services, argument)),
    on(COMMANDS.diagnose, (argument) => operations().diagnose(argument)),
    on(COMMANDS.exportCluster, (argument) => loadEdits().exportForTool(store, log, argument)),
    on(COMMANDS.showDrift, (argument) => operations().showDrift(argument)),
    on(COMMANDS.compareWithFile, (argument) => operations().drift.compare(argument)),
    on(COMMANDS.adoptChanges, (argument) => operations().drift.adopt(argument)),
    on(COMMANDS.showHistory, (argument) => history().run(argument)),
    on(COMMANDS.mergeKubeconfig, (argument) => operations().mergeKubeconfig(argument)),
    on(COMMANDS.undoMerge, (argument) => loadLater().undoLastMerge(live, services, argument)),
    on(COMMANDS.showTopology, (argument) => topology.show(argument)),
    on(COMMANDS.refresh, () => refresh(store, live, log)),
    on(COMMANDS.startPractice, (argument) => loadLater().startPractice(store, practice, services, argument)),
    on(COMMANDS.stopPractice, () => loadLater().stopPractice(practice)),
    ...(Object.keys(PRACTICE_COMMANDS) as PracticeCommand[]).map((name) =>
      on(PRACTICE_COMMANDS[name], (argument) =>
        loadLessons().practise(name, argument, { store, live, services, fleet: practice }),
      ),
    ),
    on(COMMANDS.refreshReleases, () => refreshReleases(releases, log)),
    on(COMMANDS.manageSecrets, (argument) => loadLater().manageSecrets(store, services, argument)),
    on(COMMANDS.installCommandLine, () => loadLater().installCommandLine(log, context)),
    on(COMMANDS.uninstallCommandLine, () => loadLater().uninstallCommandLine(log)),
    on(COMMANDS.showLog, () => log.show()),
    on(COMMANDS.revealNode, (target) => revealNode(documents, blocks, target as RevealTarget)),
    on(COMMANDS.applyFix, (uri, version, fix) =>
      loadLater().applyFix(documents, services.vault, uri as vscode.Uri, version as number, fix as DiagnosticFix),
    ),
  );
  return {
    apiVersion: 1,
    clusters: () => loadLater().publicClusters(store, services),
    onDidChange: (listener) => store.onDidChange(() => listener()),
  };
}

function createServices(context: vscode.ExtensionContext, log: Services['log']): Services {
  const files = createFiles({ followLinks: (path) => usualKubeconfigs().includes(path) });
  const vault = createSecretVault(context.secrets, log, tellNoKeyring);
  const askDisclosure = createDisclosurePrompt();
  const typed = new Map<string, TypedSecrets>();
  const prompter = createPrompter();
  let api: ReturnType<Services['kubernetes']> | undefined;
  const typedFor = (uri: vscode.Uri): TypedSecrets => {
    const known = typed.get(uri.toString()) ?? { typed: new Map(), doubted: new Set() };
    typed.set(uri.toString(), known);
    return known;
  };
  const agreements = (uri: vscode.Uri): Agreements =>
    fileAgreements(files, join(context.globalStorageUri.fsPath, 'agreements', fileNameFor(uri, 'json')));
  const undoPath = (file: LocalFile): string =>
    join(context.globalStorageUri.fsPath, 'merges', fileNameFor(file.uri, 'json'));
  const openSession: Services['openSession'] = ({ uri, path }, { cluster, document }) => {
    const baseDir = dirname(path);
    const secrets = createSecretDoor({
      cluster,
      document,
      file: vscode.workspace.asRelativePath(uri),
      source: editorSecrets(
        vault.of(uri),
        createCliSecrets({ baseDir, env: process.env }),
        typedFor(uri),
        askSecretValue,
      ),
      agreements: agreements(uri),
      sha256,
      ask: askDisclosure,
      vouchedKeys: () => hosts.vouchedKeys(machinesOf(cluster).map(target)),
      nextSteps: () => [say`Run the command again and agree, or change the cluster file.`],
    });
    const adapters = loadSession();
    const hosts = adapters.createSshHosts({
      secrets,
      prompter,
      log,
      baseDir,
      homeDir: homedir(),
      env: process.env,
      uploadLimit: cluster.k3s.install.uploadLimit,
    });
    const folders = { baseDir, homeDir: homedir() };
    const objects = objectStores(() => join(context.globalStorageUri.fsPath, 'objects'));
    const dispose = async (): Promise<void> => {
      await objects.dispose();
      await hosts.dispose();
    };
    return {
      hosts: { ...hosts, dispose },
      objects,
      databases,
      secrets,
      scripts: adapters.createInstallScripts(folders),
      releases: {
        binary: (wanted) =>
          loadReleases()
            .createReleaseFiles({ folder: join(context.globalStorageUri.fsPath, 'releases'), fetch: globalThis.fetch })
            .binary(wanted),
      },
      downloads: adapters.downloads,
      handshakes: adapters.handshakes,
      programs: createProgramDoor({
        file: vscode.workspace.asRelativePath(uri),
        agreements: agreements(uri),
        sha256,
        runner: adapters.createProgramRunner({ baseDir, env: process.env }),
        ask: askPrograms,
        nextSteps: () => [say`Run the command again and agree, or change the cluster file.`],
      }),
      addresses: adapters.addressLook,
      artifacts: adapters.createArtifacts(folders, archiveReaders),
      certificates,
      lineOf: (at) => lineOf(document, at),
      ignores: ignoredIn(document, cluster, readRuleLevels(uri)),
    };
  };
  return {
    log,
    clock: systemClock,
    files,
    sha256,
    operator: operator(),
    vault,
    openSession,
    openImport: (secrets, baseDir) => {
      const adapters = loadSession();
      const folders = { baseDir, homeDir: homedir() };
      return {
        hosts: adapters.createSshHosts({ secrets, prompter, log, ...folders, env: process.env }),
        databases,
        secrets,
        scripts: adapters.createInstallScripts(folders),
        artifacts: adapters.createArtifacts(folders, archiveReaders),
        certificates,
        lineOf: () => undefined,
      };
    },
    agreements,
    kubernetes: () => (api ??= loadKubernetes().createClusterApi({ log })),
    journalPath: (file) => join(context.globalStorageUri.fsPath, 'journal', fileNameFor(file.uri, 'jsonl')),
    terminalKubeconfig: (file) => join(context.globalStorageUri.fsPath, 'kubeconfigs', fileNameFor(file.uri, 'yaml')),
    recordsPath: (file) => join(context.globalStorageUri.fsPath, 'records', fileNameFor(file.uri, 'jsonl')),
    kubeconfigPlaces: (file) =>
      kubeconfigPlaces([separateKubeconfig(file), ...usualKubeconfigs()], projectFolders(file)),
    kubeconfigTarget: async (file, prepared) => {
      if (readSettings().kubeconfigTarget === 'separate') return separateKubeconfig(file);
      const [first, ...rest] = await Promise.all(
        usualKubeconfigs().map(async (path) => ({ path, text: await files.read(path) })),
      );
      return first === undefined ? separateKubeconfig(file) : chooseTarget([first, ...rest], prepared);
    },
    undoPath,
    saveKubeconfig: (file, path, prepared, mode) =>
      saveKubeconfig(files, path, prepared, mode, systemClock.now(), {
        selectIfNone: true,
        remember: (change) => rememberMerge(undoPath(file), change, { files, sha256 }),
      }),
    practiceEntry: join(context.extensionPath, 'dist', 'practice.js'),
    extensionUri: context.extensionUri,
    pageWords: () => {
      const { language } = vscode.env;
      const texts = readCatalogue(context.asAbsolutePath('dist/l10n/webview'), language);
      return texts === undefined ? undefined : { language, texts };
    },
  };
}

/** A file of our own about a cluster file. */
function fileNameFor(uri: vscode.Uri, extension: string): string {
  return `${basename(uri.path)}-${sha256(uri.toString()).slice(0, 12)}.${extension}`;
}

function separateKubeconfig({ path }: LocalFile): string {
  return join(dirname(path), `${basename(path, '.k3s.yaml')}.kubeconfig`);
}

/** Folders whose files may have come with a project. */
function projectFolders({ path }: LocalFile): readonly string[] {
  const open = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => localFile(uri, say`Reading kubeconfigs`));
  return [dirname(path), ...open.flatMap((folder) => (folder.ok ? [folder.value.path] : []))];
}

function usualKubeconfigs(): readonly string[] {
  return targets(process.env['KUBECONFIG'], delimiter, homedir());
}
