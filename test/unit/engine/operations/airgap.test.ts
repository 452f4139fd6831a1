import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import type { FileFacts } from '../../../../src/core/facts/fileFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { BINARY_PATH } from '../../../../src/core/k3s/paths';
import type { Plan } from '../../../../src/core/plan/plan';
import type { NodeImages } from '../../../../src/core/remote/nodeImages';
import { readAirgapFolder } from '../../../../src/engine/planning/airgapFolder';
import { airgapOf, RELEASE_IMAGES, releaseTexts } from '../../../support/airgap';
import { clusterOf } from '../../../support/cluster';
import { localFolder, textInput } from '../../../support/localFiles';
import { contentFor, freshFacts, planFor, provisionedFacts } from '../../../support/plans';
import { problem } from '../../../../src/core/base/problem';
import { err, ok } from '../../../../src/core/base/result';

const VERSION = 'v1.36.3+k3s1';
const IMAGES = '/var/lib/rancher/k3s/agent/images';
const cluster = airgapOf(clusterOf({ servers: 1, agents: 1 }));
const RELEASE = releaseTexts(VERSION);
const ALL_THERE: NodeImages = { loose: [], missing: [], cached: false, failures: [], over: false };

interface Seen {
  readonly of?: Cluster;
  readonly texts?: Readonly<Record<string, string>>;
  readonly facts?: ReadonlyMap<string, HostFacts>;
  /** What agent-1 tells of its images. */
  readonly images?: Partial<NodeImages>;
}

/** The plan with a folder that holds `texts`, and line 9 of the cluster file naming it. */
async function planOf({ of = cluster, texts = RELEASE, facts = freshFacts(of), images }: Seen = {}): Promise<Plan> {
  const read = await readAirgapFolder(of, { ...localFolder(texts), lineOf: () => 9 });
  const airgap = read?.ok === true ? { airgap: read.value } : {};
  const local = { files: new Map(), listed: new Map(), ...airgap };
  const desired = contentFor(of, undefined, local, facts);
  const seen = images === undefined ? {} : { images: new Map([['agent-1', { ...ALL_THERE, ...images }]]) };
  return planFor(of, facts, { desired, ...airgap, ...seen });
}

function withArch(arch: string, id = 'agent-1'): Map<string, HostFacts> {
  const facts = freshFacts(cluster);
  const seen = facts.get(id);
  if (seen !== undefined) facts.set(id, { ...seen, arch });
  return facts;
}

const onHost = (text: string, mode = '0644'): FileFacts => {
  const { size, sha256 } = textInput(text);
  return { kind: 'file', sha256, size, mode, owner: 'root:root', ids: '0:0' };
};

/** Machines that run with these files of a folder. */
function runningFacts(texts = RELEASE, version = VERSION): Map<string, HostFacts> {
  const images = 'k3s-airgap-images-amd64.tar.zst';
  const files = new Map([
    [BINARY_PATH, onHost(texts['./airgap/k3s'] ?? '', '0755')],
    [`${IMAGES}/${images}`, onHost(texts[`./airgap/${images}`] ?? '')],
  ]);
  return new Map([...provisionedFacts(cluster)].map(([id, seen]) => [id, { ...seen, files, k3sVersion: version }]));
}

