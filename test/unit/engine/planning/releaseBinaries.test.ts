import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import { err, ok } from '../../../../src/core/base/result';
import { installEnvironment } from '../../../../src/core/cluster/installEnvironment';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { BINARY_PATH } from '../../../../src/core/k3s/paths';
import { findBinaries, type FoundBinaries } from '../../../../src/engine/planning/releaseBinaries';
import type { ReleaseFiles, WantedBinary } from '../../../../src/engine/ports';
import { clusterOf } from '../../../support/cluster';
import { NO_LOCAL_FILES } from '../../../../src/engine/planning/localFile';
import { textInput } from '../../../support/localFiles';
import { contentFor, freshFacts, planFor, provisionedFacts } from '../../../support/plans';

const VERSION = 'v1.36.3+k3s1';

function uploading(cluster: Cluster, env: Readonly<Record<string, string>> = {}): Cluster {
  const { k3s } = cluster;
  return { ...cluster, k3s: { ...k3s, version: VERSION, install: { ...k3s.install, env, binary: 'upload' } } };
}

const cluster = uploading(clusterOf({ servers: 1, agents: 2 }));
const secrets = { text: (written: string): string => written.replace('${secret:mirror}', 's3cr3t'), masks: [] };

/** A machine that has every release, and what it was asked for. */
function releases(): ReleaseFiles & { readonly asked: WantedBinary[] } {
  const asked: WantedBinary[] = [];
  return {
    asked,
    binary: async (wanted) => {
      asked.push(wanted);
      return ok(textInput(`k3s ${wanted.version} ${wanted.architecture}`));
    },
  };
}

function changed(facts: Map<string, HostFacts>, id: string, change: Partial<HostFacts>): Map<string, HostFacts> {
  const seen = facts.get(id);
  return seen === undefined ? facts : facts.set(id, { ...seen, ...change });
}

const find = (of: Cluster, facts: ReadonlyMap<string, HostFacts>, from?: ReleaseFiles): Promise<FoundBinaries> =>
  findBinaries(of, facts, from, secrets, {});

