import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseDocument } from '../../src/core/document/parse';
import { normalise } from '../../src/core/cluster/normalise';
import { BINARY_PATH } from '../../src/core/k3s/paths';
import { releaseTexts } from '../support/airgap';
import { engineLab, stepIds, type EngineLab } from './engineLab';

const [OLD, NEW] = ['v1.36.2+k3s1', 'v1.36.3+k3s1'];
const NODES = ['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2'];
const IMAGES = '/var/lib/rancher/k3s/agent/images/k3s-airgap-images-amd64.tar.zst';

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
  expect(contents(them, IMAGES)).toEqual(NODES.map(() => `the images of ${OLD}\n`));
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
  expect(contents(them, IMAGES)).toEqual(NODES.map(() => `the images of ${NEW}\n`));
  expect(stepIds(await them.plan())).toEqual([]);
});
