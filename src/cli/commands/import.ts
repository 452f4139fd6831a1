import { basename, resolve } from 'node:path';
import { createFiles } from '../../adapters/files/files';
import { ownAddresses } from '../../adapters/kubernetes/ownAddresses';
import { addSecrets } from '../../adapters/secrets/addSecrets';
import { readLogin } from '../../core/authoring/adopt/loginWords';
import { clusterName } from '../../core/authoring/starter/starterText';
import { printable } from '../../core/base/printable';
import { problem } from '../../core/base/problem';
import { err, ok } from '../../core/base/result';
import { planText } from '../../core/plan/planText';
import { firstPlan } from '../../engine/adopt/firstPlan';
import { importCluster } from '../../engine/adopt/importCluster';
import { takenSecrets } from '../../engine/adopt/takenSecrets';
import type { Command } from '../command';
import { cliLog, kubeconfigSources } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { importFiles } from '../importFiles';
import { openImport } from '../importSession';
import { create, exists, nameFault, taken, tellSecrets } from '../importedFile';
import { text, type Option } from '../option';
import { fail, paint, printLines, tell, tellLines } from '../output';
import { PARALLEL, VERBOSE } from '../sharedOptions';

const PORT: Option<number | undefined> = {
  value: 'PORT',
  help: 'port of SSH, on all hosts',
  read([...written], option) {
    const word = written.at(-1);
    if (word === undefined) return ok(undefined);
    const port = Number(word);
    return Number.isInteger(port) && port > 0 && port < 65_536
      ? ok(port)
      : err(`${option} needs a port; "${word}" is not that.`);
  },
};

const OPTIONS = {
  host: text({ value: 'HOST', help: 'a server of the cluster, as ssh would reach it: [USER@]HOST[:PORT]' }),
  user: text({ value: 'USER', help: 'who logs in, on all hosts; without it as ssh decides' }),
  port: PORT,
  identity: text({ value: 'FILE', help: 'private key for SSH' }),
  name: text({
    value: 'NAME',
    help: 'the name of the cluster, which import takes from the texts or this folder without it',
  }),
  output: text({
    value: 'FILE',
    help: 'the cluster file to write, which must not exist; without it on standard output',
  }),
  secrets: text({ value: 'FILE', help: 'file of yours, with mode 0600, that gets the token and other secrets' }),
  verbose: VERBOSE,
  parallel: PARALLEL,
};

export const importCommand: Command<typeof OPTIONS> = {
  name: 'import',
  argument: 'PATH… | --host HOST',
  summary: 'write a cluster file from what sets up K3s, or for a cluster that runs; nothing is changed',
  options: OPTIONS,
  examples: [
    {
      line: 'k3s-ha import --host 10.0.0.11 --user ops --output cluster.k3s.yaml --secrets ~/.config/k3s-ha/secrets.yaml',
      does: 'the file, its secrets, and what it would change: nothing, or which and why',
    },
    {
      line: 'k3s-ha import --host server-1',
      does: 'the file on standard output; secrets have to be given later',
    },
    {
      line: 'k3s-ha import inventory/ --output cluster.k3s.yaml --secrets ~/.config/k3s-ha/secrets.yaml',
      does: 'from files: install commands, config.yaml, cloud-init, units, Ansible inventories, k3sup, AutoK3s; what was not used is told',
    },
    { line: 'k3s-ha import - < notes.txt', does: 'from standard input' },
  ],
  run: (paths, options, signal) =>
    options.host === undefined ? importFiles(paths, options, signal) : importRunning(options.host, options, signal),
};

interface ImportOptions {
  readonly user: string | undefined;
  readonly port: number | undefined;
  readonly identity: string | undefined;
  readonly name: string | undefined;
  readonly output: string | undefined;
  readonly secrets: string | undefined;
  readonly verbose: boolean;
  readonly parallel: number;
}

/** Ends with 0 when the file describes exactly what runs. */
async function importRunning(written: string, options: ImportOptions, signal: AbortSignal): Promise<ExitCode> {
  const read = readLogin(written);
  if (!read.ok)
    return fail(problem('host-unreadable', `${written} is no host`, { nextSteps: [read.error] }), EXIT.usage);
  const { host } = read.value;
  const { user, port, identity, output } = options;
  const name = options.name ?? clusterName(basename(process.cwd()));
  const wrong = nameFault(name);
  if (wrong !== undefined) return fail(wrong, EXIT.usage);
  if (output !== undefined && (await exists(output))) return fail(taken(output), EXIT.usage);
  const door = takenSecrets();
  const session = openImport(door, cliLog(options.verbose), options.parallel, signal);
  try {
    tell(paint('dim', `Reading the cluster of ${host} …`));
    const files = createFiles({ followLinks: () => true });
    const login = {
      ...read.value.login,
      ...(user === undefined ? {} : { user }),
      ...(port === undefined ? {} : { port }),
      ...(identity === undefined ? {} : { identityFile: identity.startsWith('~') ? identity : resolve(identity) }),
    };
    const wish = { host, login, name, addressesOf: await ownAddresses(await kubeconfigSources('.', undefined), files) };
    const imported = await importCluster(wish, session, { signal });
    if (!imported.ok) return fail(imported.error, imported.error.code === 'cancelled' ? EXIT.cancelled : EXIT.notReady);
    const { text: file, secrets, notes } = imported.value;
    if (options.secrets !== undefined) {
      const added = await addSecrets(resolve(options.secrets), secrets, files);
      if (!added.ok) return fail(added.error, EXIT.usage);
    }
    if (output === undefined) printLines(file.trimEnd());
    else if (!(await create(output, file))) return fail(taken(output), EXIT.usage);
    else tell(`Written: ${output}`);
    for (const note of notes) tell(paint('yellow', `Note: ${note}`));
    tellSecrets(Object.keys(secrets), options.secrets);
    door.take(secrets);
    return await showPlan(file, session, output !== undefined, signal);
  } finally {
    await session.dispose();
  }
}

async function showPlan(
  file: string,
  session: Parameters<typeof firstPlan>[1],
  asResult: boolean,
  signal: AbortSignal,
): Promise<ExitCode> {
  tell(paint('dim', 'What it would change:'));
  const { plan, errors } = await firstPlan(file, session, { signal });
  if (signal.aborted) return EXIT.cancelled;
  if (asResult) printLines(planText(plan));
  else tellLines(printable(planText(plan), { lines: true }));
  for (const { message } of errors) tell(paint('red', `The rules have this against it: ${message}`));
  if (plan.problems.length > 0) return EXIT.notReady;
  if (errors.length > 0) return EXIT.findings;
  return plan.steps.length > 0 ? EXIT.changes : EXIT.fine;
}
