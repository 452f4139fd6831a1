import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseDocument } from '../../src/core/document/parse';
import { normalise } from '../../src/core/cluster/normalise';
import { BINARY_PATH } from '../../src/core/k3s/paths';
import { RELEASE_IMAGES, releaseTexts } from '../support/airgap';
import { sha256 } from '../support/plans';
import { engineLab, stepIds, type EngineLab } from './engineLab';

const [OLD, NEW] = ['v1.36.2+k3s1', 'v1.36.3+k3s1'];
const NODES = ['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2'];
const FOLDER = '/var/lib/rancher/k3s/agent/images';
const IMAGES = `${FOLDER}/k3s-airgap-images-amd64.tar.zst`;
const ARCHIVE = './airgap/k3s-airgap-images-amd64.tar.zst';

function put(them: EngineLab, texts: Readonly<Record<string, string>>): void {
  mkdirSync(join(them.folder, 'airgap'), { recursive: true });
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(them.folder, path), text);
}

function setVersion(them: EngineLab, version: string): void {
  const path = join(them.folder, 'cluster.k3s.yaml');
  const text = readFileSync(path, 'utf8').replace(/^ {2}version: .*$/m, `  version: ${version}`);
  writeFileSync(path, text);
  them.cluster = normalise(parseDocument(text).data);
}

/** One archive of these files in the place of their folder. */
function packed(them: EngineLab, texts: Readonly<Record<string, string>>): void {
  put(them, texts);
  execFileSync('tar', ['-C', them.folder, '-czf', join(them.folder, 'k3s-airgap.tar.gz'), 'airgap']);
  rmSync(join(them.folder, 'airgap'), { recursive: true });
}

const contents = (them: EngineLab, path: string): (string | undefined)[] =>
  NODES.map((id) => them.fleet.inspect(id).file(path)?.content);

it('a cluster comes out of a folder, stays as it is, and is upgraded out of it host by host', async () => {
  const them = await engineLab((text) =>
    text.replace(
      /^k3s:\n {2}version: .*$/m,
      `k3s:\n  version: ${OLD}\n  install: { method: airgap, artifacts: ./airgap }`,
    ),
  );
  put(them, {
    ...releaseTexts(OLD),
    'airgap/install.sh': '#!/bin/sh\n',
    'airgap/shop.tar': 'images of an add-on\n'.repeat(150_000),
  });
  const first = await them.plan();
  expect(first.plan.problems).toEqual([]);
  expect(first.plan.notes.join('\n')).toContain('The install script comes from ./airgap/install.sh');
  const output: string[] = [];
  const told = new Set<string>();
  const report = await them.run(first, (event) => {
    if (event.type === 'output') output.push(event.line);
    if (event.type === 'progress') told.add(`${event.node}: ${event.message}`);
  });
  expect(report).toMatchObject({ result: 'done', problems: [] });
  expect(output.join('\n')).toContain('Skipping k3s download and verify');
  expect(output.join('\n')).not.toContain('Downloading');
  expect([...told]).toEqual(expect.arrayContaining(NODES.map((id) => `${id}: 3.0 MB of 3.0 MB sent`)));
  expect(contents(them, BINARY_PATH)).toEqual(NODES.map(() => releaseTexts(OLD)['./airgap/k3s']));
  expect(contents(them, IMAGES)).toEqual(NODES.map(() => releaseTexts(OLD)[ARCHIVE]));
  expect(them.fleet.inspect('agent-2').file('/var/lib/rancher/k3s/agent/images/shop.tar')).toMatchObject({
    mode: 0o644,
  });
  expect(stepIds(await them.plan())).toEqual([]);

  setVersion(them, NEW);
  expect((await them.plan()).plan.problems).toMatchObject([
    { code: 'airgap-other-release', message: `./airgap holds ${OLD}, and the file wants ${NEW}` },
  ]);
  put(them, releaseTexts(NEW));
  const upgrade = await them.plan();
  expect(stepIds(upgrade).filter((id) => id.startsWith('restart'))).toEqual(NODES.map((id) => `restart:${id}`));
  expect(stepIds(upgrade).filter((id) => id.includes('shop'))).toEqual([]);
  expect(await them.run(upgrade)).toMatchObject({ result: 'done', problems: [] });
  expect(contents(them, BINARY_PATH)).toEqual(NODES.map(() => releaseTexts(NEW)['./airgap/k3s']));
  expect(contents(them, IMAGES)).toEqual(NODES.map(() => releaseTexts(NEW)[ARCHIVE]));
  expect(stepIds(await them.plan())).toEqual([]);
});

