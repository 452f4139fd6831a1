import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../../..');
const INVENTORY = path.join(ROOT, 'test/fixtures/import/19-no-deploy-single-master');

describe('k3s-ha import of files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-import-files-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (args: readonly string[], input = ''): { code: number | null; out: string; told: string } => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(ROOT, 'dist/cli.js'), 'import', ...args],
      {
        cwd: folder,
        encoding: 'utf8',
        input,
      },
    );
    return { code: status, out: stdout, told: stderr };
  };

  it('writes the file of a folder and its secrets, tells what was not used, and overwrites nothing', () => {
    const args = [INVENTORY, '--name', 'lab', '--output', 'lab.k3s.yaml', '--secrets', 'secrets.yaml'];
    const { code, told } = run(args);
    expect(code, told).toBe(2);
    expect(told).toContain('"metal_lb_ip_range: 10.0.0.150-10.0.0.200"');
    expect(told).toContain('10.0.0.5 is not in tls-san');
    const file = readFileSync(path.join(folder, 'lab.k3s.yaml'), 'utf8');
    expect(file).toContain('name: lab');
    expect(file).toContain('host: node02.dc.lab.example.org');
    expect(file).toContain('token: ${secret:lab-token}');
    expect(statSync(path.join(folder, 'secrets.yaml')).mode & 0o777).toBe(0o600);
    expect(run(args)).toMatchObject({ code: 10, told: expect.stringContaining('exists already') });
  });

  it('reads standard input, and says what it knows when nothing was found', () => {
    const { code, out } = run(['-'], 'k3s server --cluster-init --node-ip 10.0.0.1\n');
    expect(code).toBe(0);
    expect(out).toContain('host: 10.0.0.1');
    expect(run(['-'], 'hello\n')).toMatchObject({
      code: 10,
      told: expect.stringContaining('Nothing that sets up K3s'),
    });
  });
});
