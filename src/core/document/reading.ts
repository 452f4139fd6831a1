import type { SyntaxProblem } from './clusterDocument';
import type { TreeNode } from './tree';
import type { YamlReading } from './readYaml';

/** A text with all that was read in it: what the next reading of the same file starts from. */
export interface Reading extends YamlReading {
  readonly text: string;
  readonly data: unknown;
  /** Those that are shown. */
  readonly problems: readonly SyntaxProblem[];
  /** The data of anchored maps and lists, which aliases share. */
  readonly shared: ReadonlyMap<TreeNode, unknown>;
}
