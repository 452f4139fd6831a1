import { say } from '../../core/base/say';
import type { ServerStart } from '../../core/cluster/configFile';
import { CONFIG_PATH } from '../../core/k3s/paths';
import { writeFile } from '../../core/remote/file';
import { defineStep, ended } from './step';

/** Writes config.yaml of K3s. A running K3s reads it at its next start. */
export const writeConfig = defineStep<{ readonly start: ServerStart }>({
  kind: 'write-config',
  phase: 'stage',
  estimateMs: 200,
  says: () => ({
    title: `Write ${CONFIG_PATH} (0600)`,
    doing: say`writing configuration`,
    counted: say`write the configuration of`,
  }),
  run: async ({ start }, at) =>
    ended(await at.on(at.machine, writeFile(CONFIG_PATH, '0600', at.content(at.machine.id).config(start), at.secrets))),
});
