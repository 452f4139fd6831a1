import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CACHE } from '../../scripts/lib/paths.mjs';

export const name = 'activation, by the clock of VS Code';

/** Reads what the last integration runs measured; starting VS Code again would tell nothing new. */
export async function run() {
  return ['floor', 'newest'].flatMap((host) => {
    const file = path.join(CACHE, 'results', `integration-${host}.measures.jsonl`);
    if (!existsSync(file))
      return [{ what: host, value: '', unit: '', note: `not measured yet: npm test -- integration-${host}` }];
    const measures = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return measures.map((measure) => ({
      what: `${measure.name.replace(/ ms$/, '')} (${host})`,
      value: measure.value,
      unit: measure.name.endsWith(' ms') ? 'ms' : '',
      note: 'in the last integration run',
    }));
  });
}
