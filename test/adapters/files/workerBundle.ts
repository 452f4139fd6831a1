import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles worker.ts into `folder` and returns the path of the script, which any Node can run. */
export async function bundleWorker(folder: string): Promise<string> {
  const outfile = join(folder, 'worker.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
  });
  return outfile;
}
