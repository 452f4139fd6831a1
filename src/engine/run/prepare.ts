import type { Problem } from '../../core/base/problem';
import { err } from '../../core/base/result';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { owedHooksPaths } from '../../core/cluster/hooks';
import { expectedFiles } from '../../core/cluster/hostFiles';
import { machinesOf } from '../../core/cluster/roles';
import type { FileQuestion } from '../../core/facts/fileFacts';
import type { HostFacts } from '../../core/facts/probe';
import type { HostTrials } from '../../core/hostChecks/hostCheck';
import { createDraft, type Draft } from '../../core/plan/draft';
import type { Plan } from '../../core/plan/plan';
import type { InstallScript } from '../../core/remote/install';
import { examine, probeOf, type Examined } from '../hosts/examine';
import type { Wanted } from '../operations/operation';
import { provision } from '../operations/provision';
import { addressAdvice, type AddressAdvice } from '../planning/addressNotes';
import { airgapQuestions } from '../planning/airgapFiles';
import { askImages } from '../planning/airgapImages';
import { desiredBalancers } from '../planning/balancers';
import { vrrpPasswordProblems } from '../planning/balancerProblems';
import { resolveChannel } from '../planning/channel';
import { desiredNodesInSteps, secretTexts } from '../planning/desired';
import type { Sha256 } from '../planning/sha256';
import { NO_LOCAL_FILES, type LocalFiles } from '../planning/localFile';
import { readLocalFiles, type LocalFileDependencies } from '../planning/localFiles';
import { fileQuestions } from '../planning/fileChange';
import { recordQuestions } from '../planning/recordedBalancers';
import { kubeVipQuestions } from '../planning/kubeVipLeaving';
import type { IgnoresFinding, Situation } from '../planning/situation';
import { clusterCaHash } from '../planning/starts';
import { findInstallScript } from '../planning/installScript';
import { findBinaries, type FindOptions, type FoundBinaries } from '../planning/releaseBinaries';
import { binaryQuestions } from '../planning/uploadedBinary';
import { localProgramProblems } from '../planning/localPrograms';
import { unitProblems } from '../planning/unitProblems';
import { secondLook } from '../planning/secondLook';
import { secretNotes } from '../planning/secretNotes';
import type {
  AddressLook,
  Clock,
  DatabaseClients,
  InstallScripts,
  ObjectStores,
  ProgramDoor,
  ReleaseFiles,
  RemoteHosts,
  SecretDoor,
} from '../ports';
import { resolveSecrets, type ResolvedSecrets } from '../secrets/resolveSecrets';
import { unsendableProblems } from '../secrets/sendable';
import { writtenSecrets } from '../secrets/writtenSecrets';
import { fetchSnapshot } from '../snapshots/fetchSnapshot';
import { askCluster } from './askCluster';
import { runMask, type RunMask } from './mask';
import { slicer } from './slices';

/** What looking at the hosts needs. */
export interface LookDependencies {
  readonly hosts: RemoteHosts;
  /** Without them the datastore is not tried. */
  readonly databases?: DatabaseClients;
  readonly secrets: SecretDoor;
  readonly clock: Clock;
  readonly sha256: Sha256;
  /** Hosts examined or worked on at the same time. */
  readonly parallel: number;
  /** What the file has ignored of the findings of machines; nothing when it is absent. */
  readonly ignores?: IgnoresFinding;
}

export interface PlanDependencies extends LookDependencies, LocalFileDependencies {
  readonly scripts: InstallScripts;
  /** Without it a plan that sends the binary from this machine is refused. */
  readonly releases?: ReleaseFiles;
  /** Without it a plan that runs something on this computer is refused. */
  readonly programs?: ProgramDoor;
  /** Without them nothing is got from S3. */
  readonly objects?: ObjectStores;
  /** Without it nobody looks at the fixed address. */
  readonly addresses?: AddressLook;
}

export interface PlanOptions extends FindOptions {
  /** Called when a host has been examined. */
  readonly onProbed?: (node: string, problem: Problem | undefined, done: number, total: number) => void;
}

