import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import { installPackages as install } from '../../core/remote/packages';
import { defineStep, ended } from './step';

/** Installs packages of the distribution that a machine lacks, and starts none of them. */
export const installPackages = defineStep<{ readonly manager: string; readonly packages: readonly string[] }>({
  kind: 'install-packages',
  phase: 'stage',
  estimateMs: 15_000,
  says: ({ manager, packages }) => ({
    title: say`Install ${listed(packages)} with ${manager}, without starting anything`,
    doing: say`installing packages`,
    counted: say`install the load balancer on`,
  }),
  run: async ({ manager, packages }, at) => ended(await at.on(at.machine, install(manager, packages))),
});
