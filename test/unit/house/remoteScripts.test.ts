import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RemoteScript } from '../../../src/core/remote/remoteCommand';
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

  it('have an id of their own', () => {
    const ids = [...scripts.values()].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
