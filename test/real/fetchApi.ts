import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiOf, type Api } from './api';
import type { RealCluster } from './realCluster';

/** Has the command line write the kubeconfig into a file of its own, reads it, and leaves no file behind. */
export async function fetchApi(real: RealCluster): Promise<Api> {
  const folder = await mkdtemp(join(tmpdir(), 'k3s-ha-real-'));
  try {
    const path = join(folder, 'kubeconfig');
    const done = await real.cli('kubeconfig', '--output', path);
    if (done.status !== 0) throw new Error(done.why);
    return apiOf(await readFile(path, 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
