import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/document/parse';
import { normalise } from '../../../src/core/cluster/normalise';
import { planFleet, startFleet, type PracticeFleet } from '../../../src/practice/fleet';
import { practiceAllowances } from '../../support/allowances';
import { cli, type CliResult } from './run';

const NETWORK = `127.${200 + (process.pid % 50)}.9.`;
const EXAMPLE = path.join(import.meta.dirname, '../../../examples/practice/cluster.k3s.yaml');

/** A cluster that runs already, of which somebody has no file. */
describe('k3s-ha import', () => {
  let folder: string;
  let fleet: PracticeFleet;
  let token: string;
  const run = (args: readonly string[]): Promise<CliResult> =>
    cli(args, {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'state'), KUBECONFIG: path.join(folder, 'kubeconfig') },
    });
  const login = ['--user', 'practice', '--port', '2222', '--identity', '.practice/id_ed25519'];
  const from = (host: string, ...more: readonly string[]): Promise<CliResult> =>
    run(['import', '--host', `${NETWORK}${host}`, ...login, ...more]);

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-import-'));
    const text = readFileSync(EXAMPLE, 'utf8').replaceAll('127.77.0.', NETWORK);
    writeFileSync(path.join(folder, 'made.k3s.yaml'), text);
    fleet = await startFleet({ ...planFleet(normalise(parseDocument(text).data)), directory: folder, timeScale: 0.01 });
    token = readFileSync(path.join(folder, '.practice', 'token'), 'utf8').trim();
    // The person has logged in to these hosts before.
    cpSync(path.join(folder, '.practice', 'known_hosts'), path.join(folder, '.ssh', 'known_hosts'), {
      recursive: true,
    });
    const allowances = practiceAllowances(['11', '12', '13', '21', '22'].map((last) => `${NETWORK}${last}`));
    expect(await run(['apply', 'made.k3s.yaml', '--yes', ...allowances])).toMatchObject({ code: 0 });
    rmSync(path.join(folder, 'made.k3s.yaml'));
  });
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes a file for which there is nothing to do, and its secrets where the person says', async () => {
    const changes = () => fleet.hosts.map(({ id }) => fleet.inspect(id).file('/etc/rancher/k3s/config.yaml'));
    const before = changes();
    const host = `practice@${NETWORK}12:2222`;
    const login = ['--host', host, '--identity', '.practice/id_ed25519'];
    const result = await run([
      'import',
      ...login,
      '--name',
      'mine',
      '--output',
      'cluster.k3s.yaml',
      '--secrets',
      'secrets.yaml',
    ]);
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
    expect(changes()).toEqual(before);
    expect(`${result.stdout}${result.stderr}`).not.toContain(token);
    const secrets = path.join(folder, 'secrets.yaml');
    expect([readFileSync(secrets, 'utf8'), statSync(secrets).mode & 0o777]).toEqual([
      `"mine-token": "${token}"\n`,
      0o600,
    ]);
    const text = readFileSync(path.join(folder, 'cluster.k3s.yaml'), 'utf8');
    const cluster = normalise(parseDocument(text).data);
    expect(cluster.servers.map(({ host, name }) => [host, name])).toEqual(
      ['11', '12', '13'].map((last, at) => [`${NETWORK}${last}`, `server-${at + 1}`]),
    );
    expect(cluster).toMatchObject({
      k3s: { version: 'v1.36.3+k3s1' },
      loadBalancer: { address: `${NETWORK}100`, type: 'external' },
      datastore: { type: 'embedded-etcd' },
      token: '${secret:mine-token}',
    });
    expect(text).not.toContain(token);
  });

  it('does not overwrite a file, and looks at no host then', async () => {
    expect(await from('12', '--output', 'cluster.k3s.yaml')).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('cluster.k3s.yaml exists already and is not overwritten'),
    });
  });

  it('gives the file alone on standard output, with a host that is away as Kubernetes tells it', async () => {
    await fleet.powerOff('agent-1');
    const { stdout, stderr } = await from('11', '--name', 'mine');
    await fleet.powerOn('agent-1');
    expect(normalise(parseDocument(stdout).data).agents.map(({ name }) => name)).toEqual(['agent-1', 'agent-2']);
    expect(stderr).toContain('agent-1');
    expect(stderr).toContain('was not looked at');
    expect(stderr).toContain('Its secrets are not kept anywhere: mine-token.');
    expect(stderr).toContain('What it would change:');
  });

  it('names the servers when it is given an agent', async () => {
    expect(await from('21')).toMatchObject({
      code: 11,
      stderr: expect.stringContaining(`this agent reaches them at https://${NETWORK}100:6443`),
    });
  });
});
