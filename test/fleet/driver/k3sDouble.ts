import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { must } from './run';

const DOUBLE = resolve(import.meta.dirname, '../double');

/** Packs modules from standard input (JSON: name to text) as a compiled zip and prints it in base64. */
const PACK = `
import base64, importlib._bootstrap_external as compiled, io, json, sys, zipfile
archive = io.BytesIO()
with zipfile.ZipFile(archive, "w") as zip:
    for name, text in json.load(sys.stdin).items():
        zip.writestr(name + "c", bytes(compiled._code_to_timestamp_pyc(compile(text, name, "exec"))))
print(base64.b64encode(archive.getvalue()).decode())
`;

/** The program without its first lines; {@link k3sBinary} adds the version. Compiled by the Python of the hosts. */
export async function packK3sDouble(base: string): Promise<Buffer> {
  const folder = join(DOUBLE, 'k3s');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.py'));
  const modules = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])),
  );
  return Buffer.from(
    await must('chroot', [base, '/usr/bin/python3', '-c', PACK], { stdin: JSON.stringify(modules) }),
    'base64',
  );
}

/** One file that runs as `k3s`; it learns from its second line which version it stands for. `padding` bytes make it larger. */
export function k3sBinary(packed: Buffer, version: string, padding: number): Buffer {
  return Buffer.concat([
    Buffer.from(`#!/usr/bin/python3 -I\n# version=${version} TEST DOUBLE of k3s, runs no containers\n`),
    Buffer.from(`#${' '.repeat(padding)}\n`),
    packed,
  ]);
}

/** Text of the install script, which carries its helper scripts in itself. */
export function readInstallScript(): Promise<string> {
  return readFile(join(DOUBLE, 'install.sh'), 'utf8');
}
