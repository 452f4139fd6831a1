import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chosenKubeconfig, kubeconfigPlaces } from '../../../src/adapters/kubernetes/kubeconfigPlaces';

describe('whose a kubeconfig is', () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'k3s-ha-places-')));
    await Promise.all(
      ['home', 'project', 'project-2', 'project/..kube'].map((folder) =>
        mkdir(join(root, folder), { recursive: true }),
      ),
    );
    await Promise.all(
      ['home/config', 'project/config', 'project-2/config', 'project/..kube/config'].map((file) =>
        writeFile(join(root, file), ''),
      ),
    );
    await symlink(join(root, 'project'), join(root, 'link-to-project'));
    await symlink(join(root, 'project', 'config'), join(root, 'home', 'link-into-project'));
    await symlink(join(root, 'home', 'config'), join(root, 'project', 'link-out'));
  });
  afterEach(() => rm(root, { recursive: true }));

  test.each([
    ['home/config', 'own'],
    ['project-2/config', 'own'],
    ['project/config', 'foreign'],
    ['project/..kube/config', 'foreign'],
    ['project/missing', 'foreign'],
    ['link-to-project/config', 'foreign'],
    ['home/link-into-project', 'foreign'],
    ['project/link-out', 'foreign'],
    ['home/../project/config', 'foreign'],
  ])('%s is %s', async (file, origin) => {
    for (const workspace of ['project', 'link-to-project']) {
      const places = await kubeconfigPlaces([join(root, file)], [join(root, workspace)]);
      expect(places.map((place) => [place.path, place.origin])).toEqual([[join(root, file), origin]]);
    }
  });

  test('a file that the person names for this one use is theirs wherever it lies', () => {
    expect(chosenKubeconfig(join(root, 'project', 'config')).origin).toBe('own');
  });

  test('paths in it are those of its folder', () => {
    expect(chosenKubeconfig(join(root, 'home', 'config')).absolute('keys/a')).toBe(join(root, 'home', 'keys', 'a'));
    expect(chosenKubeconfig(join(root, 'home', 'config')).absolute('/etc/a')).toBe('/etc/a');
  });
});
