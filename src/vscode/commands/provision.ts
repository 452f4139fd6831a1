import { stepsByMachine } from '../../core/plan/plan';
import { machineWords, planText, summary, touchedMachines } from '../../core/plan/planText';
import type { PreparedPlan } from '../../engine/run/prepare';
import type { RemoteHosts } from '../../engine/ports';
import { fetchKubeconfig } from '../../engine/access/fetchKubeconfig';
import { mainProblem } from '../../engine/run/runOperation';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import type { LiveWatcher } from '../clusters/liveWatcher';
import { saveWithQuestion } from '../provision/kubeconfig';
import { plannable, prepareWithProgress } from '../provision/prepare';
import type { PlanDocuments } from '../provision/planDocuments';
import { runWithProgress } from '../provision/run';
import type { LocalFile } from '../services/localFile';
import { reportProblem } from '../services/report';
import type { Services, Session } from '../services/services';
import { sayInformation, sayWarning } from '../services/say';
import { chooseLocalFile } from './command';

/** K3s HA: Provision Cluster — plan, confirm, carry out, then offer the kubeconfig. */
export async function provisionCluster(
  store: ClusterStore,
  live: LiveWatcher,
  services: Services,
  plans: PlanDocuments,
  argument: unknown,
): Promise<void> {
  const file = await chooseLocalFile(services.log, argument, { title: 'Provision Cluster', purpose: 'Provisioning' });
  const state = file === undefined ? undefined : await plannable(store, file.uri);
  if (file === undefined || state === undefined) return;
  const session = services.openSession(file, state);
  const { hosts } = session;
  try {
    const prepared = await prepareWithProgress(file, state, session, services);
    if (prepared === undefined) return;
    store.setPlan(state.uri, stepsByMachine(prepared.plan));
    if (!(await confirmed(prepared, plans, services))) return;
    if (!(await carryOut(file, state, prepared, session, store, services))) return;
    await session.secrets.worked();
    await offerKubeconfig(file, state, hosts, services);
  } finally {
    await hosts.dispose();
  }
  await live.refresh(state.uri, { overSsh: true });
}

async function confirmed(prepared: PreparedPlan, plans: PlanDocuments, services: Services): Promise<boolean> {
  const { plan } = prepared;
  services.log.info(planText(plan));
  if (plan.problems.length > 0) {
    await plans.show(plan.clusterName, planText(plan));
    await reportProblem(services.log, plan.problems[0] as NonNullable<(typeof plan.problems)[0]>);
    return false;
  }
  if (plan.steps.length === 0) {
    void sayInformation(`${plan.clusterName} is as the file says: nothing to change, nothing to restart.`);
    return true;
  }
  const go = 'Provision';
  const preview = 'Show Plan';
  const notes = plan.notes.length === 0 ? '' : `\n\n${plan.notes.join('\n')}`;
  const answer = await sayWarning(`Provision ${plan.clusterName}?`, {
    detail: `${summary(plan)}\n\nHosts: ${touchedMachines(plan).map(machineWords).join(', ')}${notes}`,
    choices: [go, preview],
  });
  if (answer === preview) await plans.show(plan.clusterName, planText(plan));
  return answer === go;
}

async function carryOut(
  file: LocalFile,
  state: StoredCluster,
  prepared: PreparedPlan,
  session: Session,
  store: ClusterStore,
  services: Services,
): Promise<boolean> {
  const report = await runWithProgress(file, prepared, state.cluster, session, store, services);
  const seconds = (report.wallMs / 1000).toFixed(1);
  if (report.result === 'done') {
    void sayInformation(
      `${state.cluster.name} is up: ${prepared.plan.machines.length} nodes Ready after ${seconds} s.`,
    );
    return true;
  }
  if (report.result === 'cancelled') {
    void sayWarning('Provisioning was cancelled. What is done stays done; run the command again to finish.');
    return false;
  }
  const found = mainProblem(report);
  if (found !== undefined) await reportProblem(services.log, found);
  return false;
}

async function offerKubeconfig(
  file: LocalFile,
  state: StoredCluster,
  hosts: RemoteHosts,
  services: Services,
): Promise<void> {
  const fetched = await fetchKubeconfig(state.cluster, hosts, services.kubernetes());
  if (!fetched.ok) return reportProblem(services.log, fetched.error);
  await saveWithQuestion(file, fetched.value.prepared, services);
}
