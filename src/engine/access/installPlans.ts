import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { say } from '../../core/base/say';
import { count, listed } from '../../core/base/words';
import type { PlanObject } from '../../core/authoring/export/systemUpgradeController';
import type { Cluster } from '../../core/cluster/cluster';
import { nodeHealth, type NodeHealth } from '../../core/health/nodeHealth';
import { runningOperator, type RunningWorkload, type UpgradePlan } from '../../core/k3s/otherOperators';
import type { ClusterMarks } from '../../core/remote/clusterMarks';
import { operatorProblems } from '../planning/operators';
import { awaitSettled } from '../steps/awaitSettled';
import type { ApiEndpoint, Clock, ClusterApi, ObjectApi } from '../ports';

const PAUSE_MS = 3000;

/** A server that restarts takes the API away for longer than one question, and an upgrade restarts all of them. */
const SILENT_MS = 180_000;

const KIND = '/apis/upgrade.cattle.io/v1';

export interface PlanDependencies {
  readonly api: ObjectApi & Pick<ClusterApi, 'listNodes'>;
  readonly endpoint: ApiEndpoint;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called with each state of the upgrade, in words. */
  readonly tell: (words: string) => void;
}

/** Why plans of the system-upgrade-controller may not be installed now; changes nothing. */
export async function plansRefused(
  cluster: Cluster,
  plans: readonly PlanObject[],
  { api, endpoint, clock, signal }: PlanDependencies,
): Promise<Problem | undefined> {
  const found: unknown[] = [];
  for (const path of [`${KIND}/plans`, '/apis/apps/v1/deployments', '/apis/apps/v1/daemonsets']) {
    const read = await api.readObject(endpoint, path, signal);
    if (!read.ok) return read.error;
    found.push(read.value);
  }
  const [installed, deployments, daemonSets] = found;
  const workloads = [...itemsOf(deployments).map(workload), ...itemsOf(daemonSets).map(workload)];
  if (installed === undefined || runningOperator('system-upgrade-controller', workloads) === undefined)
    return problem(
      'controller-missing',
      say`No system-upgrade-controller runs in this cluster, so nobody would carry its plans out`,
      {
        nextSteps: [
          say`Install it first, as https://docs.k3s.io/upgrades/automated says, or let K3s HA upgrade the cluster: "k3s-ha upgrade".`,
        ],
      },
    );
  const nodes = await api.listNodes(endpoint, signal);
  if (!nodes.ok) return nodes.error;
  const own = new Set(plans.map(nameOf));
  const marks: ClusterMarks = {
    endpoints: [],
    plans: itemsOf(installed)
      .map(seenPlan)
      .filter(({ name }) => !own.has(name)),
    workloads,
    manualLock: itemsOf(daemonSets).some(({ metadata }) =>
      /"nodeID":\s*"manual"/.test(metadata?.annotations?.[LOCK] ?? ''),
    ),
  };
  const live = { through: '', nodes: nodes.value.map((node) => nodeHealth(node, clock.now())) };
  return operatorProblems({ cluster, marks, live }, [awaitSettled])[0];
}

/**
 * Installs the plans by server-side apply and watches them until every node has their release. Ends early when a job of theirs
 * has failed. What was installed stays, whoever stops watching.
 */
export async function installPlans(
  plans: readonly PlanObject[],
  { api, endpoint, clock, signal, tell }: PlanDependencies,
): Promise<Result<void, Problem>> {
  for (const plan of plans) {
    const { name, namespace } = plan.metadata;
    const applied = await api.applyObject(endpoint, `${KIND}/namespaces/${namespace}/plans/${name}`, plan, signal);
    if (!applied.ok) return applied;
    tell(say`${nameOf(plan)} is installed.`);
  }
  let heardAt = clock.now();
  let told = '';
  for (;;) {
    const look = await lookAt(plans, { api, endpoint, clock, signal });
    if (look.ok) {
      heardAt = clock.now();
      if (look.value.failure !== undefined) return err(look.value.failure);
      if (look.value.words !== told) tell(look.value.words);
      told = look.value.words;
      if (look.value.isOver) return ok(undefined);
    } else if (signal.aborted || clock.now() - heardAt > SILENT_MS) return look;
    try {
      await clock.sleep(PAUSE_MS, signal);
    } catch {
      return err(problem('plans-unwatched', say`The plans are installed and go on; nobody watches them any more`));
    }
  }
}

