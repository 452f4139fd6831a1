import type { Path } from '../base/path';
import type { TextEdit } from '../base/text';
import type { ClusterDocument, PathPart } from '../document/clusterDocument';
import type { Cluster } from '../cluster/cluster';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

export interface RuleContext {
  readonly document: ClusterDocument;
  readonly cluster: Cluster;
}

/** One thing that is wrong, where, and what follows from it. */
export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  /** Names the hosts and values of this file and the consequence. */
  readonly message: string;
  readonly path: Path;
  readonly part: PathPart;
  /** Other places that disagree with this one. */
  readonly related?: readonly { readonly path: Path; readonly part: PathPart; readonly message: string }[];
  /** What {@link Rule.fix} needs to know again, e.g. the missing address. */
  readonly data?: Readonly<Record<string, string>>;
}

export interface Fix {
  /** Imperative, shown in the light-bulb menu. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The one that "Fix all" and the CLI may take without asking. */
  readonly safe: boolean;
  /** Secrets that the shell must store before it applies the edits: reference name → value. */
  readonly storeSecrets?: Readonly<Record<string, string>>;
  /** A placeholder whose value only the person knows: the shell asks for it and fills it in; `edits` only show where. */
  readonly asksFor?: string;
}

/** One availability rule. A rule is pure and never throws. */
export interface Rule {
  /** Stable kebab-case id; also the diagnostic code and the name of its documentation page. */
  readonly id: string;
  readonly severity: Severity;
  /** One line for tables. */
  readonly title: string;
  /** Why it matters, in one or two paragraphs of Markdown, for the documentation page. */
  readonly rationale: string;
  /** K3s documents or source files that prove it. */
  readonly sources: readonly { readonly label: string; readonly url: string }[];
  check(context: RuleContext): readonly Finding[];
  fix?(context: RuleContext, finding: Finding): readonly Fix[];
}
