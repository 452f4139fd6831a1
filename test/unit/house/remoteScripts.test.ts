import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBE_SCRIPT } from '../../../src/core/facts/probe';
import { HOST_K3S, K3S_PATH } from '../../../src/core/remote/hostK3s';
import type { RemoteScript } from '../../../src/core/remote/remoteCommand';
import { SERVICES } from '../../../src/core/remote/serviceManager';
import { findCommand } from '../../../src/practice/commands/registry';

const FOLDER = join(import.meta.dirname, '../../../src/core/remote');

/** Every script that a module of core/remote exports, by `file: name`. */
async function exported(): Promise<ReadonlyMap<string, RemoteScript>> {
  const scripts = new Map<string, RemoteScript>();
  for (const file of globSync('*.ts', { cwd: FOLDER }).sort()) {
    const module = (await import(join(FOLDER, file))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(module)) if (isScript(value)) scripts.set(`${file}: ${name}`, value);
  }
  return scripts;
}

function isScript(value: unknown): value is RemoteScript {
  return typeof value === 'object' && value !== null && 'id' in value && 'text' in value;
}

describe('remote scripts', async () => {
  const scripts = await exported();

  it('are found', () => {
    expect([...scripts.keys()]).toContain('upload.ts: UPLOAD_FILE_SCRIPT');
    expect(scripts.size).toBeGreaterThanOrEqual(11);
  });

  it.each([...scripts])('%s is answered by practice hosts', (_name, script) => {
    expect(findCommand(script.text), 'add its answer to src/practice/commands/registry.ts').toBeTypeOf('function');
  });

  it.each([...scripts, ['probe', PROBE_SCRIPT] as const])(
    '%s finds the service manager before it speaks to it',
    (_name, { text }) => {
      // It asks OpenRC by itself.
      const own = text.replace(HOST_K3S, '').replace(K3S_PATH, '');
      const [before = ''] = own.split(SERVICES);
      expect(before, 'begin it with SERVICES of core/remote/serviceManager.ts').not.toMatch(
        /\b(systemctl|journalctl)\b/,
      );
    },
  );

  it('have an id of their own', () => {
    const ids = [...scripts.values()].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
