import type {
  Answer,
  Band,
  Box,
  CutSet,
  Edge,
  Frame,
  Head,
  Layout,
  Mark,
  Outlook,
  Part,
  PartStatus,
  PartStep,
  RunState,
  SimulatedPart,
  SinglePoint,
  StatusChange,
  Survival,
  TopologyAction,
  TopologyGraph,
  TopologySnapshot,
  Wire,
  WireLabel,
} from '../core/topology/model';
import { either, isBoolean, isNumber, isString, listOf, objectOf, oneOf, optional, pairOf, recordOf } from './shape';

const mark = objectOf<Mark>({
  ruleId: isString,
  severity: oneOf('error', 'warning', 'info', 'hint'),
  message: isString,
  fixable: isBoolean,
});

const part = objectOf<Part>({
  id: isString,
  kind: oneOf(
    'clients',
    'load-balancer',
    'balancer-host',
    'address',
    'server',
    'etcd-member',
    'database',
    'sqlite',
    'agents',
    'agent',
    'zone',
    'network',
  ),
  label: isString,
  detail: optional(isString),
  zone: optional(isString),
  path: listOf(either(isString, isNumber)),
  marks: listOf(mark),
  nodeId: optional(isString),
  inside: optional(isString),
  count: optional(isNumber),
  between: optional(pairOf(isString)),
});

const edgeKind = oneOf('api', 'forward', 'registration', 'client-lb', 'datastore', 'peer', 'vrrp');

const edge = objectOf<Edge>({
  id: isString,
  kind: edgeKind,
  from: isString,
  to: isString,
  port: isString,
  protocol: oneOf('TCP', 'VRRP'),
});

const graph = objectOf<TopologyGraph>({ parts: listOf(part), edges: listOf(edge), marks: listOf(mark) });

const sides = { x: isNumber, y: isNumber, width: isNumber, height: isNumber } as const;

const layout = objectOf<Layout>({
  width: isNumber,
  height: isNumber,
  bands: listOf(
    objectOf<Band>({
      ...sides,
      id: oneOf('balancer', 'servers', 'datastore', 'agents'),
      title: isString,
      note: isString,
      above: optional(isBoolean),
    }),
  ),
  frames: listOf(objectOf<Frame>({ ...sides, id: isString, label: isString })),
  boxes: recordOf(objectOf<Box>(sides)),
  wires: listOf(
    objectOf<Wire>({
      id: isString,
      kind: edgeKind,
      points: listOf(pairOf(isNumber)),
      arrow: isBoolean,
      edges: listOf(isString),
    }),
  ),
  labels: listOf(
    objectOf<WireLabel>({ kind: edgeKind, x: isNumber, y: isNumber, anchor: oneOf('start', 'end'), text: isString }),
  ),
  ring: optional(objectOf<NonNullable<Layout['ring']>>({ ...sides, caption: isString })),
});

const outcome = oneOf('yes', 'partly', 'no', 'unknown');

const answer = objectOf<Answer>({ outcome, reason: isString });

const survival = objectOf<Survival>({
  failed: listOf(isString),
  cutOff: listOf(isString),
  api: answer,
  datastore: answer,
  join: answer,
  workloads: answer,
  kubeconfig: answer,
  quorum: optional(
    objectOf<NonNullable<Survival['quorum']>>({
      members: isNumber,
      needed: isNumber,
      alive: isNumber,
      margin: isNumber,
    }),
  ),
});

const run = objectOf<RunState>({
  phase: oneOf('idle', 'planning', 'planned', 'running', 'done', 'failed', 'unfinished'),
  words: isString,
  done: optional(isNumber),
  total: optional(isNumber),
});

const step = objectOf<PartStep>({
  title: isString,
  state: oneOf('pending', 'running', 'done', 'failed', 'unknown', 'skipped', 'cancelled'),
});

const statuses = recordOf(
  objectOf<PartStatus>({
    state: oneOf('planned', 'unknown', 'absent', 'installing', 'starting', 'not-ready', 'ready', 'failed'),
    words: isString,
    facts: optional(listOf(isString)),
    steps: optional(listOf(step)),
    drift: optional(listOf(isString)),
    can: optional(isString),
  }),
);

/** Of the cluster as a whole. */
const whole = {
  simulated: isBoolean,
  simulation: optional(recordOf(objectOf<SimulatedPart>({ marks: listOf(isString), words: listOf(isString) }))),
  drift: listOf(isString),
  run,
  actions: listOf(
    objectOf<TopologyAction>({ id: isString, label: isString, primary: isBoolean, obstacle: optional(isString) }),
  ),
  head: objectOf<Head>({
    mode: oneOf('as designed', 'now', 'last known', 'what if'),
    base: oneOf('as designed', 'now', 'last known'),
    note: isString,
    outcome,
    words: isString,
    question: isString,
    warning: isString,
  }),
} as const;

/** What failures mean. */
const outlook = {
  chosen: listOf(isString),
  down: listOf(isString),
  survival,
  singlePoints: listOf(
    objectOf<SinglePoint>({ partId: isString, label: isString, reason: isString, certain: isBoolean }),
  ),
  cutSets: listOf(objectOf<CutSet>({ partIds: listOf(isString), words: isString })),
  maintenance: recordOf(answer),
} as const;

export const isStatusChange = objectOf<StatusChange>({
  ...whole,
  revision: isNumber,
  after: isNumber,
  status: statuses,
  without: listOf(isString),
  outlook: optional(objectOf<Outlook>(outlook)),
});

/** The whole snapshot, field by field. */
export const isSnapshot = objectOf<TopologySnapshot>({
  ...whole,
  ...outlook,
  revision: isNumber,
  file: isString,
  title: isString,
  graph,
  layout,
  status: statuses,
  expanded: listOf(isString),
});