/** A plan with what is needed to carry it out. All but the plan holds secrets: it stays inside the engine. */
export interface PreparedPlan extends Wanted {
  readonly plan: Plan;
  readonly situation: Situation;
  readonly secrets: ResolvedSecrets;
  /** The files of this machine that hosts get. */
  readonly files: LocalFiles;
  /** The script that the plan names, if it installs K3s anywhere. */
  readonly installScript?: InstallScript;
}

/**
 * Has the person agree to what goes to the hosts, resolves secrets, looks at every host once and computes what the wanted
 * operation would do. Changes nothing anywhere.
 */
export async function preparePlan(
  cluster: Cluster,
  deps: PlanDependencies,
  options: PlanOptions = {},
  wanted: Wanted = { operation: provision, intent: {} },
): Promise<PreparedPlan> {
  const admitted = await deps.secrets.admit();
  if (!admitted.ok) return refusedPlan(cluster, wanted, admitted.error);
  const read = await wanted.operation.reads?.(wanted.intent, deps.artifacts);
  if (read?.ok === false) return refusedPlan(cluster, wanted, read.error);
  const meant = read === undefined ? wanted : { ...wanted, intent: read.value };
  const resolved = await resolveSecrets(secretTexts(cluster), deps.secrets);
  const plain: ResolvedSecrets = resolved.ok ? resolved.value : { text: (written) => written, masks: [] };
  const secrets: ResolvedSecrets = { ...plain, masks: [...plain.masks, ...writtenSecrets(cluster, plain)] };
  const local = await readLocalFiles(cluster, deps);
  const missing = [...(resolved.ok ? [] : resolved.error), ...local.problems];
  const known = { secrets: { ...secrets, masks: [...secrets.masks, ...local.masks] }, files: local };
  const first: FirstLook = { find: (of, facts) => findBinaries(of, facts, deps.releases, secrets, options) };
  const decided = await decide(cluster, meant, known, missing, deps, options, first);
  const prepared = await withBrought(decided, known, deps, options, (brought) =>
    decide(cluster, brought, known, missing, deps, options, first),
  );
  const [ready, address] = await Promise.all([
    withInstallScript(prepared, deps, options),
    deps.addresses === undefined || prepared.situation.facts.size === 0
      ? { problems: [], notes: [] }
      : addressAdvice(prepared.situation, { ...deps, addresses: deps.addresses }, options.signal),
  ]);
  return withAdvice(ready, address, runMask(secrets.masks, deps.hosts));
}

/** Gets what the operation needs of elsewhere, now that the hosts have told what that is, and decides with it. */
async function withBrought(
  decided: PreparedPlan,
  { secrets }: Pick<PreparedPlan, 'secrets'>,
  deps: PlanDependencies,
  options: PlanOptions,
  again: (wanted: Wanted) => Promise<PreparedPlan>,
): Promise<PreparedPlan> {
  const { operation, intent, situation, plan } = decided;
  const object = situation.facts.size === 0 ? undefined : operation.brings?.(situation, intent);
  if (object === undefined || options.signal?.aborted === true) return decided;
  const got = 'code' in object ? err(object) : await fetchSnapshot(object, secrets, deps, options);
  const brought = got.ok ? await operation.reads?.({ ...intent, ...got.value }, deps.artifacts) : got;
  if (brought?.ok === true) return again({ operation, intent: brought.value });
  if (brought === undefined) return decided;
  const why = runMask(secrets.masks, deps.hosts).problem(brought.error);
  // A name that nobody knows is more likely wrong than lost, and what there is stands in the plan.
  const nowhere = why.code === 's3-object-missing' && 'name' in object && object.size === undefined;
  const problems = nowhere ? plan.problems.map((one) => ({ ...one, why: `${why.message}, either.` })) : [why];
  return { ...decided, plan: { ...plan, steps: [], problems } };
}