it('a cluster comes out of one archive, which leaves nothing here, and one that is cut off touches no host', async () => {
  const them = await engineLab((text) =>
    text.replace(
      /^k3s:\n {2}version: .*$/m,
      `k3s:\n  version: ${OLD}\n  install: { method: airgap, artifacts: ./k3s-airgap.tar.gz }`,
    ),
  );
  packed(them, { ...releaseTexts(OLD), 'airgap/install.sh': '#!/bin/sh\n' });
  const before = readdirSync(them.folder);
  const first = await them.plan();
  expect(first.plan.problems).toEqual([]);
  expect(first.plan.notes.join('\n')).toContain('The install script comes from ./k3s-airgap.tar.gz/install.sh');
  expect(await them.run(first)).toMatchObject({ result: 'done', problems: [] });
  expect(contents(them, BINARY_PATH)).toEqual(NODES.map(() => releaseTexts(OLD)['./airgap/k3s']));
  expect(contents(them, IMAGES)).toEqual(NODES.map(() => releaseTexts(OLD)[ARCHIVE]));
  const logs = ['journal.jsonl', 'records.jsonl'];
  expect(readdirSync(them.folder).filter((name) => !logs.includes(name))).toEqual(before);
  expect(stepIds(await them.plan())).toEqual([]);

  // An upgrade whose archive lacks an image of its release: the first machine goes back, to binary and images of before.
  setVersion(them, NEW);
  packed(them, {
    ...releaseTexts(NEW),
    'airgap/install.sh': '#!/bin/sh\n',
    './airgap/k3s-images.txt': `${RELEASE_IMAGES.join('\n')}\ndocker.io/rancher/new:1\n`,
    './airgap/sha256sum-amd64.txt': `${sha256(releaseTexts(NEW)['./airgap/k3s'] ?? '')}  k3s\n`,
  });
  const lacking = await them.plan();
  expect(lacking.plan.problems).toEqual([]);
  expect((await them.run(lacking)).problems).toMatchObject([{ code: 'images-lacking' }]);
  expect(contents(them, BINARY_PATH)).toEqual(NODES.map(() => releaseTexts(OLD)['./airgap/k3s']));
  expect(contents(them, IMAGES)).toEqual(NODES.map(() => releaseTexts(OLD)[ARCHIVE]));
  expect(them.fleet.nodes().map(({ version }) => version)).toEqual(NODES.map(() => OLD));
  setVersion(them, OLD);

  truncateSync(join(them.folder, 'k3s-airgap.tar.gz'), 200);
  expect((await them.plan()).plan.problems).toMatchObject([
    {
      code: 'airgap-archive-unusable',
      message: 'k3s.install.artifacts names ./k3s-airgap.tar.gz, and that archive cannot be used',
      why: expect.stringContaining('./k3s-airgap.tar.gz is damaged, or not all of it is there.') as string,
    },
  ]);
});

it('a machine whose archive does not hold the images of the release is told, and the run does not end well', async () => {
  const them = await engineLab((text) =>
    text.replace(
      /^k3s:\n {2}version: .*$/m,
      `k3s:\n  version: ${OLD}\n  install: { method: airgap, artifacts: ./airgap }`,
    ),
  );
  const [first = '', ...others] = RELEASE_IMAGES;
  const texts = releaseTexts(OLD);
  const archive = (texts[ARCHIVE] ?? '').replace(`${first}\n`, '');
  put(them, { ...texts, 'airgap/install.sh': '#!/bin/sh\n', [ARCHIVE]: archive });
  const sums = Object.entries({ [BINARY_PATH]: texts['./airgap/k3s'] ?? '' });
  put(them, { 'airgap/sha256sum-amd64.txt': sums.map(([, text]) => `${sha256(text)}  k3s\n`).join('') });
  expect(others).not.toEqual([]);
  const report = await them.run(await them.plan());
  expect(report.result).toBe('failed');
  expect(report.problems).toContainEqual(
    expect.objectContaining({
      code: 'images-lacking',
      message: expect.stringMatching(new RegExp(`^On \\S+ ${first} is not there$`)) as string,
    }),
  );
});