interface Look {
  readonly words: string;
  readonly isOver: boolean;
  readonly failure?: Problem;
}

async function lookAt(
  plans: readonly PlanObject[],
  { api, endpoint, clock, signal }: Omit<PlanDependencies, 'tell'>,
): Promise<Result<Look, Problem>> {
  const read = await api.readObject(endpoint, `${KIND}/plans`, signal);
  if (!read.ok) return read;
  const listedNodes = await api.listNodes(endpoint, signal);
  if (!listedNodes.ok) return listedNodes;
  const nodes = listedNodes.value.map((node) => nodeHealth(node, clock.now()));
  const wanted = new Set(plans.map(nameOf));
  const own = itemsOf(read.value).filter((item) => wanted.has(seenPlan(item).name));
  const seen = own.map(seenPlan);
  const release = seen.flatMap(({ resolved, version }) => resolved ?? version ?? [])[0]?.replace('-k3s', '+k3s');
  const done = nodes.filter(({ version }: NodeHealth) => version === release);
  const working = seen.filter(({ applying }) => applying.length > 0);
  const at = working.map(({ name, applying }) => say`${name} is at work on ${listed(applying)}`);
  const failed = own.flatMap((item) =>
    (item.status?.conditions ?? []).filter(isFailure).map((one) => ({ item, one })),
  )[0];
  return ok({
    words: [
      ...at,
      release === undefined
        ? say`the controller has not chosen a release yet`
        : say`${done.length} of ${count(nodes.length, 'node')} run ${release}`,
    ].join('; '),
    isOver: release !== undefined && done.length === nodes.length && working.length === 0,
    ...(failed === undefined
      ? {}
      : {
          failure: problem('plan-failed', say`The plan ${seenPlan(failed.item).name} does not go on`, {
            why: failed.one.message ?? failed.one.reason ?? '',
            nextSteps: [
              say`Look at its jobs ("kubectl get jobs,pods --namespace system-upgrade"); the plan stays installed.`,
            ],
          }),
        }),
  });
}

const LOCK = 'weave.works/kured-node-lock';

/** The fields of objects of the API that count here; all of them may be missing. */
interface Item {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly version?: string;
    readonly replicas?: number;
    readonly upgrade?: { readonly image?: string };
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  };
  readonly status?: {
    readonly latestVersion?: string;
    readonly applying?: readonly string[];
    readonly desiredNumberScheduled?: number;
    readonly conditions?: readonly Condition[];
  };
}

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A plan that is invalid, or whose job has failed for good. */
function isFailure({ type, status, reason = '' }: Condition): boolean {
  return status === 'False' && (type === 'Validated' || /fail|error/i.test(reason));
}

function itemsOf(list: unknown): readonly Item[] {
  const items = (list as { readonly items?: unknown } | undefined)?.items;
  return Array.isArray(items) ? (items as readonly Item[]) : [];
}

function nameOf({ metadata }: { readonly metadata?: { readonly name?: string; readonly namespace?: string } }): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

function seenPlan(item: Item): UpgradePlan {
  const { version, upgrade } = item.spec ?? {};
  const { latestVersion, applying = [] } = item.status ?? {};
  return {
    name: nameOf(item),
    ...(version === undefined ? {} : { version }),
    ...(latestVersion === undefined ? {} : { resolved: latestVersion }),
    ...(upgrade?.image === undefined ? {} : { image: upgrade.image }),
    applying,
  };
}

function workload(item: Item): RunningWorkload {
  const pods = item.spec?.replicas ?? item.status?.desiredNumberScheduled;
  return {
    name: nameOf(item),
    images: (item.spec?.template?.spec?.containers ?? []).flatMap(({ image }) => image ?? []),
    ...(pods === undefined ? {} : { pods }),
  };
}
