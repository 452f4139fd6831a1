import { say } from '../../core/base/say';
import { apiPort, dataDir } from '../../core/cluster/options';
import { rotateKeys as rotation } from '../../core/remote/rotateKeys';
import { defineStep, ended } from './step';

/** Has K3s make a new key for Secrets and encrypt all of them with it. The new key is on one disk alone meanwhile. */
export const rotateKeys = defineStep<object>({
  kind: 'rotate-keys',
  phase: 'change',
  estimateMs: 30_000,
  whole: true,
  says: () => ({
    title: say`Make a new key and encrypt every Secret with it; a cancel waits for its end`,
    doing: say`encrypting the Secrets anew`,
    counted: say`rotate the keys through`,
  }),
  run: async (_, at) => {
    const node = at.node(at.machine.id);
    const rotated = await at.on(node, rotation(dataDir(at.cluster, node), apiPort(at.cluster, node)));
    if (rotated.kind === 'done') at.progress(say`every Secret is encrypted with ${rotated.value}`);
    return ended(rotated);
  },
});
