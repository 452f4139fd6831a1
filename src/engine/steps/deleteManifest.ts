import { say } from '../../core/base/say';
import { deleteManifest as remove } from '../../core/remote/deleteManifest';
import { defineStep, ended } from './step';

/** Deletes from the cluster what K3s made of a manifest that leaves; K3s itself would keep it. */
export const deleteManifest = defineStep<{ readonly path: string }>({
  kind: 'delete-manifest',
  phase: 'change',
  estimateMs: 8000,
  says: ({ path }) => ({
    title: say`Delete from the cluster what K3s made of ${path.slice(path.lastIndexOf('/') + 1)}`,
    doing: say`deleting what a manifest made`,
    counted: '',
  }),
  subject: ({ path }) => path,
  run: async ({ path }, at) => {
    const outcome = await at.on(at.machine, remove(path));
    if (outcome.kind === 'done' && outcome.value === 'changed')
      at.progress(say`${path} was changed meanwhile by somebody else, so what it made stays`);
    return ended(outcome);
  },
});
