import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of this program, from the manifest of the package that it lies in. */
export function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };
  return version;
}