describe('a cluster out of a folder', () => {
  it('gets images and binary before the installer runs, each host those of its architecture', async () => {
    const texts = { ...RELEASE, ...releaseTexts(VERSION, 'arm64', './airgap/arm64') };
    const { steps, problems, notes } = await planOf({ texts, facts: withArch('aarch64') });
    expect(problems).toEqual([]);
    const written = (id: string): string[] =>
      steps.filter(({ on }) => on === id).flatMap((step) => (step.kind === 'start' ? [] : [step.id]));
    expect(written('server-1').slice(0, 4)).toEqual([
      `place-file:server-1:${IMAGES}/k3s-airgap-images-amd64.tar.zst`,
      `place-file:server-1:${BINARY_PATH}`,
      'write-config:server-1',
      'install:server-1',
    ]);
    expect(written('agent-1')[0]).toBe(`place-file:agent-1:${IMAGES}/k3s-airgap-images-arm64.tar.zst`);
    expect(notes.join('\n')).toContain('for agent-1 (arm64): k3s-arm64 (0.0 MB), k3s-airgap-images-arm64.tar.zst');
  });

  it('gets the images of add-ons, too, and only one archive of K3s', async () => {
    const texts = { ...RELEASE, './airgap/shop.tar.gz': 'shop', './airgap/k3s-airgap-images-amd64.tar': 'the same' };
    const { steps } = await planOf({ texts });
    const archives = steps.filter(({ on, id }) => on === 'agent-1' && id.includes('/images/')).map(({ id }) => id);
    expect(archives.map((id) => id.split('/').at(-1))).toEqual(['k3s-airgap-images-amd64.tar.zst', 'shop.tar.gz']);
  });

  it('stays as it is when the hosts have all of it', async () => {
    const { steps, problems } = await planOf({ facts: runningFacts() });
    expect(problems).toEqual([]);
    expect(steps).toEqual([]);
  });

  it('is upgraded host by host, and the binary lies aside only once', async () => {
    const { steps } = await planOf({ facts: runningFacts(releaseTexts('v1.36.2+k3s1'), 'v1.36.2+k3s1') });
    expect(steps.filter(({ on }) => on === 'agent-1').map(({ kind }) => kind)).toEqual([
      'put-aside',
      'place-file',
      'place-file',
      'install',
      'restart',
      'await-images',
      'put-back',
      'await-settled',
    ]);
    expect(steps.find(({ id }) => id === 'put-aside:agent-1')?.input).toMatchObject({
      files: [`${IMAGES}/k3s-airgap-images-amd64.tar.zst`],
    });
  });

  it('sends no images where no containers run', async () => {
    const of = airgapOf(clusterOf({ servers: 1, agents: 0, serverConfig: { 'disable-agent': true } }));
    const { steps } = await planOf({ of });
    expect(steps.filter(({ kind }) => kind === 'place-file').map(({ id }) => id)).toEqual([
      `place-file:server-1:${BINARY_PATH}`,
    ]);
    expect(steps.map(({ kind }) => kind)).not.toContain('await-images');
  });
});

describe('a cluster out of one archive', () => {
  const BUNDLE = './k3s-airgap.tar.gz';
  const of = airgapOf(clusterOf({ servers: 1, agents: 1 }), BUNDLE);

  it('gets the same as out of a folder, each file checked against the sha256 file in it', async () => {
    const texts = releaseTexts(VERSION, 'amd64', BUNDLE);
    const same = await planOf({ of, texts });
    expect(same.problems).toEqual([]);
    expect(same.steps).toEqual((await planOf()).steps);
    expect(same.notes.join('\n')).toContain(`${BUNDLE} has for server-1 and agent-1 (amd64): k3s (0.0 MB)`);
    const read = await readAirgapFolder(of, localFolder({ ...texts, [`${BUNDLE}/k3s`]: 'another program' }));
    expect(read?.ok === true ? read.value.releases.get('amd64') : read).toMatchObject({
      ok: false,
      error: {
        why: expect.stringMatching(
          /^\.\/k3s-airgap\.tar\.gz\/k3s has the sha256 .*sha256sum-amd64\.txt says/,
        ) as string,
      },
    });
  });

  it('is told by line where the archive cannot be read', async () => {
    const read = await readAirgapFolder(of, { ...localFolder(), lineOf: () => 9 });
    expect(read).toMatchObject({
      ok: false,
      error: {
        code: 'airgap-archive-unusable',
        message: `k3s.install.artifacts (line 9) names ${BUNDLE}, and that archive cannot be used`,
        why: `${BUNDLE} is damaged. It ends too early.`,
        nextSteps: ['Copy it.'],
      },
    });
  });
});

