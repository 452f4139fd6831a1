import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** The files that accidents happen to: all examples and the golden files of all rules, without their marks. */
export function readCorpus(): readonly string[] {
  const files = globSync(['examples/**/*.k3s.yaml', 'test/golden/rules/*/*/*.k3s.yaml'], { cwd: ROOT }).sort();
  return files.map((name) =>
    readFileSync(join(ROOT, name), 'utf8')
      .replace(/^# fix .*\n/gm, '')
      .replace(/ # want .*$/gm, ''),
  );
}
