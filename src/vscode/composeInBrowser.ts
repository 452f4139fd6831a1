import { say } from '../core/base/say';
import * as vscode from 'vscode';
import { RELEASES } from '../core/k3s/releases';
import type { DiagnosticFix } from '../core/language/validate';
import { createClusterStore } from './clusters/clusterStore';
import { registerCommand } from './commands/command';
import { revealNode, type RevealTarget } from './commands/revealNode';
import { validateFile } from './commands/validate';
import { registerExplorer } from './explorer/explorerTree';
import { COMMANDS, type CommandId } from './ids';
import { registerCodeActions } from './language/codeActions';
import { registerDiagnostics } from './language/diagnostics';
import { registerHints } from './language/hints';
import { registerNavigation } from './language/navigation';
import { registerLanguageProviders } from './language/providers';
import { registerLanguageStatus } from './language/status';
import { registerStructure } from './language/structure';
import { loadLater } from './lazy';
import { tellNoKeyring } from './services/askSecretValue';
import { createBlockMarker } from './services/blockMarker';
import { createDocuments } from './services/documents';
import { createLog } from './services/log';
import { sayInformation } from './services/say';
import { createSecretVault } from './services/secretVault';
import { registerStatusBar } from './statusBar';
import { registerTopology } from './topology/panels';

/** The part of the extension that needs no machine: checks, explains, completes and draws cluster files, and contacts nobody. */
export function composeInBrowser(context: vscode.ExtensionContext): vscode.Disposable {
  const log = createLog();
  const documents = createDocuments();
  const store = createClusterStore(documents);
  const vault = createSecretVault(context.secrets, log, tellNoKeyring);
  const live = { setVisible: () => undefined };
  const diagnostics = registerDiagnostics(context.extensionUri, documents);
  const blocks = createBlockMarker(documents);
  const topology = registerTopology({
    store,
    live,
    services: { log, vault, extensionUri: context.extensionUri, pageWords: () => undefined },
    blocks,
  });
  const commands: Partial<Record<CommandId, (...args: unknown[]) => Promise<void> | void>> = {
    [COMMANDS.newCluster]: () => loadLater().newCluster(vault, store),
    [COMMANDS.validate]: (argument) => validateFile(diagnostics, argument),
    [COMMANDS.showTopology]: (argument) => topology.show(argument),
    [COMMANDS.showLog]: () => log.show(),
    [COMMANDS.revealNode]: (target) => revealNode(documents, blocks, target as RevealTarget),
    [COMMANDS.applyFix]: (uri, version, fix) =>
      loadLater().applyFix(documents, vault, uri as vscode.Uri, version as number, fix as DiagnosticFix),
  };
  return vscode.Disposable.from(
    log,
    store,
    diagnostics,
    topology,
    blocks,
    registerLanguageProviders(documents, vault, { current: () => RELEASES }),
    registerCodeActions(documents),
    registerHints(documents),
    registerNavigation(documents),
    registerStructure(documents),
    registerLanguageStatus(diagnostics),
    registerExplorer(store, live),
    registerStatusBar(store),
    ...Object.values(COMMANDS).map((id) => registerCommand(id, log, commands[id] ?? elsewhere(id, context))),
  );
}

/** Whoever finds a command that a browser cannot carry out is told so, and where it can be. */
function elsewhere(id: CommandId, { extension }: vscode.ExtensionContext): () => void {
  return () => {
    const { contributes } = extension.packageJSON as {
      contributes?: { commands?: readonly { readonly command: string; readonly title: string }[] };
    };
    const title = contributes?.commands?.find(({ command }) => command === id)?.title ?? id;
    void sayInformation(
      say`${title} needs a computer that reaches your machines. In a browser K3s HA checks, explains and draws cluster files; open the folder in VS Code on your computer for everything else.`,
    );
  };
}
