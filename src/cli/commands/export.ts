import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../adapters/system/clock';
import { createFiles } from '../../adapters/files/files';
import { exportCluster } from '../../core/authoring/export/exportCluster';
import { systemUpgradeController, upgradePlans } from '../../core/authoring/export/systemUpgradeController';
import { EXPORT_FORMS } from '../../core/authoring/export/registry';
import type { ExportForm } from '../../core/authoring/export/exported';
import { problem } from '../../core/base/problem';
import { err, ok } from '../../core/base/result';
import { listed } from '../../core/base/words';
import { findAccess } from '../../engine/access/findAccess';
import { installPlans, plansRefused } from '../../engine/access/installPlans';
import { reachApi } from '../../engine/access/reachApi';
import { saysYes } from '../agree';
import { applicableFile } from '../applicableFile';
import type { Command } from '../command';
import { cliApi, cliLog, kubeconfigSources } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { flag, text, type Option, type ValuesOf } from '../option';
import { fail, paint, printLines, tell } from '../output';
import { openSession } from '../session';
import { ALLOW_SECRETS, VERBOSE } from '../sharedOptions';

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
  install: flag({
    help: 'put the plans of system-upgrade-controller into the running cluster, and watch them until every node has the release',
  }),
  yes: flag({ short: 'y', help: 'install without a question' }),
  kubeconfig: text({ value: 'PATH', help: "this kubeconfig instead of kubectl's" }),
  'allow-secrets': ALLOW_SECRETS,
  verbose: VERBOSE,
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
    {
      line: 'k3s-ha export cluster.k3s.yaml --for system-upgrade-controller --install',
      does: 'the same, installed and watched',
    },
  ],
  run: ([path], options, signal) =>
    options.install ? install(path, options, signal) : exportFile(path, options.for, options.out, signal),
};

/** Installs the plans of the file through the API, and tells how they go on. */
async function install(path: string, options: ValuesOf<typeof OPTIONS>, signal: AbortSignal): Promise<ExitCode> {
  if (options.for !== systemUpgradeController || options.out !== undefined)
    return fail(
      problem('export-not-installed', '--install is for the plans of system-upgrade-controller', {
        nextSteps: ['Write --for system-upgrade-controller, and no --out.'],
      }),
      EXIT.usage,
    );
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const { cluster } = file;
  const plans = upgradePlans(cluster);
  if (!plans.ok) return fail(plans.error, EXIT.notReady);
  const log = cliLog(options.verbose);
  const session = openSession(file, log, options['allow-secrets'], signal);
  const { hosts } = session;
  try {
    const places = await kubeconfigSources(path, options.kubeconfig);
    const sources = {
      files: createFiles({ followLinks: () => true }),
      places,
      hosts,
      warn: (said: string) => log.warn(said),
    };
    const access = await findAccess(cluster, sources, signal);
    if (!access.ok) return fail(access.error);
    const api = cliApi(log);
    const reached = await reachApi(cluster, access.value, api, hosts, signal);
    if (!reached.ok) return fail(reached.error);
    const deps = {
      api,
      endpoint: reached.value.endpoint,
      clock: systemClock,
      signal,
      tell: (words: string) => tell(words),
    };
    const refused = await plansRefused(cluster, plans.value, deps);
    if (refused !== undefined) return fail(refused, EXIT.notReady);
    const names = listed(plans.value.map(({ metadata }) => metadata.name));
    if (
      !options.yes &&
      !(await saysYes(`Install ${names} in ${cluster.name}: the controller begins at once (yes/no)? `, signal))
    )
      return EXIT.cancelled;
    const installed = await installPlans(plans.value, deps);
    if (!installed.ok) return fail(installed.error);
    tell(
      paint(
        'green',
        `Every node of ${cluster.name} has its release. Remove the plans before K3s HA upgrades it again.`,
      ),
    );
    return EXIT.fine;
  } finally {
    await session.dispose();
  }
}

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