describe('the images of K3s', () => {
  const [DNS = '', PAUSE = ''] = RELEASE_IMAGES;
  const running = { facts: runningFacts() };
  const kinds = ({ steps }: Plan): string[] => steps.filter(({ on }) => on === 'agent-1').map(({ kind }) => kind);

  it('are waited for behind each start, and nobody waits for them to join', async () => {
    const { steps } = await planOf();
    expect(steps.filter(({ kind }) => kind === 'await-images').map(({ id, after }) => [id, after])).toEqual([
      ['await-images:server-1', ['start:server-1']],
      ['await-images:agent-1', ['start:agent-1']],
    ]);
    expect(steps.find(({ id }) => id === 'start:agent-1')?.after).not.toContain('await-images:server-1');
  });

  it('are imported again by a restart where one is not pinned or gone, with the cause', async () => {
    const plan = await planOf({ ...running, images: { loose: [PAUSE], missing: [DNS] } });
    expect(kinds(plan)).toEqual(['restart', 'await-images']);
    expect(plan.steps.find(({ kind }) => kind === 'restart')?.says.reason).toBe(
      `${DNS} is not there and ${PAUSE} is not pinned, and K3s imports them when it starts`,
    );
    expect(plan.notes.join('\n')).toContain(
      `agent-1: ${DNS} is not there and ${PAUSE} is not pinned. They were deleted`,
    );
    expect(kinds(await planOf({ ...running, images: {} }))).toEqual([]);
  });

  it('are imported anew where an old release would take their pins away', async () => {
    const old = 'v1.36.2+k3s1';
    const of = { ...cluster, k3s: { ...cluster.k3s, version: old } };
    const texts = releaseTexts(old);
    const facts = runningFacts(texts, old);
    const lacking = await planOf({ of, texts, facts, images: { loose: [PAUSE], cached: true } });
    expect(kinds(lacking)).toEqual(['drop-image-cache', 'restart', 'await-images']);
    expect(lacking.notes.join('\n')).toContain('K3s has not imported archives again that .cache.json lists');
    expect(kinds(await planOf({ of, texts, facts, images: { cached: true } }))).toEqual(['drop-image-cache']);
    expect(kinds(await planOf({ ...running, images: { cached: true } }))).toEqual([]);
  });

  it("are nobody's business where another containerd runs, and unknown without their list", async () => {
    const of = airgapOf(clusterOf({ servers: 1, agents: 0, serverConfig: { docker: true } }));
    expect((await planOf({ of })).steps.map(({ kind }) => kind)).not.toContain('await-images');
    const { './airgap/k3s-images.txt': _, ...texts } = RELEASE;
    const { steps, notes } = await planOf({ texts });
    expect(steps.map(({ kind }) => kind)).not.toContain('await-images');
    expect(notes.join('\n')).toContain(
      './airgap has no k3s-images.txt, so nobody checks whether the images of K3s are there and pinned on server-1 and agent-1: ./airgap/k3s-airgap-images-amd64.tar.zst does not tell which images it holds. It is no tar.',
    );
  });

  it('are those that the archive itself names where their list is missing', async () => {
    const archive = JSON.stringify([PAUSE]);
    const { './airgap/k3s-images.txt': _, ...texts } = releaseTexts(VERSION, 'amd64', './airgap', archive);
    const { steps, notes, problems } = await planOf({ texts });
    expect(problems).toEqual([]);
    expect(steps.filter(({ kind }) => kind === 'await-images').map(({ input }) => input)).toEqual([
      { images: 1 },
      { images: 1 },
    ]);
    expect(notes.join('\n')).not.toContain('nobody checks');
  });
});

