import { listed } from '../../core/base/words';
import { installPackages as install } from '../../core/remote/packages';
import { defineStep, ended } from './step';

/** Installs packages of the distribution that a machine lacks, and starts none of them. */
export const installPackages = defineStep<{ readonly manager: string; readonly packages: readonly string[] }>({
  kind: 'install-packages',
  phase: 'stage',
  estimateMs: 15_000,
  says: ({ manager, packages }) => ({
    title: `Install ${listed(packages)} with ${manager}, without starting anything`,
    doing: 'installing packages',
    counted: 'install the load balancer on',
  }),
  run: async ({ manager, packages }, at) => ended(await at.on(at.machine, install(manager, packages))),
});