/** Looks again and decides again, with the secrets, the files and the install script that are known already. */
export async function prepareAgain(
  { operation, intent, secrets, files, installScript, situation: { ignores, trials } }: PreparedPlan,
  cluster: Cluster,
  deps: LookDependencies,
  options: PlanOptions = {},
): Promise<PreparedPlan> {
  const again = ignores === undefined ? deps : { ...deps, ignores };
  const prepared = await decide(
    cluster,
    { operation, intent },
    { secrets, files, trials: trials ?? {} },
    [],
    again,
    options,
  );
  return installScript === undefined ? prepared : { ...prepared, installScript };
}

function withAdvice(prepared: PreparedPlan, { problems, notes }: AddressAdvice, mask: RunMask): PreparedPlan {
  const { plan } = prepared;
  const all = [...plan.problems, ...problems.map(mask.problem)];
  return {
    ...prepared,
    plan: {
      ...plan,
      steps: all.length > 0 ? [] : plan.steps,
      problems: all,
      notes: [...plan.notes, ...notes.map(mask.line)],
    },
  };
}

/** Adds what only a person who reads the plan needs: the install script, and which secrets go where. */
async function withInstallScript(
  prepared: PreparedPlan,
  deps: PlanDependencies,
  { signal }: PlanOptions,
): Promise<PreparedPlan> {
  const { plan, situation, secrets } = prepared;
  const found = await findInstallScript(situation, plan.steps, { ...deps, masks: secrets.masks }, signal);
  const mask = runMask(secrets.masks, deps.hosts);
  const notAgreed = await localProgramProblems(situation, plan.steps, deps.programs);
  const problems = [...plan.problems, ...[...found.problems, ...notAgreed].map(mask.problem)];
  const steps = problems.length > 0 ? [] : plan.steps;
  const notes = [...plan.notes, ...[...found.notes, ...secretNotes(situation.cluster, steps)].map(mask.line)];
  return {
    ...prepared,
    plan: { ...plan, steps, problems, notes },
    ...(found.script === undefined ? {} : { installScript: found.script }),
  };
}

/** What of this machine a plan was made with. */
interface Known extends Pick<PreparedPlan, 'secrets' | 'files'> {
  /** What the first look has tried on the machines: nobody knocks there again while the plan is carried out. */
  readonly trials?: HostTrials;
}

/** What only the first look does, beside fixing what is meant by the wish. */
interface FirstLook {
  /** Gets what hosts lack, when the look at them has told it. */
  readonly find: (cluster: Cluster, facts: Situation['facts']) => Promise<FoundBinaries>;
}

