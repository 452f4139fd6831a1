import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import { dropNames as drop } from '../../core/remote/dropNames';
import { defineStep, ended } from './step';

/** Takes names out of the list that the next certificate of the API is made from. */
export const dropNames = defineStep<{ readonly names: readonly string[] }>({
  kind: 'drop-names',
  phase: 'stage',
  estimateMs: 2000,
  says: ({ names }) => ({
    title: say`Take ${listed(names)} out of the list that the certificate of the API is made from`,
    doing: say`taking names out of the list`,
    counted: '',
  }),
  run: async ({ names }, at) => ended(await at.on(at.machine, drop(names))),
});
