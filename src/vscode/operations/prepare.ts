import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { formatProblem } from '../../core/base/problem';
import { operationById } from '../../engine/operations/registry';
import { preparePlan } from '../../engine/run/prepare';
import { unfinishedNotes } from '../../engine/run/runLog';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import type { LocalFile } from '../services/localFile';
import { readSettings } from '../services/settings';
import type { Services, Session } from '../services/services';
import { sayError, sayInformation, withProgress } from '../services/say';
import type { OfferedOperation } from './offered';
import type { ReadyPlan } from './readyPlan';

/**
 * The cluster of a file that is fit to be planned; tells the person what is in the way otherwise. What only takes away is not
 * kept from it by what rules find.
 */
export async function plannable(
  store: ClusterStore,
  uri: vscode.Uri,
  use: 'build' | 'take away' = 'build',
): Promise<StoredCluster | undefined> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty && !(await document.save())) return undefined;
  const state = await store.get(uri);
  if (state === undefined) {
    void sayError(say`${vscode.workspace.asRelativePath(uri)} cannot be read.`);
    return undefined;
  }
  const blocking = state.diagnostics.filter(
    ({ severity, source }) => severity === 'error' && (use === 'build' || source !== 'rule'),
  );
  if (blocking.length === 0) return state;
  const show = say`Show Problems`;
  const answer = await sayError(
    say`${vscode.workspace.asRelativePath(uri)} has ${blocking.length} ${blocking.length === 1 ? 'error' : 'errors'}; the first: ${blocking[0]?.message}`,
    { choices: [show] },
  );
  if (answer === show) {
    await vscode.window.showTextDocument(document, { preview: false });
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
  return undefined;
}

/** Has the person agree to what goes to the hosts; says that nothing was sent when they do not. */
export async function admitted({ secrets }: Session, services: Services): Promise<boolean> {
  const answer = await secrets.admit();
  if (answer.ok) return true;
  services.log.info(formatProblem(answer.error));
  void sayInformation(say`Nothing was sent to any host. Run the command again to be asked again.`);
  return false;
}

/** Examines the hosts with progress and cancel, and computes the plan; undefined when the person did not agree or gave up. */
export async function prepareWithProgress(
  offered: OfferedOperation,
  file: LocalFile,
  state: StoredCluster,
  described: Pick<StoredCluster, 'cluster' | 'document'>,
  services: Services,
  intent: object,
): Promise<ReadyPlan | undefined> {
  const session = services.openSession(file, { ...state, ...described });
  // Whether the file has changed meanwhile is told by its own text.
  const meant = { ...state, cluster: described.cluster };
  let ready: ReadyPlan | undefined;
  try {
    if (await admitted(session, services)) ready = await examine(offered, file, meant, session, services, intent);
    return ready;
  } finally {
    if (ready === undefined) await session.hosts.dispose();
  }
}

function examine(
  offered: OfferedOperation,
  file: LocalFile,
  state: StoredCluster,
  session: Session,
  services: Services,
  intent: object,
): Thenable<ReadyPlan | undefined> {
  return withProgress(
    say`K3s HA: examining the hosts of ${state.cluster.name}`,
    { cancellable: true },
    async (tell, signal) => {
      const prepared = await preparePlan(
        state.cluster,
        { ...session, clock: services.clock, sha256: services.sha256, parallel: readSettings().parallelHosts },
        {
          signal,
          onDownload: (message) => tell(message, 0),
          onProbed: (node, found, done, total) =>
            tell(`${done}/${total} (${node}${found === undefined ? '' : `: ${found.message}`})`, 100 / total),
        },
        { operation: operationById(offered.id), intent },
      );
      if (signal.aborted) return undefined;
      const notes = await unfinishedNotes(services.files, services.journalPath(file));
      const plan = { ...prepared.plan, notes: [...notes, ...prepared.plan.notes] };
      return { offered, file, state, session, prepared: { ...prepared, plan }, examined: services.clock.now() };
    },
  );
}