async function decide(
  cluster: Cluster,
  { operation, intent: wish }: Wanted,
  { secrets, files: local, trials }: Known,
  missing: readonly Problem[],
  deps: LookDependencies,
  options: PlanOptions,
  /** Absent for a later look, which goes on with what the first one has got and fixed. */
  first?: FirstLook,
): Promise<PreparedPlan> {
  const mask = runMask(secrets.masks, deps.hosts);
  // What stands in the files of a host depends on nothing that the hosts tell.
  const inSlices = slicer(deps.clock);
  const wanted = await inSlices(desiredNodesInSteps(cluster, secrets, deps.sha256, local));
  const { facts, unreachable } = await probeAll(cluster, { ...local, wanted }, deps, options, mask.problem);
  const channel = await resolveChannel(cluster, facts, deps.hosts, options.signal);
  const found = missing.length > 0 ? undefined : await first?.find(channel.cluster, facts);
  const files = found === undefined ? local : { ...local, binaries: found.binaries };
  const live = await askCluster(cluster, facts, deps, operation.needs, options.signal);
  const hash = clusterCaHash(cluster, facts);
  const desired = await inSlices(desiredNodesInSteps(channel.cluster, secrets, deps.sha256, files, hash, facts));
  const images = await askImages({ cluster: channel.cluster, facts, desired }, deps, options.signal);
  const next = operation.outcome?.(channel.cluster, wish);
  const outcome =
    next === undefined
      ? undefined
      : {
          cluster: next,
          desired: await inSlices(desiredNodesInSteps(next, secrets, deps.sha256, files, hash, facts)),
          balancers: desiredBalancers(next, facts, secrets),
        };
  const situation: Situation = {
    cluster: channel.cluster,
    facts,
    unreachable,
    desired,
    balancers: desiredBalancers(channel.cluster, facts, secrets),
    ...(outcome === undefined ? {} : { outcome }),
    ...(live === undefined ? {} : { live }),
    ...(trials === undefined ? {} : { trials }),
    ...(files.airgap === undefined ? {} : { airgap: files.airgap, images }),
    ...(deps.ignores === undefined ? {} : { ignores: deps.ignores }),
  };
  const intent = first === undefined ? wish : (operation.bind?.(situation, wish) ?? wish);
  const draftOf = async (seen: Situation): Promise<Draft> => {
    const draft = createDraft();
    draft.refuse(
      ...missing,
      ...(missing.length > 0 ? [] : await inSlices(unsendableProblems(channel.cluster, desired))),
      ...(missing.length > 0 ? [] : vrrpPasswordProblems(channel.cluster, secrets)),
      ...channel.problems,
      ...(found?.problems ?? []),
    );
    draft.note(...channel.notes, ...(found?.notes ?? []));
    const planning = operation.plan(seen, intent, draft);
    if (planning !== undefined) await inSlices(planning);
    if (draft.problems.length === 0) draft.refuse(...unitProblems(seen, draft.steps));
    return draft;
  };
  const drafted = await draftOf(situation);
  const tried =
    drafted.problems.length > 0
      ? situation
      : await secondLook(situation, drafted.steps, { ...deps, files, ...options });
  const draft = tried === situation ? drafted : await draftOf(tried);
  const plan: Plan = {
    clusterName: cluster.name,
    machines: planMachines(cluster),
    steps: draft.problems.length > 0 ? [] : draft.steps,
    problems: draft.problems,
    notes: draft.notes,
  };
  return { operation, intent, plan: await inSlices(mask.plan(plan)), situation: tried, secrets, files };
}

/** Looks at every machine once, with the questions about files that the plan has. */
function probeAll(
  cluster: Cluster,
  { wanted, airgap }: Pick<LocalFiles, 'airgap'> & { readonly wanted: Situation['desired'] },
  deps: LookDependencies,
  { signal, onProbed }: PlanOptions,
  masked: (found: Problem) => Problem,
): Promise<Examined<HostFacts>> {
  const questions = (node: ClusterNode): readonly FileQuestion[] => [
    ...fileQuestions(wanted.get(node.id), [
      ...expectedFiles(cluster, node).map(({ path }) => path),
      ...owedHooksPaths(cluster),
    ]),
    ...kubeVipQuestions(cluster, node),
    ...recordQuestions(cluster, node),
    ...airgapQuestions(cluster, node, airgap),
    ...binaryQuestions(cluster),
  ];
  const ask = probeOf(cluster, questions);
  return examine(machinesOf(cluster), ask, deps, {
    masked,
    ...(signal === undefined ? {} : { signal }),
    ...(onProbed === undefined ? {} : { onExamined: onProbed }),
  });
}

function planMachines(cluster: Cluster): Plan['machines'] {
  return machinesOf(cluster).map(({ id, host }) => ({ id, host }));
}

/** No host was asked anything. */
function refusedPlan(cluster: Cluster, wanted: Wanted, why: Problem): PreparedPlan {
  const plan: Plan = {
    clusterName: cluster.name,
    machines: planMachines(cluster),
    steps: [],
    problems: [why],
    notes: [],
  };
  const situation: Situation = {
    cluster,
    facts: new Map(),
    unreachable: new Map(),
    desired: new Map(),
    balancers: new Map(),
  };
  return { ...wanted, plan, situation, secrets: { text: (written) => written, masks: [] }, files: NO_LOCAL_FILES };
}
