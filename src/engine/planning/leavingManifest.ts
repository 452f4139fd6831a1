import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { FileDifference } from '../../core/plan/difference';
import type { Draft } from '../../core/plan/draft';
import type { Step } from '../../core/plan/step';
import { deleteManifest } from '../steps/deleteManifest';
import { removeFile } from '../steps/removeFile';

/** A manifest on a server that goes with its objects. */
export interface LeavingManifest {
  readonly node: ClusterNode;
  readonly path: string;
  readonly difference: FileDifference;
}

/**
 * Takes a manifest off every server, so that none lays its objects down again, and has one of them delete the objects before it
 * loses its own: K3s keeps what a manifest has made when the manifest goes. Id of the deletion.
 */
export function planDeletion(
  draft: Draft,
  [asked, ...others]: readonly [LeavingManifest, ...LeavingManifest[]],
  why: string,
  after: readonly string[],
): string {
  const remove = ({ node, path, difference }: LeavingManifest): Step =>
    removeFile.step(node, { path }, why, { differences: [difference] });
  const gone = others.map((one) => draft.add(remove(one), after));
  const reason = say`K3s keeps what a manifest has made when the manifest goes`;
  const deleted = draft.add(deleteManifest.step(asked.node, { path: asked.path }, reason), [...after, ...gone]);
  draft.add(remove(asked), [deleted]);
  return deleted;
}
