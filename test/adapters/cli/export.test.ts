import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exitCodes';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseDocument } from '../../../src/core/document/parse';
import { planFleet, startFleet, type PracticeFleet } from '../../../src/practice/fleet';
import { practiceAllowances } from '../../support/allowances';
import { cli, type CliResult } from './run';

const NETWORK = `127.${200 + (process.pid % 50)}.24.`;
const FILE = 'cluster.k3s.yaml';
const INSTALL = ['export', FILE, '--for', 'system-upgrade-controller', '--install'];

describe('k3s-ha export --install', () => {
  let folder: string;
  let fleet: PracticeFleet;
  const allowances = practiceAllowances(['11', '12', '13', '21', '22'].map((last) => `${NETWORK}${last}`));
  const run = (args: readonly string[]): Promise<CliResult> =>
    cli([...args, ...allowances], { cwd: folder, env: { HOME: folder, KUBECONFIG: path.join(folder, 'kubeconfig') } });

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-export-'));
    const example = path.join(import.meta.dirname, '../../../examples/practice', FILE);
    const text = readFileSync(example, 'utf8').replaceAll('127.77.0.', NETWORK);
    writeFileSync(path.join(folder, FILE), text);
    fleet = await startFleet({ ...planFleet(normalise(parseDocument(text).data)), directory: folder, timeScale: 0.05 });
  });
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is for the plans of the controller alone', async () => {
    const other = ['export', FILE, '--for', 'k3s-ansible', '--install'];
    expect(await run(other)).toMatchObject({ code: EXIT.usage, stderr: expect.stringContaining('--install is for') });
    expect(await run([...INSTALL, '--out', 'plans'])).toMatchObject({ code: EXIT.usage });
  });

  it('installs nothing in a cluster without the controller, and says what does it instead', async () => {
    expect(await run(['apply', FILE, '--yes'])).toMatchObject({ code: EXIT.fine });
    const refused = await run([...INSTALL, '--yes']);
    expect(refused.code).toBe(EXIT.notReady);
    expect(refused.stderr).toContain('No system-upgrade-controller runs in this cluster');
    expect(refused.stderr).toContain('k3s-ha upgrade');
  });
});
