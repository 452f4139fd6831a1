import { say } from '../../core/base/say';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { putAsideK3s } from '../../core/remote/aside';
import { unitOf } from '../../core/cluster/roles';
import { defineStep, ended } from './step';

/** Keeps what a running K3s was started with, with the files beside it that are to change, so that it can be put back. What an unfinished run put aside stays. */
export const putAside = defineStep<{ readonly role: NodeRole; readonly files: readonly string[] }>({
  kind: 'put-aside',
  phase: 'stage',
  estimateMs: 300,
  says: () => ({
    title: say`Put the present configuration and binary aside`,
    doing: say`putting the present state aside`,
    counted: '',
  }),
  run: async ({ role, files }, at) => ended(await at.on(at.machine, putAsideK3s(unitOf({ role }), files))),
});
