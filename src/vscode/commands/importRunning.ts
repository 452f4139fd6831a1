import { later, said, say } from '../../core/base/say';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { readLogin } from '../../core/authoring/adopt/loginWords';
import type { AdoptedCluster } from '../../core/authoring/adopt/adoptCluster';
import { clusterName } from '../../core/authoring/starter/starterText';
import { printableLine } from '../../core/base/printable';
import { count } from '../../core/base/words';
import { planText } from '../../core/plan/planText';
import { firstPlan, type FirstPlan } from '../../engine/adopt/firstPlan';
import { importCluster } from '../../engine/adopt/importCluster';
import { takenSecrets } from '../../engine/adopt/takenSecrets';
import { PLAN_LANGUAGE_ID } from '../ids';
import { localFile } from '../services/localFile';
import { reportProblem } from '../services/report';
import { askText, sayInformation, sayWarning, withProgress } from '../services/say';
import type { Services } from '../services/services';
import { readSettings } from '../services/settings';
import { storeSecrets } from '../services/storeSecrets';
import { requireTrust } from './command';
import { openNew } from './newCluster';

const TITLE = later`Import Running Cluster`;

/** K3s HA: Import Running Cluster — asks for one server, reads the others from the cluster, and shows the file that describes it, and what that would change. */
export async function importRunning(services: Services): Promise<void> {
  if (!(await requireTrust(say`Importing a cluster`))) return;
  const asked = await askLogin();
  if (asked === undefined) return;
  const folder = vscode.workspace.workspaceFolders?.[0];
  const place = folder === undefined ? undefined : localFile(folder.uri, say`Importing a cluster`);
  if (place?.ok === false) return void (await reportProblem(services.log, place.error));
  const door = takenSecrets();
  const parallel = readSettings().parallelHosts;
  const session = {
    ...services.openImport(door, place?.value.path ?? homedir()),
    clock: services.clock,
    sha256: services.sha256,
    parallel,
  };
  try {
    const found = await withProgress(
      say`K3s HA: reading the cluster of ${asked.host}`,
      { cancellable: true },
      async (tell, signal) => {
        const imported = await importCluster({ ...asked, name: clusterName(folder?.name) }, session, {
          signal,
          onLooked: (node, problem, done, total) =>
            tell(`${done}/${total} (${node}${problem === undefined ? '' : `: ${problem.message}`})`, 100 / total),
        });
        if (!imported.ok) return imported;
        door.take(imported.value.secrets);
        tell(say`what the file would change`, 0);
        return {
          ok: true,
          value: { adopted: imported.value, first: await firstPlan(imported.value.text, session, { signal }) },
        } as const;
      },
    );
    if (!found.ok) {
      if (found.error.code !== 'cancelled') await reportProblem(services.log, found.error);
      return;
    }
    if (await openAdopted(found.value.adopted, services, folder))
      await tellFirst(found.value.adopted, found.value.first, services);
  } finally {
    await session.hosts.dispose();
  }
}

async function askLogin(): Promise<Pick<Parameters<typeof importCluster>[0], 'host' | 'login'> | undefined> {
  const line = await askText({
    title: said(TITLE),
    prompt: say`A server of the cluster, as ssh would reach it. Nothing is changed on any host.`,
    placeHolder: 'user@10.0.0.11',
    ignoreFocusOut: true,
    validateInput: (text) => {
      const read = readLogin(text);
      return read.ok ? undefined : read.error;
    },
  });
  const read = line === undefined ? undefined : readLogin(line);
  if (read?.ok !== true) return undefined;
  const identityFile = await askText({
    title: said(TITLE),
    prompt: say`Path of the private key; nothing for those that ssh would use`,
    placeHolder: '~/.ssh/id_ed25519',
    ignoreFocusOut: true,
  });
  if (identityFile === undefined) return undefined;
  const { host, login } = read.value;
  return { host, login: identityFile.trim() === '' ? login : { ...login, identityFile: identityFile.trim() } };
}

/** The file as a document that is not saved yet; false when the person keeps other secrets, and then there is none. */
async function openAdopted(
  { text, secrets }: AdoptedCluster,
  { vault }: Services,
  folder: vscode.WorkspaceFolder | undefined,
): Promise<boolean> {
  const editor = await openNew(folder);
  if (!(await storeSecrets(vault.of(editor.document.uri), secrets))) return false;
  return editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
}

async function tellFirst(
  { notes }: AdoptedCluster,
  { plan, errors, cluster }: FirstPlan,
  { log }: Services,
): Promise<void> {
  const told = [
    ...notes.map((note) => `Note: ${note}`),
    ...errors.map(({ message }) => say`The rules have this against it: ${message}`),
  ].map(printableLine);
  const report = [...told, ...(told.length === 0 ? [] : ['']), planText(plan)].join('\n');
  log.info(report);
  const nodes = count(cluster.servers.length + cluster.agents.length, 'node');
  const changes =
    plan.problems.length > 0
      ? say`its first plan has ${count(plan.problems.length, 'problem')}`
      : plan.steps.length === 0
        ? say`there is nothing to do for it`
        : say`it would change something: ${count(plan.steps.length, 'step')}`;
  const words = say`The file describes ${nodes}, and ${changes}. Save it to keep it.`;
  const show = say`Show What Was Found`;
  const isQuiet = plan.problems.length + plan.steps.length + told.length === 0;
  const answer = await (isQuiet ? sayInformation : sayWarning)(
    told.length === 0 ? words : say`${words} ${count(told.length, 'thing')} could not be said in it.`,
    { choices: [show] },
  );
  if (answer !== show) return;
  const document = await vscode.workspace.openTextDocument({ language: PLAN_LANGUAGE_ID, content: report });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
}
