import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import { nodesOf } from '../../core/cluster/roles';
import { ok, type Result } from '../../core/base/result';
import type { ToolName } from '../ids';
import type { Operations } from '../operations/operations';
import type { PlanDocuments } from '../operations/planDocuments';
import { asData, healthAnswer, meantCluster, survivalAnswer, validation } from './toolAnswers';

/** What tools of language models work on. */
export interface ToolDependencies {
  readonly store: Pick<ClusterStore, 'all' | 'get'>;
  readonly plans: Pick<PlanDocuments, 'about'>;
  isTrusted(): boolean;
  /** The file as the person knows it. */
  labelOf(state: StoredCluster): string;
  operations(): Pick<Operations, 'run'>;
}

/** What a model wrote: nothing of it is believed. */
type Input = Readonly<Record<string, unknown>>;

/** What VS Code asks the person before a tool runs. */
export interface ToolQuestion {
  readonly title: string;
  readonly message: string;
}

const NOT_TRUSTED = 'The workspace is not trusted: K3s HA answers no language model here.';

/** What may be asked for through a model; what takes machines or data away is left to people. */
const OPERATIONS = {
  provision: { words: 'Provision', node: false },
  restart: { words: 'Restart K3s', node: true },
  drain: { words: 'Drain', node: true },
  reboot: { words: 'Reboot', node: true },
  'save-snapshot': { words: 'Take a snapshot', node: false },
  'renew-certificates': { words: 'Renew the certificates', node: false },
} as const;

type Wish = {
  readonly operation: keyof typeof OPERATIONS;
  readonly state: StoredCluster;
  readonly node?: string;
};

/** What the person is asked before a tool runs; nothing is asked for tools that only read. */
export async function prepareTool(
  name: ToolName,
  input: Input,
  deps: ToolDependencies,
): Promise<ToolQuestion | undefined> {
  if (name !== 'k3s-ha_operate' || !deps.isTrusted()) return undefined;
  const wish = await wishOf(input, deps);
  // Invoking it answers why not; without a question nothing could be done either.
  if (!wish.ok) return undefined;
  return {
    title: wordsOf(wish.value),
    message:
      'A language model asks for it. K3s HA then examines the machines, and asks you again with the plan before it changes anything.',
  };
}

/** The answer of a tool, as text for the model. */
export async function invokeTool(name: ToolName, input: Input, deps: ToolDependencies): Promise<string> {
  if (!deps.isTrusted()) return NOT_TRUSTED;
  if (name === 'k3s-ha_operate') return operate(input, deps);
  const state = await stateOf(input, deps);
  if (!state.ok) return state.error;
  const answer = READ[name](state.value, input, deps);
  return answer.ok ? asData(answer.value) : answer.error;
}

type Reader = (state: StoredCluster, input: Input, deps: ToolDependencies) => Result<object, string>;

const READ: Readonly<Record<Exclude<ToolName, 'k3s-ha_operate'>, Reader>> = {
  'k3s-ha_validate': (state) => ok(validation(state)),
  'k3s-ha_health': (state) => ok(healthAnswer(state)),
  'k3s-ha_survives': (state, { fails }) => survivalAnswer(state, fails),
  'k3s-ha_plan': (state, _, { plans }) => {
    const shown = plans.about(state.uri);
    return ok(
      shown === undefined
        ? { plan: null, hint: 'No plan is open. The person can make one with the command K3s HA: Preview Plan.' }
        : { plan: shown.document.text },
    );
  },
};

async function stateOf(input: Input, { store, labelOf }: ToolDependencies): Promise<Result<StoredCluster, string>> {
  return meantCluster(await store.all(), input['cluster'], labelOf);
}

async function wishOf(input: Input, deps: ToolDependencies): Promise<Result<Wish, string>> {
  const asked = String(input['operation']);
  const operation = (Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[]).find((one) => one === asked);
  if (operation === undefined)
    return { ok: false, error: `"${asked}" cannot be asked for. What can: ${Object.keys(OPERATIONS).join(', ')}.` };
  const state = await stateOf(input, deps);
  if (!state.ok) return state;
  if (!OPERATIONS[operation].node) return ok({ operation, state: state.value });
  const node = nodesOf(state.value.cluster).find(({ id }) => id === input['node'])?.id;
  return node === undefined
    ? {
        ok: false,
        error: `Say on which node: ${nodesOf(state.value.cluster)
          .map(({ id }) => id)
          .join(', ')}.`,
      }
    : ok({ operation, state: state.value, node });
}

function wordsOf({ operation, state, node }: Wish): string {
  return `${OPERATIONS[operation].words}: ${node === undefined ? '' : `${node} of `}${state.cluster.name}`;
}

/** The same as the person's own command: its questions, guards, lease and record. */
async function operate(input: Input, deps: ToolDependencies): Promise<string> {
  const wish = await wishOf(input, deps);
  if (!wish.ok) return wish.error;
  const { operation, state, node } = wish.value;
  await deps
    .operations()
    .run(operation, { uri: state.uri, ...(node === undefined ? {} : { row: { id: `node:${node}` } }) });
  const now = await deps.store.get(state.uri);
  return asData({
    asked: wordsOf(wish.value),
    told: 'The command has ended; what it did and what it asked was shown to the person and stands in the history of the cluster.',
    ...(now === undefined ? {} : { now: healthAnswer(now) }),
  });
}
