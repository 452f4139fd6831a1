import { say } from '../../core/base/say';
import { removePlaced } from '../../core/remote/removePlaced';
import { defineStep, ended } from './step';

/** Takes a file away that was placed by an earlier run, unless somebody has changed it meanwhile. */
export const removeFile = defineStep<{ readonly path: string }>({
  kind: 'remove-file',
  phase: 'stage',
  estimateMs: 200,
  says: ({ path }) => ({ title: `Remove ${path}`, doing: say`removing files`, counted: say`remove files from` }),
  subject: ({ path }) => path,
  run: async ({ path }, at) => {
    const outcome = await at.on(at.machine, removePlaced(path));
    if (outcome.kind === 'done' && outcome.value === 'changed')
      at.progress(say`${path} was changed meanwhile by somebody else, so it stays`);
    return ended(outcome);
  },
});