describe('what keeps a folder from being used', () => {
  const without = (name: string): Record<string, string> =>
    Object.fromEntries(Object.entries(RELEASE).filter(([path]) => path !== `./airgap/${name}`));

  it.each([
    ['sha256sum-amd64.txt', 'It has no sha256sum-amd64.txt, which tells'],
    ['k3s', 'It has no k3s, the program itself.'],
    ['k3s-airgap-images-amd64.tar.zst', 'It has no archive with the images of K3s'],
  ])('is that %s is missing', async (name, why) => {
    const { problems, steps } = await planOf({ texts: without(name) });
    expect(steps).toEqual([]);
    expect(problems).toMatchObject([
      {
        code: 'airgap-folder-unusable',
        message: 'k3s.install.artifacts (line 9) names ./airgap, which cannot be used for server-1 and agent-1 (amd64)',
        why: expect.stringContaining(why) as string,
        nextSteps: [expect.stringContaining(`v1.36.3%2Bk3s1/${name} into`)],
      },
    ]);
  });

  it('is a file that is not the one of its sha256 file, and one that this does not name', async () => {
    const changed = await planOf({ texts: { ...RELEASE, './airgap/k3s': 'cut off' } });
    expect(changed.problems[0]?.why).toMatch(
      /^\.\/airgap\/k3s has the sha256 [0-9a-f]{64}, and \.\/airgap\/sha256sum-amd64\.txt says [0-9a-f]{64}\.$/,
    );
    const unnamed = await planOf({ texts: { ...RELEASE, './airgap/sha256sum-amd64.txt': '' } });
    expect(unnamed.problems[0]?.why).toBe('./airgap/sha256sum-amd64.txt has no line for k3s.');
  });

  it('is an archive of images that is cut off, also where the sha256 file does not name it', async () => {
    const images = './airgap/k3s-airgap-images-amd64.tar.zst';
    const sums = (RELEASE['./airgap/sha256sum-amd64.txt'] ?? '').replace(/^.*airgap-images.*\n/m, '');
    const unnamed = { ...RELEASE, './airgap/sha256sum-amd64.txt': sums };
    const { problems, steps } = await planOf({ texts: { ...unnamed, [images]: 'cut off' } });
    expect(steps).toEqual([]);
    expect(problems[0]?.why).toBe(`${images} is damaged. It ends too early.`);
    const { notes } = await planOf({ texts: unnamed });
    expect(notes.join('\n')).toContain(
      'sha256sum-amd64.txt has no line for k3s-airgap-images-amd64.tar.zst, so nobody checks whether it is whole.',
    );
  });

  it('is not a sha256 file with the line ends of Windows', async () => {
    const sums = './airgap/sha256sum-amd64.txt';
    const texts = { ...RELEASE, [sums]: (RELEASE[sums] ?? '').replaceAll('\n', '\r\n') };
    expect((await planOf({ texts })).problems).toEqual([]);
  });

  it('is that nothing can be read at its place, told by its line', async () => {
    const { artifacts } = localFolder();
    const gone = problem('file-not-read', './airgap could not be read.', { why: 'There is no such file or folder.' });
    const empty = { ...artifacts, list: async () => err(gone) };
    expect(await readAirgapFolder(cluster, { artifacts: empty, lineOf: () => 9 })).toMatchObject({
      ok: false,
      error: {
        message: 'k3s.install.artifacts (line 9) names ./airgap, and nothing can be read there',
        why: './airgap could not be read. There is no such file or folder.',
        nextSteps: [expect.stringContaining('put binary, images, sha256 file and install.sh') as string],
      },
    });
  });

  it('is an architecture that it has nothing for, told for that host alone', async () => {
    const { problems } = await planOf({ facts: withArch('aarch64') });
    expect(problems).toMatchObject([
      { code: 'airgap-folder-unusable', host: 'agent-1', why: 'It has no file for arm64.' },
    ]);
  });

  it('is no missing archive of images where a registry has them', async () => {
    const registries = { kind: 'written', data: { mirrors: {} } } as const;
    const texts = without('k3s-airgap-images-amd64.tar.zst');
    expect((await planOf({ of: { ...cluster, registries }, texts })).problems).toEqual([]);
  });

  it('is a release that the hosts have already while the file wants another one', async () => {
    const old = releaseTexts('v1.36.2+k3s1');
    const { problems } = await planOf({ texts: old, facts: runningFacts(old, 'v1.36.2+k3s1') });
    expect(problems).toMatchObject([
      {
        code: 'airgap-other-release',
        message: './airgap holds v1.36.2+k3s1, and the file wants v1.36.3+k3s1',
        why: 'The binary in it is the one that server-1 and agent-1 have already.',
      },
    ]);
  });

  it('is that the file names no release', async () => {
    const { version: _, ...k3s } = cluster.k3s;
    expect((await planOf({ of: { ...cluster, k3s } })).problems.map(({ code }) => code)).toContain(
      'airgap-version-missing',
    );
  });

  it('is a disk without room for what comes, the old and what is unpacked', async () => {
    const of = { ...cluster };
    const read = await readAirgapFolder(of, localFolder(RELEASE));
    if (read?.ok !== true) throw new Error('the folder could not be read');
    const release = read.value.releases.get('amd64');
    if (release?.ok !== true) throw new Error('the release could not be read');
    const images = release.value.images.map((file) => ({ ...file, input: { ...file.input, size: 600e6 } }));
    const airgap = { ...read.value, releases: new Map([['amd64' as const, ok({ ...release.value, images })]]) };
    const facts = runningFacts(releaseTexts('v1.36.2+k3s1'), 'v1.36.2+k3s1');
    const agent = facts.get('agent-1');
    if (agent !== undefined) facts.set('agent-1', { ...agent, diskFreeKiB: 500_000 });
    const desired = contentFor(of, undefined, { files: new Map(), listed: new Map(), airgap }, facts);
    expect(planFor(of, facts, { desired, airgap }).problems).toMatchObject([
      {
        code: 'disk-space',
        host: 'agent-1',
        message: 'agent-1 has 512 MB free below /var/lib, and 890 MB are needed',
        nextSteps: ['Free 378 MB there.'],
      },
    ]);
  });
});
