import type { Path } from '../base/path';
import type { StepState } from '../plan/step';
import type { Severity } from '../rules/rule';

/** What a part of the picture is. */
export type PartKind =
  | 'clients'
  | 'load-balancer'
  | 'balancer-host'
  | 'address'
  | 'server'
  | 'etcd-member'
  | 'database'
  | 'sqlite'
  | 'agents'
  | 'agent'
  | 'zone'
  | 'network';

/** One thing that can stand in the picture, be selected and fail. Holds nothing of the configuration but what is drawn. */
export interface Part {
  /** Stable as long as the file names the thing the same way, e.g. `server:server-1`. */
  readonly id: string;
  readonly kind: PartKind;
  readonly label: string;
  /** Second line: an address, a product, what it does. Never holds credentials. */
  readonly detail?: string;
  readonly zone?: string;
  /** Where the file describes it. */
  readonly path: Path;
  readonly marks: readonly Mark[];
  /** Id of the cluster node that it is or runs on. */
  readonly nodeId?: string;
  /** Id of the part that it is drawn inside of. */
  readonly inside?: string;
  /** Number of agents of a group. */
  readonly count?: number;
  /** The zones that a network connects. */
  readonly between?: readonly [string, string];
}

/** A finding as the picture shows it. */
export interface Mark {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  /** The rule has quick fixes; there may be none for this file. */
  readonly fixable: boolean;
}

export type EdgeKind = 'api' | 'forward' | 'registration' | 'client-lb' | 'datastore' | 'peer' | 'vrrp';

/** A network path that the cluster needs, from the side that opens the connection. */
export interface Edge {
  readonly id: string;
  readonly kind: EdgeKind;
  readonly from: string;
  readonly to: string;
  /** Port or range as written in firewall rules, e.g. `6443` or `2379–2380`; empty for protocols without ports. */
  readonly port: string;
  readonly protocol: 'TCP' | 'VRRP';
}

export interface TopologyGraph {
  readonly parts: readonly Part[];
  readonly edges: readonly Edge[];
  /** Findings about the cluster as a whole: they belong to no single part. */
  readonly marks: readonly Mark[];
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A horizontal strip: one tier of the cluster. */
export interface Band extends Box {
  readonly id: 'balancer' | 'servers' | 'datastore' | 'agents';
  readonly title: string;
  /** Second line of the title; empty when there is nothing to add. */
  readonly note: string;
  /** The title stands above what is in the band, not beside it. */
  readonly above?: boolean;
}

/** The nodes of one zone within a band. */
export interface Frame extends Box {
  readonly id: string;
  readonly label: string;
}

/** A line to draw; `edges` are the connections that run over it. */
export interface Wire {
  readonly id: string;
  readonly kind: EdgeKind;
  readonly points: readonly (readonly [number, number])[];
  readonly arrow: boolean;
  readonly edges: readonly string[];
}

export interface WireLabel {
  readonly kind: EdgeKind;
  readonly x: number;
  /** Baseline of the text. */
  readonly y: number;
  readonly anchor: 'start' | 'end';
  readonly text: string;
}

/** Where everything stands, in pixels at 100 %. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly Band[];
  readonly frames: readonly Frame[];
  /** By part id; parts without a box are not drawn (members of a collapsed group). */
  readonly boxes: Readonly<Record<string, Box>>;
  readonly wires: readonly Wire[];
  readonly labels: readonly WireLabel[];
  /** The etcd ring: members sit on its upper edge. */
  readonly ring?: Box & { readonly caption: string };
}

export type NodeState = 'planned' | 'unknown' | 'absent' | 'installing' | 'starting' | 'not-ready' | 'ready' | 'failed';

/** State and a sentence a person understands. */
export interface PartStatus {
  readonly state: NodeState;
  readonly words: string;
  /** More about it, a line each, such as role and release of a live node. */
  readonly facts?: readonly string[];
  /** What a plan does there, and how far its run is. */
  readonly steps?: readonly PartStep[];
  /** Where it is not as the file says. */
  readonly drift?: readonly string[];
  /** What of its state menus ask: `ready open`. */
  readonly can?: string;
}

/** A step of a plan or a run. */
export interface PartStep {
  readonly title: string;
  readonly state: StepState;
}

/** `unknown`: only the running cluster could tell, and it does not answer. */
export type Outcome = 'yes' | 'partly' | 'no' | 'unknown';

