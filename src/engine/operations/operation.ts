import type { Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import type { Steps } from '../../core/base/steps';
import type { Cluster } from '../../core/cluster/cluster';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import type { Situation } from '../planning/situation';
import type { StoredSnapshot } from '../planning/storedSnapshot';
import type { ArtifactFolder } from '../ports';

/** Something that can be done to a cluster: the facts that it needs are read, its planner decides, the steps are run. */
export interface Operation<Intent> {
  readonly id: string;
  /** As a command is called, e.g. `Provision Cluster`. */
  readonly title: string;
  /** How it is confirmed: not at all where nothing is taken away, by a look at the plan, or by typing the cluster's name as well. */
  readonly asks: 'nothing' | 'plan' | 'plan-and-name';
  /** Reads files of this computer that the wish names, before the hosts are looked at; a problem ends it there. */
  reads?(intent: Intent, artifacts: ArtifactFolder): Promise<Result<object, Problem>>;
  /** Pure: what has to be got to this computer once the hosts have been seen, so that it can be planned with. */
  brings?(situation: Situation, intent: Intent): StoredSnapshot | Problem | undefined;
  /**
   * Pure: the same situation and intent give the same plan. Problems that it finds leave the plan without steps. What takes
   * its time for a thousand machines yields between them, so that nothing else has to wait.
   */
  plan(situation: Situation, intent: Intent, draft: Draft): void | Steps<void>;
  /** The cluster as it is to be afterwards, where that is another one than the file has. */
  outcome?(cluster: Cluster, intent: Intent): Cluster;
  /** The file loses the machines that the outcome does not have. */
  readonly forgets?: true;
  /** What the person is warned of before typing the name; that it cannot be undone where this says nothing else. */
  readonly costs?: string;
  /** What has to be typed instead of the cluster's name; nothing when a look at the plan is enough after all. */
  typed?(situation: Situation, intent: Intent): string | undefined;
  /** It brings back what the cluster was, its lease included. */
  readonly turnsBack?: true;
  /** What its planner needs to know of the running cluster beside nodes and members. */
  readonly needs?: 'snapshots';
  /**
   * What is meant once the hosts have been seen, such as the run of K3s that is to end: by it a later look tells what is
   * done already. Left out where the wanted state says that itself.
   */
  bind?(situation: Situation, intent: Intent): object;
  /** Steps that prove what is there when nothing has to be changed. */
  proof?(situation: Situation, intent: Intent): readonly Step[];
  /** What follows a run that succeeded. */
  readonly then?: 'kubeconfig' | 'refresh' | 'snapshots';
}

/** An operation, and what the person wants of it, such as the node that is to go. */
export interface Wanted {
  readonly operation: Operation<object>;
  readonly intent: object;
}
