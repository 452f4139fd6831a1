import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ARTIFACTS } from '../../scripts/lib/paths.mjs';

/** A folder of one run, with short paths because sockets are made in it; {@link discard} or {@link keep} it at the end. */
export function newRunFolder() {
  return mkdtempSync(path.join(tmpdir(), 'k3s-ha-'));
}

export function discard(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Copies what helps to understand a failure (logs, pictures, results) to .cache/artifacts/<name> and resolves with that path. */
export function keep(folder, name) {
  const target = path.join(ARTIFACTS, name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(folder).filter((file) => /\.(log|png|json)$/.test(file)))
    cpSync(path.join(folder, entry), path.join(target, entry));
  const logs = path.join(folder, 'server', 'data', 'logs');
  if (existsSync(logs) && statSync(logs).isDirectory())
    cpSync(logs, path.join(target, 'vscode-logs'), { recursive: true });
  return target;
}
