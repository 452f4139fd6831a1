import { later, said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import { exportCluster } from '../../core/authoring/export/exportCluster';
import type { ExportedFile, ExportForm } from '../../core/authoring/export/exported';
import { EXPORT_FORMS } from '../../core/authoring/export/registry';
import { count } from '../../core/base/words';
import type { ClusterStore } from '../clusters/clusterStore';
import { plannable } from '../clusters/plannable';
import { chooseClusterFile } from '../services/clusterFile';
import type { LogChannel } from '../services/log';
import { reportProblem } from '../services/report';
import { choose, plain, sayError, sayInformation, sayWarning } from '../services/say';

/** What a form is good for, in one line. */
const DETAILS: Readonly<Record<string, string>> = {
  'k3s-ansible': later`The inventory of k3s-io/k3s-ansible, which its playbooks provision from`,
  'cloud-init': later`User data for each machine, which installs K3s at its first boot`,
  'system-upgrade-controller': later`Plans that bring the running cluster to the release of the file`,
};

/** K3s HA: Export… — writes what another tool reads. One file is shown, several go into a folder in which nothing is overwritten. */
export async function exportForTool(store: ClusterStore, log: LogChannel, argument: unknown): Promise<void> {
  const title = say`Export`;
  const uri = await chooseClusterFile(argument, title);
  const state = uri === undefined ? undefined : await plannable(store, uri);
  if (state === undefined) return;
  const form = await chooseForm(title);
  if (form === undefined) return;
  const made = exportCluster(form, state);
  if (!made.ok) return reportProblem(log, made.error);
  const { files, left } = made.value;
  const [only] = files;
  const isDone = files.length === 1 && only !== undefined ? await show(only) : await write(files);
  if (!isDone) return;
  log.info([`Export for ${form.title}`, ...left.map((each) => `Not in it: ${each}`)].join('\n'));
  const says = say`${count(files.length, 'file')} for ${form.title}, without secrets.`;
  if (left.length === 0) return void sayInformation(says);
  const answer = await sayWarning(say`${says} Not in it: ${left.join(' ')}`, { choices: [say`Show Log`] });
  if (answer === say`Show Log`) log.show();
}

async function chooseForm(title: string): Promise<ExportForm | undefined> {
  const items = EXPORT_FORMS.map((form) => ({ label: form.title, detail: said(DETAILS[form.id] ?? ''), form }));
  return (await choose(items, { title, placeHolder: say`Who is to read it?` }))?.form;
}

/** As a document that is saved where the person wants it. */
async function show({ name, text }: ExportedFile): Promise<boolean> {
  const language = /\.ya?ml$/.test(name) ? 'yaml' : 'plaintext';
  const document = await vscode.workspace.openTextDocument({ content: text, language });
  await vscode.window.showTextDocument(document, { preview: false });
  return true;
}

async function write(files: readonly ExportedFile[]): Promise<boolean> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: `Write ${count(files.length, 'File')} Here`,
    })) ?? [];
  if (folder === undefined) return false;
  const places = files.map(({ name, text }) => ({ at: vscode.Uri.joinPath(folder, plain(name)), text }));
  const taken = (await Promise.all(places.map(({ at }) => isThere(at)))).flatMap((there, i) =>
    there ? [files[i]?.name ?? ''] : [],
  );
  if (taken.length > 0) {
    void sayError(say`${taken[0]} is in that folder already, and nothing was written. Choose an empty folder.`);
    return false;
  }
  for (const { at, text } of places) await vscode.workspace.fs.writeFile(at, new TextEncoder().encode(text));
  const [first] = places;
  if (first !== undefined) await vscode.window.showTextDocument(first.at, { preview: false });
  return true;
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
