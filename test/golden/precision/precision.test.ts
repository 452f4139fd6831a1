import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LineIndex } from '../../../src/core/base/text';
import { validate } from '../../../src/core/language/validate';

const ROOT = import.meta.dirname;
const filesOf = (kind: string) => globSync(`${kind}/*.k3s.yaml`, { cwd: ROOT }).sort();
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');

/** `# want <id> …` at the end of a line: what a maintainer of K3s would say there, too; as `<line> <id>`. */
function wanted(text: string): string[] {
  return text.split('\n').flatMap((line, i) => {
    const ids = /# want ([a-z0-9- ]+)$/.exec(line)?.[1]?.split(' ') ?? [];
    return ids.map((id) => `${i + 1} ${id}`);
  });
}

/** Errors and warnings of the editor; advice is not what this is about. */
function told(text: string): string[] {
  const lines = new LineIndex(text);
  return validate(text)
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ code, range }) => `${lines.positionAt(range.start).line + 1} ${code}`);
}

describe.each([
  ['healthy', 40],
  ['broken', 40],
])('%s files as people have them', (kind, least) => {
  const files = filesOf(kind);

  it.each(files)('%s', (name) => {
    const text = read(name);
    expect(told(text).sort()).toEqual(wanted(text).sort());
  });

  it('are measured', () => {
    const all = files.map((name) => ({ wants: wanted(read(name)), tells: told(read(name)) }));
    const right = all.reduce((sum, { wants, tells }) => sum + tells.filter((each) => wants.includes(each)).length, 0);
    const tells = all.reduce((sum, file) => sum + file.tells.length, 0);
    const wants = all.reduce((sum, file) => sum + file.wants.length, 0);
    const clean = all.filter((file) => file.tells.length === 0).length;
    const share = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);
    console.log(
      `${kind}: ${files.length} files, ${clean} without a finding, ${tells} findings, ${wants} wanted; ` +
        `precision ${share(right, tells).toFixed(3)}, recall ${share(right, wants).toFixed(3)}`,
    );
    expect(files.length).toBeGreaterThanOrEqual(least);
    expect(share(right, tells)).toBe(1);
    expect(share(right, wants)).toBe(1);
  });
});
