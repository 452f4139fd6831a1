import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINARY_PATH } from '../../src/core/k3s/paths';
import { startFleet, type Fleet } from './driver/fleet';
import { readInstallScript } from './driver/k3sDouble';
import { fleetSkipReason } from './driver/requirements';
import { startHaproxy } from './driver/services';
import { engineFor, type Engine } from './engine';

const EXAMPLE = join(import.meta.dirname, '../../examples/air-gap/cluster.k3s.yaml');
const [OLD, NEW] = ['v1.36.2+k3s1', 'v1.36.3+k3s1'];
const SERVERS = ['server-1', 'server-2', 'server-3'];
const NODES = [...SERVERS, 'agent-1'];
const IMAGES = '/var/lib/rancher/k3s/agent/images';
const RELEASE_IMAGES = 'k3s-airgap-images-amd64.tar.gz';
/** What the archive of a release holds. */
const imagesOf = (version: string): readonly string[] => [
  'docker.io/rancher/mirrored-pause:3.6',
  `docker.io/rancher/mirrored-coredns-coredns:${version.slice(1, 7)}`,
];
/** Large enough to be cut off in the middle. */
const SHOP_BYTES = 96 * 2 ** 20;

describe.skipIf(fleetSkipReason() !== undefined)('the example air-gap on real hosts without a way out', () => {
  let fleet: Fleet;
  let engine: Engine;

  const on = (host: string, command: string, ...args: readonly string[]): Promise<string> =>
    fleet.host(host).mustExec(command, { args });
  const place = (...parts: readonly string[]): string => join(engine.folder, 'airgap', ...parts);
  const sum = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

  /** The example as its user has it, on the machines of the fleet; an external balancer stands for kube-vip, which needs containers. */
  function cluster(version: string): string {
    return readFileSync(EXAMPLE, 'utf8')
      .replace(/version: .*/, `version: ${version}`)
      .replaceAll('192.168.50.100', fleet.host('services').address)
      .replace('type: kube-vip', 'type: external')
      .replace('user: operator', 'user: auto\n  knownHostsFile: known_hosts')
      .replace(/identityFile: .*/, `identityFile: ${fleet.identityFile}`)
      .replace(/servers:[^]*?nodes:\n[^]*?\nagents:[^]*/, (block) => {
        const node = (name: string): string => `    - { host: ${fleet.host(name).address}, name: ${name} }\n`;
        const servers = block.slice(0, block.indexOf('  nodes:\n'));
        return `${servers}  nodes:\n${SERVERS.map(node).join('')}agents:\n  nodes:\n${node('agent-1')}`;
      });
  }

  /** An archive as `docker save` writes it, with so many bytes in its only layer. */
  function archive(name: string, images: readonly string[], bytes = 1000): void {
    const folder = mkdtempSync(join(tmpdir(), 'k3s-ha-images-'));
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify([{ Config: '', RepoTags: images, Layers: ['layer'] }]));
    writeFileSync(join(folder, 'layer'), Buffer.alloc(bytes, images.join()));
    execFileSync('tar', [name.endsWith('gz') ? '-czf' : '-cf', place(name), '-C', folder, 'layer', 'manifest.json']);
    rmSync(folder, { recursive: true });
  }

  /** Lays the files of a release into the folder, as the README of the example says; a later release without its list of images. */
  async function lay(version: string): Promise<void> {
    mkdirSync(place(), { recursive: true });
    copyFileSync(fleet.binary(version), place('k3s'));
    archive(RELEASE_IMAGES, imagesOf(version));
    const list = imagesOf(version).map((image) => `${image}\n`);
    if (version === OLD) writeFileSync(place('k3s-images.txt'), list.join(''));
    else rmSync(place('k3s-images.txt'));
    const files = ['k3s', RELEASE_IMAGES, 'k3s-images.txt'].filter((name) => existsSync(place(name)));
    const lines = files.map((name) => `${sum(place(name))}  ${name}\n`);
    writeFileSync(place('sha256sum-amd64.txt'), lines.join(''));
    writeFileSync(place('install.sh'), await readInstallScript());
  }

  /** The engine for this release in the file, with the folder that was there before. */
  async function as(version: string): Promise<void> {
    const next = await engineFor(fleet, cluster(version), {});
    mkdirSync(join(next.folder, 'secrets'));
    writeFileSync(join(next.folder, 'secrets/token'), 'c0ffee1234567890c0ffee1234567890\n', { mode: 0o600 });
    if (engine !== undefined) execFileSync('cp', ['-a', place(), next.folder]);
    await engine?.dispose();
    engine = next;
  }

  /** sha256 of what each machine has at a path. */
  const sums = (path: string): Promise<string[]> =>
    Promise.all(NODES.map(async (host) => (await on(host, 'sha256sum < "$1" | cut -c1-64', path)).trim()));

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: [...NODES.map((name) => ({ name })), { name: 'services', services: true }],
      k3sVersions: [NEW, OLD],
    });
    await startHaproxy(
      fleet.host('services'),
      SERVERS.map((name) => fleet.host(name)),
    );
    await as(OLD);
    await lay(OLD);
    archive('shop.tar', ['registry.vault.example.com/shop:1'], SHOP_BYTES);
  });

  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('an upload that is cut in the middle leaves nothing half, and everything else is there', async () => {
    const cut = fleet
      .host('agent-1')
      .exec(
        `until find ${IMAGES} -name '.k3s-ha.*' -size +2048k 2>/dev/null | grep -q .; do :; done; pkill -KILL -f '^sshd: auto'`,
      );
    const report = await engine.run(await engine.plan());
    expect(await cut).toMatchObject({ code: 0 });
    expect(report.result).toBe('failed');
    expect(report.problems).toMatchObject([{ code: 'connection-lost', host: 'agent-1' }]);
    const left = await on('agent-1', `ls -A ${IMAGES}`);
    expect(left).not.toContain('.k3s-ha.');
    expect(left).not.toContain('shop.tar');
    expect(await on('server-1', 'systemctl is-active k3s')).toBe('active\n');
  });

  it('the next run sends only what is missing, and the machine joins', async () => {
    const prepared = await engine.plan();
    expect(prepared.plan.problems).toEqual([]);
    const placed = prepared.plan.steps.filter(({ kind }) => kind === 'place-file').map(({ id }) => id);
    expect(placed).toEqual([`place-file:agent-1:${IMAGES}/shop.tar`, `place-file:agent-1:${BINARY_PATH}`]);
    const words = new Set<string>();
    const report = await engine.run(prepared, (event) => {
      if (event.type === 'progress') words.add(event.message);
    });
    expect(report).toMatchObject({ result: 'done', problems: [] });
    expect([...words].filter((word) => word.includes('sent')).length).toBeGreaterThan(1);
    expect(await sums(`${IMAGES}/shop.tar`)).toEqual(NODES.map(() => sum(place('shop.tar'))));
    expect(await sums(BINARY_PATH)).toEqual(NODES.map(() => sum(place('k3s'))));
    expect((await on('server-1', 'k3s kubectl get nodes --no-headers')).match(/ Ready /g)).toHaveLength(4);
    expect((await engine.plan()).plan.steps).toEqual([]);
  });

  it('images that an old release has unpinned are told, and imported again by a restart of that machine', async () => {
    const [PAUSE = ''] = imagesOf(OLD);
    const list = (): Promise<string> => on('agent-1', `k3s ctr images ls | grep ${PAUSE}`);
    expect(await list()).toContain('io.cri-containerd.pinned=pinned');
    await on('agent-1', `echo '{}' > ${IMAGES}/.cache.json; systemctl restart k3s-agent`);
    expect(await list()).not.toContain('pinned');
    const prepared = await engine.plan();
    expect(prepared.plan.notes.join('\n')).toMatch(/agent-1: .* are not pinned\. K3s has not imported archives again/);
    const acting = prepared.plan.steps.filter(({ kind }) => !['await-nodes', 'prove-tunnels'].includes(kind));
    expect(acting.map(({ id }) => id)).toEqual(['drop-image-cache:agent-1', 'restart:agent-1', 'await-images:agent-1']);
    expect(await engine.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    expect(await list()).toContain('io.cri-containerd.pinned=pinned');
    expect((await engine.plan()).plan.steps).toEqual([]);
  });

  it('an upgrade swaps images and binary, leaves the images of add-ons, and nothing was downloaded', async () => {
    const inode = (): Promise<string[]> =>
      Promise.all(NODES.map((host) => on(host, 'stat -c %i "$1"', `${IMAGES}/shop.tar`)));
    const before = await inode();
    await as(NEW);
    await lay(NEW);
    const prepared = await engine.plan();
    const placed = prepared.plan.steps.flatMap(({ kind, input }) =>
      kind === 'place-file' ? [(input as { readonly path: string }).path] : [],
    );
    expect(new Set(placed)).toEqual(new Set([`${IMAGES}/${RELEASE_IMAGES}`, BINARY_PATH]));
    // The archive itself tells what it holds.
    expect(prepared.plan.steps.filter(({ kind }) => kind === 'await-images').map(({ input }) => input)).toEqual(
      NODES.map(() => ({ images: imagesOf(NEW).length })),
    );
    expect(await engine.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    expect(await sums(`${IMAGES}/${RELEASE_IMAGES}`)).toEqual(NODES.map(() => sum(place(RELEASE_IMAGES))));
    expect(await sums(BINARY_PATH)).toEqual(NODES.map(() => sum(place('k3s'))));
    expect(await inode()).toEqual(before);
    for (const image of imagesOf(NEW)) expect(await on('agent-1', 'k3s ctr images ls')).toContain(image);
    expect(
      (await on('server-1', 'k3s kubectl get nodes --no-headers')).match(/ Ready .*v1\.36\.3\+k3s1/g),
    ).toHaveLength(4);
    expect((await engine.plan()).plan.steps).toEqual([]);
    expect(fleet.downloads).toEqual([]);
  });
});
