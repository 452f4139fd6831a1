import type { Cluster } from '../../core/cluster/cluster';
import { clusterHealth } from '../../core/health/clusterHealth';
import type { Liveness } from '../../core/health/liveness';
import type { NodeHealth } from '../../core/health/nodeHealth';
import { FAULTS, type FleetOrder } from '../../core/health/simulation';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Clock, MachineDoors } from '../ports';
import type { LessonPlan, LessonRecord } from './lesson';

/** What is known of the running cluster at a moment. */
export interface Look {
  /** As Kubernetes tells them. */
  readonly nodes: readonly NodeHealth[];
  readonly liveness?: Liveness;
}

/** What a lesson needs of the world. */
export interface LessonTools {
  readonly cluster: Cluster;
  readonly doors: Pick<MachineDoors, 'askApi'>;
  readonly clock: Clock;
  look(): Look;
  /** Gives an order to the practice fleet; the text says why it was not followed. */
  order(order: FleetOrder): Promise<string | undefined>;
  /** 0.1: the fleet is ten times faster than real hosts. */
  readonly pace: number;
}

const ASK_EVERY_MS = 200;
/** An answer that takes longer is none. */
const ASK_LIMIT_MS = 1_000;
/** How long the API has to be one way, in the time of the simulation: K3s ends 11 s after quorum is lost. */
const STEADY_MS = 15_000;
/** Nothing that a lesson waits for takes longer, in the time of the simulation; Kubernetes needs 51 s. */
const PATIENCE_MS = 240_000;
/** Slow computers have their own time. */
const LEAST_PATIENCE_MS = 60_000;

/** Takes away what the lesson is about and watches until the answer is known; the caller brings it back, whatever comes of it. */
export async function takeLesson(
  plan: LessonPlan,
  tools: LessonTools,
  signal: AbortSignal,
): Promise<Result<LessonRecord, Problem>> {
  const { clock, doors, look, pace } = tools;
  for (const { place, fault } of plan.taken) {
    const refused = await tools.order(FAULTS[fault].order(place, true));
    if (refused !== undefined) return err(notFollowed(refused));
  }
  const began = clock.now();
  const simulated = (ms: number): number => Math.round(ms / pace);
  let answers: boolean | undefined;
  let since = began;
  let lastAnswer = began;
  let longest = 0;
  let noticed: number | undefined;
  let silent: number | undefined;
  while (!signal.aborted) {
    const { reached, ...answer } = await doors.askApi('/readyz', ASK_LIMIT_MS);
    const now = clock.now();
    const well = reached === 'answers' && 'status' in answer && answer.status === 200;
    if (well !== answers) since = now;
    answers = well;
    longest = Math.max(longest, now - lastAnswer);
    if (well) lastAnswer = now;
    const seen = look();
    if (silent === undefined && plan.taken.some(({ place }) => seen.liveness?.machines.get(place)?.state === 'down'))
      silent = now - began;
    const told = troubled(tools.cluster, seen.nodes);
    const known = plan.noticed.every((id) => told.some((one) => one.id === id));
    if (noticed === undefined && known && plan.noticed.length > 0) noticed = now - began;
    const steady = now - since >= Math.max(STEADY_MS * pace, 5 * ASK_EVERY_MS);
    // Kubernetes tells nothing while its API is silent.
    const settled = steady && (plan.noticed.length === 0 || noticed !== undefined || !answers);
    if (settled || now - began > Math.max(PATIENCE_MS * pace, LEAST_PATIENCE_MS))
      return ok({
        apiAnswers: answers,
        longestGapMs: simulated(longest),
        ...(noticed === undefined ? {} : { noticedAfterMs: simulated(noticed) }),
        ...(silent === undefined ? {} : { silentAfterMs: simulated(silent) }),
        kubernetes: told.map(({ id, reason }) => ({ name: id, reason })),
      });
    await clock.sleep(ASK_EVERY_MS, signal).catch(() => undefined);
  }
  return err(stopped());
}

/** Gives back what was taken and waits until the API answers and every node is ready again, as long as that may take. */
export async function endLesson(
  plan: LessonPlan,
  tools: LessonTools,
  signal: AbortSignal,
): Promise<Result<void, Problem>> {
  const { clock, doors, look, pace, cluster } = tools;
  for (const { place, fault } of plan.taken) {
    const refused = await tools.order(FAULTS[fault].order(place, false));
    if (refused !== undefined) return err(notFollowed(refused));
  }
  const began = clock.now();
  while (!signal.aborted) {
    const answer = await doors.askApi('/readyz', ASK_LIMIT_MS);
    const { nodes, liveness } = look();
    const health = clusterHealth(cluster, nodes, liveness);
    const all = nodes.length > 0 && health.nodes.every(({ state }) => state === 'ready');
    if (all && answer.reached === 'answers' && answer.status === 200) return ok(undefined);
    if (clock.now() - began > Math.max(PATIENCE_MS * pace, LEAST_PATIENCE_MS))
      return err(
        problem(
          'lesson-not-back',
          'What the lesson took away has its power and network again, but the cluster is not well yet',
          {
            why: health.verdict,
            nextSteps: ['Look at the Clusters view; K3s HA: Provision Cluster mends what is missing.'],
          },
        ),
      );
    await clock.sleep(ASK_EVERY_MS, signal).catch(() => undefined);
  }
  return err(stopped());
}

/** Nodes of the file that Kubernetes itself calls other than ready. */
function troubled(
  cluster: Cluster,
  nodes: readonly NodeHealth[],
): readonly { readonly id: string; readonly reason: string }[] {
  return clusterHealth(cluster, nodes).nodes.flatMap(({ node, state, words }) =>
    state === 'ready' ? [] : [{ id: node.id, reason: words }],
  );
}

function notFollowed(why: string): Problem {
  return problem('lesson-refused', 'The practice fleet did not do what the lesson asked for', {
    why,
    nextSteps: ['Start the practice fleet again, then take the tour again.'],
  });
}

function stopped(): Problem {
  return problem('lesson-stopped', 'The lesson was stopped', {});
}
