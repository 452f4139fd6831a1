import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createFiles } from '../adapters/files/files';
import { addSecrets } from '../adapters/secrets/addSecrets';
import type * as imports from '../core/authoring/import/importTexts';
import type { SourceText } from '../core/authoring/import/installCommand';
import { isSkippedFolder, isWorthReading, LARGEST_FILE, MOST_FILES } from '../core/authoring/import/sourceFiles';
import { problem, type Problem } from '../core/base/problem';
import { err, ok, type Result } from '../core/base/result';
import { validate } from '../core/language/validate';
import { EXIT, type ExitCode } from './exitCodes';
import { create, exists, nameFault, taken, tellSecrets } from './importedFile';
import { unlessCancelled } from './interrupt';
import { fail, paint, printLines, tell } from './output';

interface FileImport {
  readonly name: string | undefined;
  readonly output: string | undefined;
  readonly secrets: string | undefined;
}

/** Writes the cluster file that texts mean; ends with 0 when the rules have nothing against it. `-` is standard input. */
export async function importFiles(
  paths: readonly string[],
  options: FileImport,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { name, output, secrets: store } = options;
  const wrong = name === undefined ? undefined : nameFault(name);
  if (wrong !== undefined) return fail(wrong, EXIT.usage);
  if (output !== undefined && (await exists(output))) return fail(taken(output), EXIT.usage);
  const sources = await readSources(paths);
  if (!sources.ok) return fail(sources.error, EXIT.usage);
  const before = name === undefined ? '' : `apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata:\n  name: ${name}\n`;
  const imported = await unlessCancelled(loadImports().importTexts(before, sources.value), signal);
  if (imported === undefined) return EXIT.cancelled;
  const { edits, notes, storeSecrets, text: file, refused } = imported;
  if (refused !== undefined) return fail(tooMuch(refused), EXIT.usage);
  for (const note of notes) tell(paint('yellow', `Note: ${note}`));
  if (edits.length === 0) return fail(nothingFound(paths), EXIT.usage);
  if (store !== undefined) {
    const added = await addSecrets(resolve(store), storeSecrets, createFiles({ followLinks: () => true }));
    if (!added.ok) return fail(added.error, EXIT.usage);
  }
  if (output === undefined) printLines(file.trimEnd());
  else if (!(await create(output, file))) return fail(taken(output), EXIT.usage);
  else tell(`Written: ${output}`);
  tellSecrets(Object.keys(storeSecrets), store);
  const errors = validate(file).filter(({ severity }) => severity === 'error');
  for (const { message } of errors) tell(paint('red', `The rules have this against it: ${message}`));
  return errors.length > 0 ? EXIT.findings : EXIT.fine;
}

/** What reads texts, loaded for the first one. */
function loadImports(): typeof imports {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./imports.js') as typeof imports;
}

function tooMuch(message: string): Problem {
  return problem('import-too-long', message, {
    nextSteps: ['Name only the files that set up K3s, or the part of them that does.'],
  });
}

function nothingFound(paths: readonly string[]): Problem {
  return problem('nothing-imported', `Nothing that sets up K3s was found in ${paths.join(', ')}.`, {
    why: 'Known are install commands, k3s server and agent, config.yaml, systemd units, cloud-init, Butane and Ignition, Terraform user data, Vagrantfiles, Compose files, NixOS, Makefiles, k3sup, AutoK3s, hetzner-k3s, k0sctl, tasks of Ansible, and inventories of k3s-ansible, techno-tim and PyratLabs.',
    nextSteps: ['Name the file that has the commands or the inventory, or begin with an empty cluster file.'],
  });
}

async function readSources(paths: readonly string[]): Promise<Result<readonly SourceText[], Problem>> {
  const sources: SourceText[] = [];
  for (const path of paths) {
    try {
      if (path === '-') sources.push({ text: await standardInput() });
      else if ((await stat(path)).isDirectory())
        for (const file of await filesIn(path)) sources.push({ name: file, text: await readText(file) });
      else sources.push({ name: path, text: await readText(path) });
    } catch (error) {
      return err(
        problem('file-unreadable', `${path} cannot be read`, {
          why: error instanceof Error ? error.message : String(error),
          nextSteps: ['Check the path. A server of a cluster that runs is given with --host.'],
        }),
      );
    }
  }
  return ok(sources);
}

async function readText(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > LARGEST_FILE)
    throw new Error(`it has ${(size / 1e6).toFixed(1)} MB, and 1 MB is the most that is imported`);
  return readFile(file, 'utf8');
}

async function standardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > LARGEST_FILE) break;
  }
  return text;
}

async function filesIn(folder: string, found: string[] = []): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (found.length >= MOST_FILES)
      throw new Error(`it has more than ${MOST_FILES} files; name the ones that are meant`);
    if (entry.isDirectory() && !isSkippedFolder(path)) await filesIn(path, found);
    else if (entry.isFile() && isWorthReading(path)) found.push(path);
  }
  return found;
}
