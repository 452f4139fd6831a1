import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportCluster } from '../../core/authoring/export/exportCluster';
import { EXPORT_FORMS } from '../../core/authoring/export/registry';
import type { ExportForm } from '../../core/authoring/export/exported';
import { problem } from '../../core/base/problem';
import { err, ok } from '../../core/base/result';
import { listed } from '../../core/base/words';
import { applicableFile } from '../applicableFile';
import type { Command } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import { text, type Option } from '../option';
import { fail, paint, printLines, tell } from '../output';

const IDS = EXPORT_FORMS.map(({ id }) => id);

const FORM: Option<ExportForm> = {
  value: 'TOOL',
  words: IDS,
  help: 'k3s-ansible, cloud-init or system-upgrade-controller',
  read(written, option) {
    const word = written.at(-1);
    const found = EXPORT_FORMS.find(({ id }) => id === word);
    return found === undefined
      ? err(`${option} is one of ${listed(IDS)}; ${word === undefined ? 'name one' : `"${word}" is not that`}.`)
      : ok(found);
  },
};

const OPTIONS = {
  for: FORM,
  out: text({
    value: 'FOLDER',
    help: 'where the files go; what is there already is not overwritten; without it on standard output',
  }),
};

export const exportCommand: Command<typeof OPTIONS> = {
  name: 'export',
  argument: 'FILE',
  summary: 'write what another tool reads: an inventory, user data, upgrade plans; without secrets',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha export cluster.k3s.yaml --for k3s-ansible', does: 'the inventory of k3s-io/k3s-ansible' },
    { line: 'k3s-ha export cluster.k3s.yaml --for cloud-init --out user-data', does: 'a file for each machine' },
    {
      line: 'k3s-ha export cluster.k3s.yaml --for system-upgrade-controller',
      does: 'plans for the release of the file',
    },
  ],
  run: ([path], options, signal) => exportFile(path, options.for, options.out, signal),
};

async function exportFile(
  path: string,
  form: ExportForm,
  out: string | undefined,
  signal: AbortSignal,
): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const made = exportCluster(form, file);
  if (!made.ok) return fail(made.error, EXIT.notReady);
  const { files, left } = made.value;
  if (out === undefined)
    for (const { name, text: content } of files)
      printLines(`${files.length > 1 ? `# ${name}\n` : ''}${content.trimEnd()}`);
  else
    try {
      await mkdir(out, { recursive: true });
      for (const { name, text: content } of files) {
        await writeFile(join(out, name), content, { flag: 'wx' });
        tell(`Written: ${join(out, name)}`);
      }
    } catch (error) {
      return fail(
        problem('file-unwritable', `The export to ${out} stopped`, {
          why: error instanceof Error ? error.message : String(error),
          nextSteps: ['Name an empty folder with --out.'],
        }),
        EXIT.usage,
      );
    }
  for (const each of left) tell(paint('yellow', `Not in it: ${each}`));
  return EXIT.fine;
}