describe('a binary that this computer gets for the hosts', () => {
  it('is got once for each architecture, and stands before the install script, which gets none', async () => {
    const from = releases();
    const facts = changed(freshFacts(cluster), 'agent-2', { arch: 'aarch64' });
    const { binaries, notes, problems } = await find(cluster, facts, from);
    expect(problems).toEqual([]);
    expect(from.asked.map(({ architecture, version }) => `${version} ${architecture}`)).toEqual([
      `${VERSION} amd64`,
      `${VERSION} arm64`,
    ]);
    expect(notes.join('\n')).toContain('for agent-2 (arm64, 0.0 MB');
    const desired = contentFor(cluster, undefined, { ...NO_LOCAL_FILES, binaries }, facts);
    const { steps } = planFor(cluster, facts, { desired });
    const own = steps.filter(({ on }) => on === 'agent-2').map(({ id }) => id);
    expect(own.indexOf(`place-file:agent-2:${BINARY_PATH}`)).toBeLessThan(own.indexOf('install:agent-2'));
    expect(own).toContain(`place-file:agent-2:${BINARY_PATH}`);
    expect(installEnvironment(cluster, 'server')['INSTALL_K3S_SKIP_DOWNLOAD']).toBe('binary');
    expect(installEnvironment(clusterOf(), 'server')['INSTALL_K3S_SKIP_DOWNLOAD']).toBeUndefined();
  });

  it('is not got, and not sent, where the release is installed', async () => {
    const from = releases();
    const facts = changed(provisionedFacts(cluster), 'agent-1', { k3sVersion: 'v1.36.2+k3s1' });
    const { binaries } = await find(cluster, facts, from);
    const desired = contentFor(cluster, undefined, { ...NO_LOCAL_FILES, binaries }, facts);
    const placed = planFor(cluster, facts, { desired }).steps.filter(({ kind }) => kind === 'place-file');
    expect(placed.map(({ on }) => on)).toEqual(['agent-1']);
    expect(await find(cluster, provisionedFacts(cluster))).toMatchObject({ problems: [], notes: [] });
    expect(from.asked).toHaveLength(1);
  });

  it('N8: goes where the file has the binary, and its old place is put aside with K3s', async () => {
    const moved = uploading(clusterOf({ servers: 1, agents: 2 }), { INSTALL_K3S_BIN_DIR: '/opt/bin/' });
    const facts = provisionedFacts(moved);
    for (const id of ['server-1', 'agent-2']) changed(facts, id, { k3sBinary: '/opt/bin/k3s' });
    changed(facts, 'agent-1', { k3sBinary: BINARY_PATH });
    const { binaries } = await find(moved, facts, releases());
    const desired = contentFor(moved, undefined, { ...NO_LOCAL_FILES, binaries }, facts);
    const plan = planFor(moved, facts, { desired });
    expect(plan.steps.map(({ id }) => id)).toEqual([
      'put-aside:agent-1',
      'place-file:agent-1:/opt/bin/k3s',
      'install:agent-1',
      'restart:agent-1',
      'put-back:agent-1',
      'await-nodes:server-1',
      'prove-tunnels:server-1',
    ]);
    // What is not there yet goes again if K3s does not come up from there.
    expect(plan.steps[0]?.input).toMatchObject({ files: ['/opt/bin/k3s'] });
    expect(plan.steps[2]?.says.reason).toBe('its unit starts /usr/local/bin/k3s and not /opt/bin/k3s');
  });

  it('tells how far its download is, a few times and not with every piece', async () => {
    const said = async (size: number | undefined): Promise<readonly string[]> => {
      const told: string[] = [];
      const from: ReleaseFiles = {
        binary: async ({ onReceived }) => {
          for (let bytes = 1e6; bytes <= 60e6; bytes += 1e6) onReceived?.(bytes, size);
          return ok(textInput('k3s'));
        },
      };
      await findBinaries(cluster, freshFacts(cluster), from, secrets, { onDownload: (message) => told.push(message) });
      return told;
    };
    const known = await said(60e6);
    expect(known).toHaveLength(11);
    expect(known.slice(-2)).toEqual([
      `downloading K3s ${VERSION} (amd64): 54 MB of 60 MB`,
      `downloading K3s ${VERSION} (amd64): 60 MB of 60 MB`,
    ]);
    expect((await said(undefined)).at(-1)).toBe(`downloading K3s ${VERSION} (amd64): 60 MB`);
  });

  it('comes from the address of the file, whose secrets are not told', async () => {
    const from = releases();
    const env = { INSTALL_K3S_ARTIFACT_URL: 'https://ada:${secret:mirror}@mirror.example.com/k3s' };
    const { notes } = await find(uploading(clusterOf(), env), freshFacts(clusterOf()), from);
    expect(from.asked[0]?.from).toBe('https://ada:s3cr3t@mirror.example.com/k3s');
    expect(notes.join('\n')).toContain('from https://mirror.example.com/k3s');
    expect(notes.join('\n')).not.toContain('s3cr3t');
  });

  it('that cannot be got is a problem, once for all its hosts', async () => {
    const none: ReleaseFiles = { binary: async () => err(problem('release-unreachable', 'no way')) };
    expect((await find(cluster, freshFacts(cluster), none)).problems).toMatchObject([{ code: 'release-unreachable' }]);
  });

  it('has to be of a release that the file names', async () => {
    const { version: _, ...k3s } = cluster.k3s;
    const found = await find({ ...cluster, k3s }, freshFacts(cluster), releases());
    expect(found.problems).toMatchObject([{ code: 'binary-version-missing' }]);
  });

  it('is nobody’s business behind an air gap', async () => {
    const { k3s } = cluster;
    const airgap = { ...cluster, k3s: { ...k3s, install: { ...k3s.install, method: 'airgap' as const } } };
    expect(await find(airgap, freshFacts(cluster))).toMatchObject({ problems: [], notes: [] });
  });
});
