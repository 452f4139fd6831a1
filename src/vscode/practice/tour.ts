import { later, said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { connectCluster } from '../../engine/access/connectCluster';
import type { LessonPlan } from '../../engine/lessons/lesson';
import { lessonsFor } from '../../engine/lessons/lessons';
import { lessonResult, type LessonResult } from '../../engine/lessons/lessonWords';
import { endLesson, takeLesson, type LessonTools, type Look } from '../../engine/lessons/takeLesson';
import type { MachineDoors } from '../../engine/ports';
import { viewOf } from '../../views/clusterView';
import type { StoredCluster } from '../clusters/clusterStore';
import { COMMANDS } from '../ids';
import { localFile } from '../services/localFile';
import type { Played } from '../services/practiceFleet';
import { reportProblem } from '../services/report';
import { choose, sayInformation, withProgress } from '../services/say';
import { playedCluster, type PracticeDependencies } from './played';

/** Keeps the cluster watched while the tour goes on, whatever view is open. */
const VIEWER = 'tour';

const TITLE = later`Practice Tour`;

/** K3s HA: Take the Practice Tour — asks what will happen, lets it happen to simulated hosts, and compares. */
export async function takeTour(argument: unknown, deps: PracticeDependencies): Promise<void> {
  const found = await playedCluster(argument, deps);
  if (found === undefined) return;
  deps.live.setVisible(VIEWER, true);
  try {
    const plans = lessonsFor(found.state.cluster);
    const first = await chooseLesson(plans);
    if (first === undefined || !(await isReady(found.state, deps))) return;
    const doors = await openDoors(found.state, deps);
    if (doors === undefined) return;
    try {
      await vscode.commands.executeCommand(COMMANDS.showTopology, found.state.uri);
      for (let at = plans.indexOf(first); at < plans.length; at += 1) {
        const plan = plans[at];
        if (plan === undefined || !(await giveLesson(plan, plans, found, doors, deps))) return;
      }
      void sayInformation(say`The tour is over, and every simulated host is back.`);
    } finally {
      await doors.close();
    }
  } finally {
    deps.live.setVisible(VIEWER, false);
  }
}

async function chooseLesson(plans: readonly LessonPlan[]): Promise<LessonPlan | undefined> {
  const picked = await choose(
    plans.map((plan, i) => ({ label: `${i + 1}. ${plan.title}`, detail: plan.question, plan })),
    { title: said(TITLE), placeHolder: say`Where to begin? The lessons after it follow.`, ignoreFocusOut: true },
  );
  return picked?.plan;
}

/** Lessons need a cluster that is well; false when it is not, and the person was told. */
async function isReady(state: StoredCluster, deps: PracticeDependencies): Promise<boolean> {
  await deps.live.refresh(state.uri, { overSsh: false });
  const ready = await withProgress(say`K3s HA: looking at the practice cluster`, { cancellable: true }, (_, signal) =>
    until(state.uri, deps, isWell, signal),
  );
  if (ready) return true;
  const provision = say`Provision Cluster`;
  const answer = await sayInformation(say`The tour begins with a practice cluster of which every node is ready.`, {
    choices: [provision],
  });
  if (answer === provision) await vscode.commands.executeCommand(COMMANDS.provision, state.uri);
  return false;
}

/** How long a look at a cluster that may not be there takes at most. */
const LOOK_MS = 15_000;

function isWell(state: StoredCluster): boolean {
  return state.live.kind === 'live' && viewOf(state).health.level === 'healthy';
}

/** Waits for a state of the cluster; false when it did not come in time, or nobody waits any more. */
async function until(
  uri: vscode.Uri,
  { store, services }: PracticeDependencies,
  holds: (state: StoredCluster) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const end = services.clock.now() + LOOK_MS;
  for (;;) {
    const state = await store.get(uri);
    if (state !== undefined && holds(state)) return true;
    const over = state?.live.kind === 'no-kubeconfig' || state?.live.kind === 'not-provisioned';
    if (over || signal.aborted || services.clock.now() > end) return false;
    await services.clock.sleep(200, signal).catch(() => undefined);
  }
}

/** The API as clients reach it, at the fixed address. */
async function openDoors(state: StoredCluster, { services }: PracticeDependencies): Promise<MachineDoors | undefined> {
  const file = localFile(state.uri, say`The tour`);
  if (!file.ok) {
    await reportProblem(services.log, file.error);
    return undefined;
  }
  const sources = {
    files: services.files,
    places: await services.kubeconfigPlaces(file.value),
    warn: (message: string): void => services.log.warn(message),
  };
  const connection = await connectCluster(state.cluster, sources, services.kubernetes(), new AbortController().signal);
  const doors =
    connection.kind === 'reached' ? await services.kubernetes().openDoors(connection.reached.endpoint) : undefined;
  if (doors?.ok === true) return doors.value;
  const failure =
    doors?.error ??
    (connection.kind === 'unreachable'
      ? connection.problem
      : problem('tour-no-access', say`The tour has no access to the practice cluster`, {
          nextSteps: [say`Run K3s HA: Merge Kubeconfig, then take the tour again.`],
        }));
  await reportProblem(services.log, failure);
  return undefined;
}

/** One lesson from the question to everything being back; false when the person does not go on. */
async function giveLesson(
  plan: LessonPlan,
  plans: readonly LessonPlan[],
  { played, state }: { readonly played: Played; readonly state: StoredCluster },
  doors: MachineDoors,
  deps: PracticeDependencies,
): Promise<boolean> {
  const number = plans.indexOf(plan) + 1;
  const title = say`${said(TITLE)} (${number} of ${plans.length}): ${plan.title}`;
  const predicted = await choose(
    plan.choices.map((choice) => ({ ...choice })),
    { title, placeHolder: plan.question, ignoreFocusOut: true },
  );
  if (predicted === undefined) return false;
  let look: Look = { nodes: [] };
  const remember = (seen: StoredCluster | undefined): void => {
    if (seen !== undefined && 'nodes' in seen.live)
      look = { nodes: seen.live.nodes, ...('liveness' in seen.live ? { liveness: seen.live.liveness } : {}) };
  };
  remember(await deps.store.get(state.uri));
  const watching = deps.store.onDidChange(async () => remember(await deps.store.get(state.uri)));
  const tools: LessonTools = {
    cluster: state.cluster,
    doors,
    clock: deps.services.clock,
    look: () => look,
    order: (order) => deps.fleet.order(order),
    pace: played.pace,
  };
  try {
    const seen = await withProgress(
      say`Simulation: ${plan.title}, waiting for what happens`,
      { cancellable: true },
      (_, signal) => takeLesson(plan, tools, signal),
    );
    if (seen.ok) await showResult(title, plan, lessonResult(state.cluster, plan, predicted.id, seen.value), deps);
    const back = await withProgress(say`Simulation: bringing everything back`, { cancellable: false }, () =>
      endLesson(plan, tools, new AbortController().signal),
    );
    for (const failure of [seen, back])
      if (!failure.ok && failure.error.code !== 'lesson-stopped') await reportProblem(deps.services.log, failure.error);
    if (!seen.ok || !back.ok || number === plans.length) return seen.ok && back.ok;
  } finally {
    watching.dispose();
  }
  const next = await choose(
    [
      { label: say`Next Lesson`, detail: plans[number]?.title ?? '', more: true },
      { label: say`End the Tour`, detail: say`Every simulated host is back`, more: false },
    ],
    { title, placeHolder: say`Everything is back`, ignoreFocusOut: true },
  );
  return next?.more === true;
}

/** Everybody's words beside each other; the picture can be looked at meanwhile. */
async function showResult(
  title: string,
  plan: LessonPlan,
  { headline, lines, right, calculationWrong }: LessonResult,
  { services }: PracticeDependencies,
): Promise<void> {
  const back = { icon: 'debug-restart', label: say`Bring It Back`, detail: say`Then the next lesson` };
  const page = { icon: 'book', label: say`Why?`, detail: plan.why };
  const said = lines.map((line) => ({ label: line.who, description: line.said }));
  const doubt = calculationWrong
    ? [
        {
          icon: 'warning',
          label: say`The diagram was wrong`,
          detail: say`Its calculation says something else than what happened. Please tell us.`,
        },
      ]
    : [];
  for (;;) {
    const picked = await choose([back, page, ...said, ...doubt], {
      title: `${title}: ${right ? 'right' : 'a surprise'}`,
      placeHolder: headline,
      ignoreFocusOut: true,
    });
    if (picked === undefined || picked === back) return;
    if (picked === page)
      await vscode.commands.executeCommand(
        'markdown.showPreview',
        vscode.Uri.joinPath(services.extensionUri, 'docs', 'practice.md').with({ fragment: plan.id }),
      );
  }
}