export interface Answer {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** What still works when some parts have failed. */
export interface Survival {
  /** Everything that is down: the given parts and whatever falls with them. */
  readonly failed: readonly string[];
  /** Those of them that run, but do not reach the side that goes on. */
  readonly cutOff: readonly string[];
  /** Does the API answer at the fixed address? */
  readonly api: Answer;
  readonly datastore: Answer;
  /** Can new nodes join? */
  readonly join: Answer;
  /** Do running workloads go on? */
  readonly workloads: Answer;
  /** Does the kubeconfig that the extension writes still work? */
  readonly kubeconfig: Answer;
  /** For etcd only. */
  readonly quorum?: Quorum;
}

export interface Quorum {
  readonly members: number;
  readonly needed: number;
  readonly alive: number;
  /** How many more members may fail; negative when quorum is lost. */
  readonly margin: number;
}

/** A part whose failure alone takes the API away from its clients. */
export interface SinglePoint {
  readonly partId: string;
  readonly label: string;
  readonly reason: string;
  /** False when the file names one address that may hide a redundant service. */
  readonly certain: boolean;
}

/** Parts that take the API away when all of them fail, and fewer of them do not. */
export interface CutSet {
  /** One such set. */
  readonly partIds: readonly string[];
  /** All sets like it, e.g. `any 2 of 3 servers`. */
  readonly words: string;
}

/** What the shell is doing with this cluster. */
export interface RunState {
  /** `unfinished`: it ended before all was done, and nothing failed. */
  readonly phase: 'idle' | 'planning' | 'planned' | 'running' | 'done' | 'failed' | 'unfinished';
  readonly words: string;
  /** Finished and all steps, while running and of a run that is not finished. */
  readonly done?: number;
  readonly total?: number;
}

/** Something the toolbar offers; the shell decides what and checks again when it is asked for. */
export interface TopologyAction {
  readonly id: string;
  readonly label: string;
  readonly primary: boolean;
  /** Why it cannot be done now, as a sentence; absent when it can. */
  readonly obstacle?: string;
}

/** The cluster as its file has it: stays while only the state of the parts changes. */
export interface Picture {
  readonly graph: TopologyGraph;
  readonly layout: Layout;
  /** Ids of the groups that are expanded. */
  readonly expanded: readonly string[];
}

/** What failures mean: on top of what has really failed where the running cluster is known, else of the cluster as designed. */
export interface Outlook {
  /** Parts that the user lets fail. */
  readonly chosen: readonly string[];
  /** Everything that is really down, with whatever falls with it. */
  readonly down: readonly string[];
  readonly survival: Survival;
  readonly singlePoints: readonly SinglePoint[];
  /** The smallest sets that take the API down. */
  readonly cutSets: readonly CutSet[];
  /** May this part be taken down now? By part id; that of a group of agents is about one of them. */
  readonly maintenance: Readonly<Record<string, Answer>>;
}

/** What the picture is of: the file alone, the running cluster, one that no longer answers, or a thought on top of these. */
export type Mode = 'as designed' | 'now' | 'last known' | 'what if';

/** What stands above the picture: it says what the picture is of before it says anything else. */
export interface Head {
  readonly mode: Mode;
  /** What it is of when nothing fails in thought. */
  readonly base: Exclude<Mode, 'what if'>;
  /** Beside the mode, e.g. `nothing runs yet`; empty when there is nothing to add. */
  readonly note: string;
  readonly outcome: Outcome;
  /** The verdict, as sentences. */
  readonly words: string;
  /** Over the five questions, e.g. `What if server-1 fails, too`. */
  readonly question: string;
  /** Why the picture is not of the file as it stands there; empty when it is. */
  readonly warning: string;
}

/** What fails at a place of a practice fleet because somebody wants it to: at a node, `load-balancer`, or the network part of two zones. */
export interface SimulatedPart {
  /** For `when` clauses of menus. */
  readonly marks: readonly string[];
  /** Sentences for people. */
  readonly words: readonly string[];
}

/** How the cluster is, without its parts. */
export interface WholeStatus {
  /** The hosts are simulated: said in the picture at all times. */
  readonly simulated: boolean;
  /** What somebody lets fail in a practice fleet; absent where none plays this cluster. */
  readonly simulation?: Readonly<Record<string, SimulatedPart>>;
  /** Where the running cluster as a whole is not as the file says. */
  readonly drift: readonly string[];
  readonly run: RunState;
  readonly actions: readonly TopologyAction[];
  readonly head: Head;
}

/** Everything the diagram shows. */
export interface TopologySnapshot extends Picture, Outlook, WholeStatus {
  /** Grows with every snapshot and every change of one panel; older ones are ignored. */
  readonly revision: number;
  /** URI of the cluster file: the page keeps it, so that a restored page finds its file again. */
  readonly file: string;
  readonly title: string;
  /** By part id. */
  readonly status: Readonly<Record<string, PartStatus>>;
}

/** What differs between two snapshots with the same picture. */
export interface StatusChange extends WholeStatus {
  /** Of the snapshot that it makes. */
  readonly revision: number;
  /** Revision of the snapshot that it changes. */
  readonly after: number;
  /** The parts whose status is another one. */
  readonly status: Readonly<Record<string, PartStatus>>;
  /** Ids of the parts that have none any more. */
  readonly without: readonly string[];
  /** Absent when it is the same. */
  readonly outlook?: Outlook;
}
