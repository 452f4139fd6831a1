import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINARY_PATH } from '../../src/core/k3s/paths';
import { clusterFile, TOKEN } from './clusterFile';
import { startFleet, type Fleet } from './driver/fleet';
import { readInstallScript } from './driver/k3sDouble';
import { fleetSkipReason } from './driver/requirements';
import { engineFor, type Engine } from './engine';

const [OLD, NEW] = ['v1.36.2+k3s1', 'v1.36.3+k3s1'];
const NODES = ['server-1', 'agent-1', 'agent-2'];

describe.skipIf(fleetSkipReason() !== undefined)('a binary that this computer gets for real hosts', () => {
  let fleet: Fleet;
  let engine: Engine;

  /** The engine for this release in the file, with what this computer has got before. */
  async function as(version: string, env = ''): Promise<void> {
    const balancer = fleet.host('server-1').address;
    const text = clusterFile(fleet, { servers: ['server-1'], agents: NODES.slice(1), balancer, version });
    const install = `install: { binary: upload, scriptUrl: ./install.sh, env: { INSTALL_K3S_ARTIFACT_URL: "${fleet.releases.url}"${env} } }`;
    await engine?.dispose();
    engine = await engineFor(fleet, text.replace('k3s:\n', `k3s:\n  ${install}\n`), { token: TOKEN });
    writeFileSync(join(engine.folder, 'install.sh'), await readInstallScript());
  }
  const placed = async (): Promise<string[]> =>
    (await engine.plan()).plan.steps.flatMap(({ id, kind }) => (kind === 'place-file' ? [id] : []));
  const versions = (): Promise<string[]> =>
    Promise.all(NODES.map(async (name) => (await fleet.host(name).mustExec('k3s --version')).split(' ')[2] ?? ''));
  const binaries = (version: string): string[] => fleet.downloads.filter((line) => line.endsWith(`/${version}/k3s`));

  beforeAll(async () => {
    fleet = await startFleet({ hosts: NODES.map((name) => ({ name })), k3sVersions: [OLD, NEW] });
    await as(OLD);
  });

  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('is downloaded once, and no host downloads anything', async () => {
    expect((await placed()).sort()).toEqual(NODES.map((name) => `place-file:${name}:${BINARY_PATH}`).sort());
    expect(await engine.run(await engine.plan())).toMatchObject({ result: 'done', problems: [] });
    expect(await versions()).toEqual(NODES.map(() => OLD));
    expect(binaries(OLD)).toHaveLength(1);
    expect(fleet.downloads.filter((line) => !line.includes(`/${OLD}/`))).toEqual([]);
    expect((await engine.plan()).plan.steps).toEqual([]);
  });

  it('is swapped host by host by an upgrade, and not sent to a host that has it already', async () => {
    await as(NEW);
    const stdin = readFileSync(fleet.binary(NEW), 'base64');
    await fleet
      .host('agent-2')
      .mustExec('base64 -d > /tmp/k3s && install -m 755 /tmp/k3s /usr/local/bin/k3s', { stdin });
    expect((await placed()).sort()).toEqual(['agent-1', 'server-1'].map((name) => `place-file:${name}:${BINARY_PATH}`));
    expect(await engine.run(await engine.plan())).toMatchObject({ result: 'done', problems: [] });
    expect(await versions()).toEqual(NODES.map(() => NEW));
    expect(binaries(NEW)).toHaveLength(1);
    expect((await engine.plan()).plan.steps).toEqual([]);
  });

  it('N8: moves to where the file has it, and is called there whatever PATH of sudo says', async () => {
    for (const name of NODES)
      await fleet
        .host(name)
        .mustExec(
          `echo 'Defaults secure_path="/usr/bin:/bin"' > /etc/sudoers.d/path && chmod 440 /etc/sudoers.d/path && su auto -c 'sudo sh -c "! command -v k3s"'`,
        );
    await as(NEW, ', INSTALL_K3S_BIN_DIR: /opt/bin');
    expect((await placed()).sort()).toEqual(NODES.map((name) => `place-file:${name}:/opt/bin/k3s`).sort());
    expect(await engine.run(await engine.plan())).toMatchObject({ result: 'done', problems: [] });
    for (const name of NODES) {
      // Only the one that its unit names can be called from now on.
      await fleet.host(name).mustExec('rm /usr/local/bin/k3s');
      expect(await fleet.host(name).mustExec('systemctl show -p ExecStart k3s k3s-agent')).toContain(
        'path=/opt/bin/k3s',
      );
    }
    expect((await engine.plan()).plan).toMatchObject({ steps: [], problems: [] });
  });
});
