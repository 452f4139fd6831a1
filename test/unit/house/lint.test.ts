import { join } from 'node:path';
import { ESLint, Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint({ cwd: join(import.meta.dirname, '../../..') });

/** What the project's `no-restricted-syntax` says about code in a file of this name. */
async function restrictedIn(file: string, code: string): Promise<readonly string[]> {
  const { rules } = (await eslint.calculateConfigForFile(file)) as { readonly rules: Linter.RulesRecord };
  const { 'no-restricted-syntax': rule = 'off' } = rules;
  return new Linter().verify(code, [{ rules: { 'no-restricted-syntax': rule } }]).map(({ message }) => message);
}

describe('the options of a node', () => {
  const READS = ["first.config['token'];", 'first.config[option];', 'servers[0]?.config[option];'];

  it.each([
    'src/core/rules/tokens/tokenWeak.ts',
    'src/core/rules/reading/tokens.ts',
    'src/core/topology/roles.ts',
    'src/engine/access/fetchKubeconfig.ts',
    'src/vscode/compose.ts',
    'src/cli/output.ts',
    'webview/app.ts',
  ])('are not read by hand in %s', async (file) => {
    for (const code of READS)
      expect(await restrictedIn(file, code), code).toEqual([expect.stringContaining('src/core/cluster')]);
    expect(await restrictedIn(file, "writtenText(first, 'token'); run.config.text('token');")).toEqual([]);
  });

  it('are read in src/core/cluster', async () => {
    for (const code of READS) expect(await restrictedIn('src/core/cluster/written.ts', code), code).toEqual([]);
  });
});
