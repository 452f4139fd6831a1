import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { refuseLinkedFolder } from '../../../scripts/lib/linkedFolder.mjs';

const folder = mkdtempSync(join(tmpdir(), 'k3s-ha-linked-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a folder of packages that belongs to another checkout is not emptied by setting up', () => {
  mkdirSync(join(folder, 'own'));
  symlinkSync(join(folder, 'own'), join(folder, 'linked'));
  symlinkSync(join(folder, 'gone'), join(folder, 'broken'));
  expect(() => refuseLinkedFolder(join(folder, 'own'))).not.toThrow();
  expect(() => refuseLinkedFolder(join(folder, 'not-yet'))).not.toThrow();
  for (const link of ['linked', 'broken']) expect(() => refuseLinkedFolder(join(folder, link))).toThrow(/leads to/);
});
