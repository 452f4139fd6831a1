import type { Step } from '../core/plan/step';
import type { KeepIntent } from '../engine/planning/keptSnapshot';

/** What `--keep-snapshot` means to an operation. */
export function keepWish({ 'keep-snapshot': keep }: { readonly 'keep-snapshot': string | undefined }): KeepIntent {
  return keep === undefined ? {} : { keep };
}

/** Where the snapshot lies that a run has copied to this computer, as a sentence behind another one. */
export function keptWords(steps: readonly Step[]): string {
  const kept = steps.find(({ kind }) => kind === 'keep-snapshot');
  if (kept === undefined) return '';
  const { folder } = kept.input as { readonly folder: string };
  return ` The snapshot from before is in ${folder}; the token of the cluster opens it, so keep that, too.`;
}
