import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import { DEFAULT_DATA_DIR, type K3sUnit } from '../../core/k3s/paths';
import { removeUnit as remove } from '../../core/remote/removeUnit';
import { defineStep, ended } from './step';

/** Takes the unit of the other role off a machine that has its own; the plan names none that runs or that a server has left data for. */
export const removeUnit = defineStep<{ readonly unit: K3sUnit; readonly folder?: string }>({
  kind: 'remove-unit',
  phase: 'stage',
  estimateMs: 1000,
  says: ({ unit }) => ({
    title: say`Disable the service ${unit} and put its files aside`,
    doing: say`removing the other unit`,
    counted: say`remove the other unit of K3s from`,
  }),
  subject: ({ unit }) => unit,
  run: async ({ unit, folder }, at) => {
    const folders = [dataDir(at.cluster, at.node(at.machine.id)), DEFAULT_DATA_DIR];
    const all = [...new Set([...folders, ...(folder === undefined ? [] : [folder])])];
    return ended(await at.on(at.machine, remove(unit, all, at.facts.get(at.machine.id)?.init)));
  },
});
