import { said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import { withStrangers } from '../../core/authoring/strangers';
import { ok, type Result } from '../../core/base/result';
import { lookForDrift } from '../../engine/run/hostDrift';
import { disclosuresOf } from '../../core/cluster/disclosures';
import { certificateMarks } from '../../core/health/certificateMarks';
import { etcdSeen } from '../../core/health/etcdAlarm';
import { stepsByMachine } from '../../core/plan/plan';
import { planDocument } from '../../core/plan/planDocument';
import { planText } from '../../core/plan/planText';
import type { PreparedKubeconfig } from '../../core/kubeconfig/prepare';
import type { RunReport } from '../../core/plan/events';
import { fetchKubeconfig } from '../../engine/access/fetchKubeconfig';
import { lookAtEtcd } from '../../engine/checks/lookAtEtcd';
import { lookAtCertificates } from '../../engine/checks/lookAtCertificates';
import { operationById } from '../../engine/operations/registry';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import { plannable } from '../clusters/plannable';
import type { LiveWatcher } from '../clusters/liveWatcher';
import { chooseLocalFile, requireTrust } from '../commands/command';
import { COMMANDS, PLAN_SCHEME, type OperationId } from '../ids';
import { reportProblem } from '../services/report';
import type { Services } from '../services/services';
import { readSettings } from '../services/settings';
import { sayInformation, sayWarning } from '../services/say';
import { carryOut } from './carryOut';
import { confirm } from './confirm';
import { createDriftMarks, type DriftMarks } from './driftMarks';
import { diagnose, tellAddressFaults } from './diagnose';
import { saveWithQuestion } from './kubeconfig';
import { mergeKubeconfig } from './mergeKubeconfig';
import { forgetKubeconfig } from './forgetKubeconfig';
import { forgetNodes } from './forgetNodes';
import { intentOf } from './intents';
import { newTokenWay } from './newToken';
import { offeredOperation, type OfferedOperation } from './offered';
import type { PlanDocuments, ShownPlan } from './planDocuments';
import { showDifference } from './planFeatures';
import { prepareWithProgress } from './prepare';
import { isOutdated, type ReadyPlan } from './readyPlan';
import { doneWords, reportRun } from './report';
import { askForWayOut } from './wayOut';

/** The one shell around all operations: choose the file, plan, show or ask, carry out, report. */
export interface Operations {
  /** Plans, asks, and carries out; `argument` is what a command was called with. */
  run(operation: OperationId, argument: unknown): Promise<void>;
  /** Plans a provisioning and shows the plan as a document, which goes on from there. */
  preview(argument: unknown, intent?: object): Promise<void>;
  /** Carries out the plan of a document, exactly as it stands there. */
  apply(argument: unknown): Promise<void>;
  /** Makes the plan of a document anew. */
  examineAgain(argument: unknown): Promise<void>;
  showDifference(argument: unknown, line: unknown): Promise<void>;
  /** Looks at the fixed address from here and from the hosts, and tells what is wrong with it. */
  diagnose(argument: unknown): Promise<void>;
  /** Fetches the kubeconfig, as it is done after provisioning. */
  mergeKubeconfig(argument: unknown): Promise<void>;
  /** Looks where machines are not as the file says, and marks it in file and tree. */
  showDrift(argument: unknown): Promise<void>;
  readonly drift: DriftMarks;
}

export interface OperationsDependencies {
  readonly store: ClusterStore;
  readonly live: LiveWatcher;
  readonly services: Services;
  readonly plans: PlanDocuments;
}

/** Whether machines only leave by it. */
function takesAway({ id }: Pick<OfferedOperation, 'id'>): boolean {
  return operationById(id).outcome !== undefined;
}

/** The cluster that an operation is about: of nodes that leave also those that only the running cluster knows. */
function describedFor(
  { id }: OfferedOperation,
  state: StoredCluster,
  intent: object,
): Result<Pick<StoredCluster, 'cluster' | 'document'>, string> {
  const { live } = state;
  const leaves = takesAway({ id }) && 'nodes' in intent && Array.isArray(intent.nodes);
  if (!leaves || !('nodes' in live)) return ok(state);
  return withStrangers(state, (intent.nodes as readonly unknown[]).map(String), live.nodes);
}

export function createOperations({ store, live, services, plans }: OperationsDependencies): Operations {
  const drift = createDriftMarks(store, services);
  const plan = async (
    offered: OfferedOperation,
    argument: unknown,
    deed: { readonly title: string; readonly purpose: string; readonly use?: 'take away' },
    known?: object,
  ): Promise<ReadyPlan | undefined> => {
    const file = await chooseLocalFile(services.log, argument, deed);
    const state =
      file === undefined ? undefined : await plannable(store, file.uri, takesAway(offered) ? 'take away' : deed.use);
    if (file === undefined || state === undefined) return undefined;
    const intent = known ?? (await intentOf(offered.id, argument, state));
    if (intent === undefined) return undefined;
    const described = describedFor(offered, state, intent);
    if (!described.ok) {
      void sayWarning(described.error);
      return undefined;
    }
    const ready = await prepareWithProgress(offered, file, state, described.value, services, intent);
    if (ready === undefined) return undefined;
    store.setPlan(state.uri, stepsByMachine(ready.prepared.plan));
    const { facts } = ready.prepared.situation;
    const seen = [...facts].map(([id, { certificates }]) => [id, certificates] as const);
    store.setCertificates(state.uri, certificateMarks(seen, services.clock.now()));
    store.setEtcd(state.uri, etcdSeen(facts, services.clock.now()));
    // Machines that K3s was never on have not drifted from the file: they are not provisioned yet.
    const isFresh = [...facts.values()].every(({ units }) => Object.keys(units).length === 0);
    if (offered.id === 'provision')
      store.setDrift(state.uri, isFresh ? undefined : await lookForDrift(ready.prepared, ready.session.hosts));
    services.log.info(planText(ready.prepared.plan));
    return ready;
  };

  const preview = async (offered: OfferedOperation, argument: unknown, known?: object): Promise<void> => {
    const ready = await plan(offered, argument, { title: say`Preview Plan`, purpose: say`Planning` }, known);
    if (ready !== undefined) await show(ready);
  };

  const show = (ready: ReadyPlan): Promise<void> => {
    const { plan: planned, operation } = ready.prepared;
    const subject = { title: said(operation.title), disclosures: disclosuresOf(ready.state.cluster) };
    return plans.show(ready, planDocument(planned, subject));
  };

  const run = async (offered: OfferedOperation, argument: unknown, known?: object): Promise<void> => {
    const deed = { title: said(operationById(offered.id).title), purpose: said(offered.noun) };
    const ready = await plan(offered, argument, deed, known);
    if (ready === undefined) return;
    const { problems, steps } = ready.prepared.plan;
    const [problem] = problems;
    if (problem !== undefined) {
      await show(ready);
      const ways = newTokenWay(problem, ready.state, services);
      if (await askForWayOut(services.log, problem, ready.state, say`Try Again`, ways))
        await run(offered, ready.file.uri, ready.prepared.intent);
      return;
    }
    if (steps.length === 0) return execute(ready);
    switch (await confirm(ready, { canShow: true })) {
      case 'go':
        return execute(ready);
      case 'show':
        return show(ready);
      case 'no':
        return ready.session.hosts.dispose();
    }
  };

  const execute = async (ready: ReadyPlan): Promise<void> => {
    const { offered, file, state } = ready;
    const { report, kubeconfig } = await runAndFetch(ready);
    const succeeded = kubeconfig === undefined ? undefined : doneWords(ready, report);
    if (succeeded === undefined && (await reportRun(ready, report, services)))
      return run(offered, file.uri, ready.prepared.intent);
    if (kubeconfig !== undefined) await saveWithQuestion(file, state.cluster, kubeconfig, services, succeeded);
    if (report.result === 'done') await forgetKubeconfig(ready, services);
    if (report.result === 'done') await forgetNodes(store, state.uri, ready.prepared);
    if (report.result === 'done') await live.refresh(state.uri, { overSsh: true });
    if (report.result === 'done') await showSnapshots(ready);
  };

  /** Snapshots that a run has made or taken away. */
  const showSnapshots = async ({ state, prepared: { operation, plan } }: ReadyPlan): Promise<void> => {
    // Nothing is left that could be asked for them.
    if (operation.id === 'reset-cluster')
      return store.setSnapshots(state.uri, { list: [], readAt: services.clock.now() });
    const isKnown = (await store.get(state.uri))?.snapshots !== undefined;
    if (operation.then === 'snapshots' || (isKnown && plan.steps.some(({ kind }) => kind === 'save-snapshot')))
      await vscode.commands.executeCommand(COMMANDS.listSnapshots, state.uri);
  };

  const runAndFetch = async (
    ready: ReadyPlan,
  ): Promise<{ readonly report: RunReport; readonly kubeconfig?: PreparedKubeconfig }> => {
    const { prepared, state, session } = ready;
    try {
      const report = await carryOut(ready, store, services);
      if (report.result !== 'done') return { report };
      await session.secrets.worked();
      if (prepared.plan.steps.length > 0) {
        const seen = await lookAtCertificates(state.cluster, { ...session, parallel: readSettings().parallelHosts });
        store.setCertificates(state.uri, certificateMarks(seen.facts, services.clock.now()));
        const etcd = await lookAtEtcd(state.cluster, { ...session, parallel: readSettings().parallelHosts });
        store.setEtcd(state.uri, etcdSeen(etcd.facts, services.clock.now()));
      }
      if (prepared.operation.then !== 'kubeconfig') return { report };
      await tellAddressFaults(state.cluster, session, services);
      const fetched = await fetchKubeconfig(state.cluster, session.hosts, services.kubernetes());
      if (fetched.ok) return { report, kubeconfig: fetched.value.prepared };
      void reportProblem(services.log, fetched.error);
      return { report };
    } finally {
      await session.hosts.dispose();
    }
  };

  /** The plan of the document that a command is about; tells the person when there is none. */
  const shownAt = async (
    argument: unknown,
    purpose: string,
  ): Promise<{ readonly uri: vscode.Uri; readonly shown: ShownPlan } | undefined> => {
    if (!(await requireTrust(purpose))) return undefined;
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const shown = uri?.scheme === PLAN_SCHEME ? plans.at(uri) : undefined;
    if (uri !== undefined && shown !== undefined) return { uri, shown };
    void sayInformation(say`There is no plan here. Run "K3s HA: Preview Plan" for one.`);
    return undefined;
  };

  return {
    run: (id, argument) => run(offeredOperation(id), argument),
    preview: (argument, intent) => preview(offeredOperation('provision'), argument, intent),
    async apply(argument) {
      const found = await shownAt(argument, say`Applying a plan`);
      if (found === undefined) return;
      const { uri, shown } = found;
      const again = say`Examine Again`;
      const refuse = async (why: string): Promise<void> => {
        if ((await sayWarning(why, { choices: [again] })) === again)
          await preview(shown.offered, shown.file.uri, shown.intent);
      };
      if (shown.taken === true) return refuse(say`This plan was carried out already.`);
      if (shown.ready === undefined) return refuse(say`This plan has nothing that can be carried out.`);
      if (await isOutdated(shown, store)) return refuse(say`The cluster file has changed since this plan was made.`);
      if ((await confirm(shown.ready, { canShow: false })) !== 'go') return;
      const ready = plans.take(uri, shown.ready);
      return ready === undefined
        ? refuse(say`This plan was closed or replaced meanwhile, so nothing was done.`)
        : execute(ready);
    },
    async examineAgain(argument) {
      const found = await shownAt(argument, say`Examining the hosts`);
      if (found !== undefined) await preview(found.shown.offered, found.shown.file.uri, found.shown.intent);
    },
    async showDifference(argument, line) {
      const found = await shownAt(argument, say`Showing what a plan changes`);
      if (found !== undefined) await showDifference(plans, found.uri, line);
    },
    async showDrift(argument) {
      const deed = { title: say`Show Drift`, purpose: say`Looking for drift`, use: 'take away' as const };
      const ready = await plan(offeredOperation('provision'), argument, deed, {});
      if (ready === undefined) return;
      await ready.session.hosts.dispose();
      await drift.tell(ready.file.uri);
    },
    drift,
    diagnose: (argument) => diagnose(store, services, argument),
    mergeKubeconfig: (argument) => mergeKubeconfig(store, live, services, argument),
  };
}
