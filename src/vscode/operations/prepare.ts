import { say } from '../../core/base/say';
import { formatProblem } from '../../core/base/problem';
import { operationById } from '../../engine/operations/registry';
import { preparePlan } from '../../engine/run/prepare';
import { unfinishedNotes } from '../../engine/run/runLog';
import type { StoredCluster } from '../clusters/clusterStore';
import type { LocalFile } from '../services/localFile';
import { readSettings } from '../services/settings';
import type { Services, Session } from '../services/services';
import { sayInformation, withProgress } from '../services/say';
import type { OfferedOperation } from './offered';
import type { ReadyPlan } from './readyPlan';

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
