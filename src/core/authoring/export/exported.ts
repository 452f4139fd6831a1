import type { Problem } from '../../base/problem';
import type { Result } from '../../base/result';
import type { Cluster } from '../../cluster/cluster';

/** A file that another tool reads. */
export interface ExportedFile {
  /** Its name in the folder that the person names. */
  readonly name: string;
  readonly text: string;
}

export interface Exported {
  readonly files: readonly ExportedFile[];
  /** What the cluster file says and the other tool is not told, a sentence each. */
  readonly left: readonly string[];
}

/** A form that an existing tool reads. No secret is ever in it: where one belongs stands where it comes from. */
export interface ExportForm {
  readonly id: string;
  readonly title: string;
  make(cluster: Cluster): Result<Exported, Problem>;
}
