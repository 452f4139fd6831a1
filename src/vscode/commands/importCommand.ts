import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { SourceText } from '../../core/authoring/import/installCommand';
import type { ImportedTexts } from '../../core/authoring/import/importTexts';
import { loadImports } from '../lazyImports';
import { toWorkspaceEdit } from '../language/convert';
import { chooseClusterFile, findClusterFiles, isClusterFile } from '../services/clusterFile';
import type { SecretVault } from '../services/secretVault';
import { storeSecrets } from '../services/storeSecrets';
import { sayInformation, sayWarning, withProgress } from '../services/say';
import { inSlices } from '../services/slices';
import { previewImport } from './importPreview';
import { askSources, readSources } from './importSources';
import { openNew } from './newCluster';

const TITLE = 'Import';

/**
 * K3s HA: Import Commands and Files — turns what sets up K3s elsewhere into the matching lines of a cluster file, and shows them as a
 * difference first. Called with files of the explorer it imports those.
 */
export async function importInstallCommand(vault: SecretVault, argument: unknown, more: unknown): Promise<void> {
  const chosen = (Array.isArray(more) && more.length > 0 ? more : [argument]).filter(
    (item): item is vscode.Uri => item instanceof vscode.Uri && !item.path.endsWith('.k3s.yaml'),
  );
  const sources = await (chosen.length > 0 ? readSources(chosen) : askSources(TITLE));
  if (sources === undefined) return;
  const document = await fileFor(chosen.length > 0 ? undefined : argument);
  if (document === undefined) return;
  await importInto(document, sources, vault);
}

/** The cluster file that texts are imported into; a new one where the workspace has none. */
async function fileFor(argument: unknown): Promise<vscode.TextDocument | undefined> {
  const isOpen = vscode.window.visibleTextEditors.some(({ document }) => isClusterFile(document));
  if (argument === undefined && !isOpen && (await findClusterFiles()).length === 0)
    return (await openNew(vscode.workspace.workspaceFolders?.[0])).document;
  const uri = await chooseClusterFile(argument, TITLE);
  return uri === undefined ? undefined : vscode.workspace.openTextDocument(uri);
}

async function importInto(
  document: vscode.TextDocument,
  sources: readonly SourceText[],
  vault: SecretVault,
): Promise<void> {
  const { version } = document;
  const imported = await withProgress(say`Reading what is imported`, { cancellable: true }, (_tell, signal) =>
    inSlices(loadImports().importTexts(document.getText(), sources), () => signal.aborted),
  );
  if (imported === undefined) return;
  if (imported.edits.length === 0) return void (await tellNothing(imported));
  if (!(await previewImport(document, imported))) return;
  if (document.version !== version)
    return void sayWarning(say`The file has changed meanwhile, so nothing was imported into it. Import again.`);
  if (!(await storeSecrets(vault.of(document.uri), imported.storeSecrets))) return;
  await vscode.workspace.applyEdit(toWorkspaceEdit(document, imported.edits));
  await vscode.window.showTextDocument(document, { preview: false });
  await tellDone(imported);
}

async function tellNothing({ done, notes, refused }: ImportedTexts): Promise<void> {
  if (refused !== undefined) return void sayWarning(say`Nothing was imported. ${refused}`);
  if (done.length === 0 && notes.length === 0)
    return void sayWarning(
      say`Nothing that sets up K3s was found. Known are install commands, k3s server and agent, config.yaml, systemd units, cloud-init, Butane and Ignition, Terraform, Vagrantfiles, Compose files, NixOS, Makefiles, k3sup, AutoK3s, hetzner-k3s, k0sctl, Ansible inventories and tasks.`,
    );
  await tellDone({ done, notes });
}

async function tellDone({ done, notes }: Pick<ImportedTexts, 'done' | 'notes'>): Promise<void> {
  const words = done.length === 0 ? say`Everything in the text stands in the file already.` : say`Imported.`;
  if (notes.length === 0) return void sayInformation(words);
  const show = say`Show What Is Left`;
  const answer = await sayWarning(
    `${words} ${notes.length === 1 ? (notes[0] ?? '') : say`${notes.length} things are left to do or were left out.`}`,
    {
      choices: notes.length === 1 ? [] : [show],
    },
  );
  if (answer === show)
    await sayInformation(say`What the import did not take over`, {
      detail: notes.map((note) => `• ${note}`).join('\n'),
    });
}
