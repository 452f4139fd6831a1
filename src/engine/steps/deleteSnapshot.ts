import { say } from '../../core/base/say';
import { deleteSnapshot as remove } from '../../core/remote/deleteSnapshot';
import { defineStep, ended } from './step';

/** Has K3s delete a snapshot from the disk of a server, or from everywhere. */
export const deleteSnapshot = defineStep<{ readonly name: string; readonly where: 'disk' | 'everywhere' }>({
  kind: 'delete-snapshot',
  phase: 'change',
  estimateMs: 1000,
  says: ({ name, where }) => ({
    title: say`Delete the snapshot ${name}${where === 'disk' ? '' : say`, in S3 as well`}`,
    doing: say`deleting ${name}`,
    counted: say`delete snapshots on`,
  }),
  subject: ({ name }) => name,
  run: async ({ name, where }, at) => ended(await at.on(at.machine, remove(name, where))),
});
