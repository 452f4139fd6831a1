import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { CACHE, inRoot } from '../../scripts/lib/paths.mjs';

/** A source of the host fleet finds its scripts from the folder that it lies in, not from that of the bundle. */
const ownFolder = {
  name: 'own-folder',
  setup: (bundle) =>
    bundle.onLoad({ filter: /[\\/]test[\\/](?:fleet|bench)[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file))),
      loader: 'ts',
    })),
};

/** Functions out of our TypeScript sources: `exports` is the text of a module that re-exports them. */
export async function fromSource(name, exports) {
  const file = path.join(CACHE, 'bench', `${name}.cjs`);
  mkdirSync(path.dirname(file), { recursive: true });
  await build({
    stdin: { contents: exports, resolveDir: inRoot(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    mainFields: ['module', 'main'],
    external: ['cpu-features', '*.node'],
    plugins: [ownFolder],
    outfile: file,
    logLevel: 'warning',
  });
  return (await import(pathToFileURL(file).href)).default;
}

/** Median and 95th percentile of `runs` calls after a warm-up, in milliseconds. */
export async function sample(work, runs = 30) {
  for (let i = 0; i < Math.min(5, runs); i++) await work(i);
  const times = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await work(i);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(runs / 2)], p95: times[Math.min(runs - 1, Math.floor(runs * 0.95))], runs };
}

/** A cluster file with so many agents, each on three lines of its own; `merge` gives each a merge key. */
export function clusterText(agents, { merge = false } = {}) {
  const lines = [
    'apiVersion: k3s-ha/v1',
    'kind: Cluster',
    'metadata:',
    '  name: bench',
    'k3s:',
    '  version: v1.36.3+k3s1',
    'loadBalancer:',
    '  address: 10.0.0.100',
    'datastore:',
    '  type: embedded-etcd',
    'token: ${secret:bench-token}',
    'servers:',
    '  config:',
    '    tls-san: [10.0.0.100]',
    '  nodes:',
  ];
  for (let i = 1; i <= 3; i++)
    lines.push(`    - host: 10.0.0.1${i}`, `      name: server-${i}`, `      zone: rack-${i}`);
  lines.push('agents:', '  nodes:');
  for (let i = 0; i < agents; i++) {
    const host = `10.${1 + Math.floor(i / 62_500)}.${Math.floor(i / 250) % 250}.${(i % 250) + 1}`;
    if (merge && i === 0)
      lines.push(`    - &defaults`, `      host: ${host}`, `      name: agent-${i}`, '      zone: rack-1');
    else if (merge) lines.push('    - <<: *defaults', `      host: ${host}`, `      name: agent-${i}`);
    else lines.push(`    - host: ${host}`, `      name: agent-${i}`, `      zone: rack-${(i % 3) + 1}`);
  }
  return `${lines.join('\n')}\n`;
}
