import { say } from '../../core/base/say';
import { megabytes } from '../../core/base/words';
import { saveSnapshot as save } from '../../core/remote/saveSnapshot';
import { tokenHash } from '../../core/remote/snapshotProof';
import { defineStep, ended } from './step';

/** Saves a snapshot of etcd on a server, and proves that the cluster could be restored from it. */
export const saveSnapshot = defineStep<{ readonly name: string }>({
  kind: 'save-snapshot',
  phase: 'change',
  estimateMs: 3000,
  says: ({ name }) => ({
    title: say`Save a snapshot of etcd as ${name}-… and prove that the cluster could be restored from it`,
    doing: say`saving a snapshot`,
    counted: say`save a snapshot on`,
  }),
  run: async ({ name }, at) => {
    const seen = at.facts.get(at.machine.id);
    const token = seen?.tokenSha256;
    const expected = token === undefined ? {} : { tokenHash: tokenHash(token) };
    const saved = await at.on(at.machine, save(name, expected, seen?.init));
    if (saved.kind === 'done') {
      const { proof, name: file, path } = saved.value;
      at.progress(say`saved ${file}: ${megabytes(proof.size)}, sha256 ${proof.sha256}, ${path}`);
    }
    return ended(saved);
  },
});
