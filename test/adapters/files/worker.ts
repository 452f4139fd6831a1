import { createFiles } from '../../../src/adapters/files/files';
import { problemOf } from '../../../src/adapters/files/fileProblem';
import { saveKubeconfig } from '../../../src/adapters/kubernetes/kubeconfigFile';
import { prepare } from '../../../src/core/kubeconfig/prepare';
import { k3sYaml } from '../../unit/kubeconfig/k3sYaml';

/** Work for a process of its own: `write PATH BYTES`, `count PATH TIMES` or `save PATH NAME`. */
const [deed, path = '', argument = ''] = process.argv.slice(2);
const files = createFiles({ followLinks: () => true, lockTimeoutMs: 60_000 });

async function main(): Promise<void> {
  if (deed === 'write') {
    await files
      .writeAtomic(path, 'x'.repeat(Number(argument)), 0o600)
      .catch((error: unknown) => console.log(JSON.stringify(problemOf(error))));
  } else if (deed === 'count') {
    for (let i = 0; i < Number(argument); i++) {
      await files.withLock(path, async () =>
        files.writeAtomic(path, String(Number(await files.read(path)) + 1), 0o600),
      );
    }
  } else {
    const prepared = prepare(k3sYaml(), { name: argument, server: 'https://10.0.0.100:6443' });
    if (!prepared.ok) throw new Error(prepared.error.message);
    const saved = await saveKubeconfig(files, path, prepared.value, 'keep-both', Date.now());
    if (!saved.ok) throw new Error(saved.error.message);
  }
}

void main();
