import { later, said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import { 'Practice fleet' as practiceFleet } from '../../../schemas/snippets.json';
import { readAddresses, type Layout } from '../../core/authoring/starter/addresses';
import { layoutKind, LAYOUTS } from '../../core/authoring/starter/layouts';
import { clusterName, freeName, starterText, userProblem } from '../../core/authoring/starter/starterText';
import type { ClusterStore } from '../clusters/clusterStore';
import { COMMANDS, LANGUAGE_ID } from '../ids';
import { askEndpoint } from '../services/askEndpoint';
import type { SecretVault } from '../services/secretVault';
import { storeSecrets as keepSecrets } from '../services/storeSecrets';
import { askText, choose, sayInformation } from '../services/say';

const FILE_NAME = 'cluster.k3s.yaml';
const TITLE = later`New Cluster File`;

interface Choice extends vscode.QuickPickItem {
  /** The practice fleet has addresses of its own, so nothing is asked; for what is there already another command asks. */
  readonly layout: Layout | 'practice' | 'running' | 'texts';
}

const CHOICES: readonly Choice[] = [
  ...LAYOUTS.map(({ layout, label, detail }) => ({ layout, label, detail })),
  {
    layout: 'running',
    label: later`One that runs already`,
    detail: later`Import Running Cluster: name one server; nothing is changed there`,
  },
  {
    layout: 'texts',
    label: later`From a tutorial, a script or an inventory`,
    detail: later`Import Commands and Files: scripts, config.yaml, Ansible, k3sup, …`,
  },
  {
    layout: 'practice',
    label: later`Practice fleet`,
    detail: later`Simulated hosts on this computer: nothing real is touched`,
  },
];

function inLanguage(choice: Choice): Choice {
  return {
    ...choice,
    label: said(choice.label),
    ...(choice.detail === undefined ? {} : { detail: said(choice.detail) }),
  };
}

/** K3s HA: New Cluster File — asks for layout, addresses and datastore, and writes a file that the rules have nothing against. */
export async function newCluster(vault: SecretVault, store: ClusterStore): Promise<void> {
  const picked = await choose(CHOICES.map(inLanguage), {
    title: say`${said(TITLE)} (step 1)`,
    placeHolder: say`Which layout?`,
    matchOnDetail: true,
  });
  if (picked === undefined) return;
  if (picked.layout === 'running') return void (await vscode.commands.executeCommand(COMMANDS.importRunning));
  if (picked.layout === 'texts') return void (await vscode.commands.executeCommand(COMMANDS.importCommand));
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (picked.layout === 'practice') {
    const editor = await openNew(folder);
    await editor.insertSnippet(new vscode.SnippetString(practiceFleet.body.join('\n')));
    return;
  }
  const { layout } = picked;
  const line = await askAddresses(layout);
  const addresses = line === undefined ? undefined : readAddresses(line, layout);
  if (addresses?.ok !== true) return;
  const { asks, brings } = layoutKind(layout);
  const endpoint = asks === undefined ? undefined : await askEndpoint(say`${said(TITLE)} (3 of 4)`, asks);
  if (asks !== undefined && endpoint === undefined) return;
  const user = await askUser(asks === undefined ? say`${said(TITLE)} (3 of 3)` : say`${said(TITLE)} (4 of 4)`);
  if (user === undefined) return;
  const taken = (await store.all()).map(({ cluster }) => cluster.name);
  const { text, storeSecrets } = starterText({
    name: freeName(clusterName(folder?.name), taken),
    layout,
    addresses: addresses.value,
    ...(endpoint === undefined ? {} : { endpoint }),
    user,
  });
  const editor = await openNew(folder);
  if (!(await keepSecrets(vault.of(editor.document.uri), storeSecrets))) return;
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
  const top = new vscode.Range(0, 0, 0, 0);
  editor.selection = new vscode.Selection(top.start, top.end);
  editor.revealRange(top);
  if (brings !== undefined) void sayInformation(said(brings));
}

function askAddresses(layout: Layout): Thenable<string | undefined> {
  const { example: value, asks } = layoutKind(layout);
  return askText({
    title: asks === undefined ? say`${said(TITLE)} (2 of 3)` : say`${said(TITLE)} (2 of 4)`,
    prompt:
      layout === 'single-server'
        ? say`The address of the server, and those of its agents if it has any`
        : say`Servers, the fixed address in front of them, and what else the example names. Ranges such as 10.0.1.[1-50] are kept.`,
    value,
    valueSelection: [value.indexOf(' ') + 1, value.length],
    ignoreFocusOut: true,
    validateInput: (text) => {
      const read = readAddresses(text, layout);
      return read.ok ? undefined : read.error;
    },
  });
}

/** Who logs in is what fails first; undefined when the person gives up. */
async function askUser(title: string): Promise<string | undefined> {
  const typed = await askText({
    title,
    prompt: say`Who logs in to the machines by SSH? Leave it empty where your SSH configuration says so.`,
    placeHolder: say`empty: as "ssh HOST" in a terminal`,
    ignoreFocusOut: true,
    validateInput: (text) => userProblem(text.trim()),
  });
  return typed?.trim();
}

/** A new file of the workspace that is not saved yet, untitled without a workspace. */
export async function openNew(folder: vscode.WorkspaceFolder | undefined): Promise<vscode.TextEditor> {
  const document = await (folder === undefined
    ? vscode.workspace.openTextDocument({ language: LANGUAGE_ID })
    : vscode.workspace.openTextDocument((await freeFile(folder.uri)).with({ scheme: 'untitled' })));
  return vscode.window.showTextDocument(document);
}

/** `cluster.k3s.yaml`, or `cluster-2.k3s.yaml` and so on when that exists: no file is ever overwritten. */
async function freeFile(folder: vscode.Uri): Promise<vscode.Uri> {
  for (let i = 1; ; i += 1) {
    const uri = vscode.Uri.joinPath(folder, i === 1 ? FILE_NAME : FILE_NAME.replace('.', `-${i}.`));
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      return uri;
    }
  }
}
