import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliSecrets } from '../../src/adapters/secrets/cliSecrets';
import { createSshHosts } from '../../src/adapters/ssh/hosts';
import { parseDocument } from '../../src/core/document/parse';
import { writeFile } from '../../src/core/remote/file';
import { normalise } from '../../src/core/cluster/normalise';
import type { Cluster } from '../../src/core/cluster/cluster';
import { target } from '../../src/engine/hosts/targets';
import { planFleet, startFleet, type PracticeFleet } from '../../src/practice/fleet';
import { cli, type CliResult } from '../adapters/cli/run';
import { k3sYaml } from '../unit/kubeconfig/k3sYaml';
import { agreedDoor } from '../support/agreedDoor';
import { practiceAllowances } from '../support/allowances';

/** The command line against servers that give a kubeconfig with a program in it. */
describe('the command line and a server that gives a program as credentials', () => {
  const network = `127.${200 + (process.pid % 50)}.8.`;
  let folder: string;
  let fleet: PracticeFleet;
  let cluster: Cluster;
  const trace = (): string => join(folder, 'PWNED');
  const run = (...args: string[]): Promise<CliResult> =>
    cli([...args, ...practiceAllowances([...cluster.servers, ...cluster.agents].map(({ host }) => host))], {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: join(folder, 'state'), KUBECONFIG: join(folder, 'kubeconfig') },
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'k3s-ha-hostile-'));
    const text = readFileSync(join(import.meta.dirname, '../../examples/practice/cluster.k3s.yaml'), 'utf8').replaceAll(
      '127.77.0.',
      network,
    );
    writeFileSync(join(folder, 'cluster.k3s.yaml'), text);
    cluster = normalise(parseDocument(text).data);
    fleet = await startFleet({ ...planFleet(cluster), directory: folder, timeScale: 0.01 });
  });
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function give(kubeconfig: string): Promise<void> {
    const quiet = (): void => undefined;
    const hosts = createSshHosts({
      secrets: agreedDoor(createCliSecrets({ baseDir: folder, env: {}, file: join(folder, 'none') })),
      prompter: { confirmHostKey: async () => 'accept', askSecret: async () => undefined },
      log: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
      baseDir: folder,
      homeDir: folder,
      env: {},
    });
    const [server] = cluster.servers;
    if (server === undefined) throw new Error('no server');
    const written = await hosts.run(target(server), writeFile('/etc/rancher/k3s/k3s.yaml', '0600', kubeconfig));
    await hosts.dispose();
    expect(written).toMatchObject({ kind: 'done' });
  }

  const exec = (): string =>
    `    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: /bin/sh\n      args: [-c, "id > ${trace()}"]\n      interactiveMode: Never\n`;

  it('C1: status and kubeconfig run nothing, write nothing, and say what the kubeconfig lacks', async () => {
    await give(k3sYaml().replace(/ {4}client-certificate-data: .*\n {4}client-key-data: .*\n/, exec()));
    for (const command of ['status', 'kubeconfig']) {
      const { code, stderr } = await run(command, 'cluster.k3s.yaml');
      expect(code).toBe(12);
      expect(stderr).toContain('client-certificate-data is missing, client-key-data is missing');
    }
    expect(existsSync(trace())).toBe(false);
    expect(existsSync(join(folder, 'kubeconfig'))).toBe(false);
  });

  it('C1: a program beside a certificate is not run, and is told', async () => {
    await give(`${k3sYaml()}${exec()}`);
    const { stderr } = await run('status', 'cluster.k3s.yaml');
    expect(stderr).toContain('Left out: user "default": exec.');
    await run('kubeconfig', 'cluster.k3s.yaml');
    expect(existsSync(trace())).toBe(false);
  });

  it('H9: status does not run the program of a KUBECONFIG in the folder of the cluster file, and --kubeconfig says that it is one’s own', async () => {
    const own = k3sYaml()
      .replaceAll('default', 'practice')
      .replace(/ {4}client-certificate-data: .*\n {4}client-key-data: .*\n/, exec());
    writeFileSync(join(folder, 'kubeconfig'), own);
    const { stderr } = await run('status', 'cluster.k3s.yaml');
    expect(stderr).toContain('lies in the folder of the cluster file');
    expect(existsSync(trace())).toBe(false);
    await run('status', 'cluster.k3s.yaml', '--kubeconfig', join(folder, 'kubeconfig'));
    expect(existsSync(trace())).toBe(true);
  });
});
