import type { Cluster } from '../../core/cluster/cluster';
import type { FaultId } from '../../core/health/simulation';
import type { NodeHealth } from '../../core/health/nodeHealth';

export type LessonId = 'server' | 'quorum' | 'zone' | 'balancer' | 'agent';

/** Something to expect, and something that happens. */
export interface Prediction {
  readonly id: string;
  readonly label: string;
}

/** What is taken away: a host id or `load-balancer`, and how. */
export interface Taken {
  readonly place: string;
  readonly fault: FaultId;
}

/** A lesson about one cluster. */
export interface LessonPlan {
  readonly id: LessonId;
  readonly title: string;
  readonly question: string;
  readonly choices: readonly Prediction[];
  readonly taken: readonly Taken[];
  /** Parts of the diagram that stand for it. */
  readonly parts: readonly string[];
  /** Nodes of which Kubernetes has to say something before the answer is known; none: Kubernetes cannot be asked then. */
  readonly noticed: readonly string[];
  /** Which of the choices it was. */
  happened(seen: LessonRecord): string;
  /** What the diagram's calculation says it will be; undefined where it calculates something else. */
  calculated?(cluster: Cluster): string;
  /** In one sentence, why. */
  readonly why: string;
}

/** What was seen while it was away. */
export interface LessonRecord {
  /** Whether the API answered at the fixed address in the end. */
  readonly apiAnswers: boolean;
  /** The longest time without an answer, in milliseconds of the simulation. */
  readonly longestGapMs: number;
  /** When Kubernetes said that a node is not ready, in milliseconds of the simulation; absent when it did not. */
  readonly noticedAfterMs?: number;
  /** When the machine itself was seen to be silent, in milliseconds of the simulation. */
  readonly silentAfterMs?: number;
  /** Nodes that Kubernetes calls other than ready, and how. */
  readonly kubernetes: readonly Pick<NodeHealth, 'name' | 'reason'>[];
}

/** A subject of lessons: what it is like in this cluster; undefined where the cluster has no such thing. */
export type Lesson = (cluster: Cluster) => LessonPlan | undefined;
