import { said } from '../../core/base/say';
import { writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { createFiles } from '../../adapters/files/files';
import { addSecrets } from '../../adapters/secrets/addSecrets';
import { readAddresses, type Layout } from '../../core/authoring/starter/addresses';
import { layoutKind, LAYOUTS } from '../../core/authoring/starter/layouts';
import { clusterName, endpointProblem, starterText, userProblem } from '../../core/authoring/starter/starterText';
import { problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { referencePassword } from '../../core/cluster/endpointSecret';
import { shellWord } from '../../core/remote/shell';
import type { Command } from '../command';
import { EXIT, type ExitCode } from '../exitCodes';
import { text, type Option } from '../option';
import { fail, tell } from '../output';
import { isTerminal, question } from '../questions';
import { CLUSTER_NAME } from '../sharedOptions';

const NAMES = LAYOUTS.map(({ layout }) => layout);
const NAMES_IN_WORDS = `${NAMES.slice(0, -1).join(', ')} or ${NAMES.at(-1) ?? ''}`;

const LAYOUT: Option<Layout | undefined> = {
  value: 'LAYOUT',
  words: NAMES,
  help: `${NAMES_IN_WORDS}; without it you are asked`,
  read([...written], option) {
    const word = written.at(-1);
    const found = LAYOUTS.find(({ layout }) => layout === word)?.layout;
    return word !== undefined && found === undefined
      ? err(`${option} is ${NAMES_IN_WORDS}; "${word}" is not that.`)
      : ok(found);
  },
};

const OPTIONS = {
  layout: LAYOUT,
  addresses: text({
    value: 'WORDS',
    help: 'servers, the fixed address, balancers and agents, in one line as you are asked for it',
  }),
  endpoint: text({ value: 'URL', help: 'of the external datastore, its password as ${secret:name}' }),
  user: text({ value: 'NAME', help: 'who logs in by SSH; without it your configuration of ssh says so' }),
  name: CLUSTER_NAME,
  secrets: text({ value: 'FILE', help: 'file of yours, with mode 0600, that gets the token and other secrets' }),
};

export const initCommand: Command<typeof OPTIONS> = {
  name: 'init',
  argument: '[FILE]',
  summary: 'write a new cluster file from three answers',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha init', does: 'asks, and writes cluster.k3s.yaml, which must not exist' },
    {
      line: "k3s-ha init edge.k3s.yaml --layout embedded-etcd --addresses 'servers 10.0.0.[11-13], address 10.0.0.100'",
      does: 'without a question',
    },
    {
      line: "k3s-ha init --layout haproxy --addresses 'servers 10.0.0.[11-13], address 10.0.0.100, balancers 10.0.0.11 10.0.0.12'",
      does: 'HAProxy and keepalived on two of the servers',
    },
  ],
  run: ([path], options, signal) => init(path, options, signal),
};

interface InitOptions {
  readonly layout: Layout | undefined;
  readonly addresses: string | undefined;
  readonly endpoint: string | undefined;
  readonly user: string | undefined;
  readonly name: string | undefined;
  readonly secrets: string | undefined;
}

/** The same questions as New Cluster File in the editor; each is left out whose answer is an option. */
async function init(path: string, options: InitOptions, signal: AbortSignal): Promise<ExitCode> {
  const layout = options.layout ?? (await askLayout(signal));
  if (layout === undefined) return gaveUp('--layout', signal);
  const { example, asks, brings } = layoutKind(layout);
  const line = await answer(
    options.addresses,
    `Addresses, such as: ${example}`,
    (typed) => {
      const read = readAddresses(typed, layout);
      return read.ok ? undefined : read.error;
    },
    signal,
  );
  if (line === undefined) return gaveUp('--addresses', signal);
  const addresses = readAddresses(line, layout);
  if (!addresses.ok) return wrong('--addresses', addresses.error);
  if (asks === undefined && options.endpoint !== undefined)
    return wrong('--endpoint', `The layout ${layout} keeps its data on the servers and has no endpoint.`);
  const endpoint =
    asks === undefined
      ? ''
      : await answer(
          options.endpoint,
          `Where the datastore is: ${ENDPOINTS[asks]}`,
          (typed) => endpointProblem(typed, asks),
          signal,
        );
  if (endpoint === undefined) return gaveUp('--endpoint', signal);
  const unusable = asks === undefined ? undefined : endpointProblem(endpoint, asks);
  if (unusable !== undefined) return wrong('--endpoint', unusable);
  // Other users of a machine see the arguments of its programs.
  if (options.endpoint !== undefined && referencePassword(options.endpoint, 'x').password !== undefined)
    return wrong('--endpoint', 'A password has no place in an argument: write ${secret:db-password} for it.');
  const { user } = options;
  const nobody = userProblem(user ?? '');
  if (nobody !== undefined) return wrong('--user', nobody);
  const name = options.name ?? clusterName(basename(dirname(resolve(path))));
  const starter = starterText({
    name,
    layout,
    addresses: addresses.value,
    endpoint,
    ...(user === undefined ? {} : { user }),
  });
  const kept = await keepSecrets(starter.storeSecrets, options.secrets);
  if (kept !== EXIT.fine) return kept;
  const created = await create(path, starter.text);
  if (!created.ok) return fail(created.error, EXIT.usage);
  tell(`Written: ${path}`);
  if (brings !== undefined) tell(`  ${said(brings)}`);
  tell(`  Next: k3s-ha lint ${shellWord(path)}`);
  return EXIT.fine;
}

const ENDPOINTS = {
  database: 'mysql://k3s:password@tcp(db.example.com:3306)/k3s, postgres://…, nats://…, or https://etcd-1:2379,…',
  etcd: 'https://etcd-1:2379,https://etcd-2:2379,https://etcd-3:2379',
} as const;

async function askLayout(signal: AbortSignal): Promise<Layout | undefined> {
  if (!isTerminal()) return undefined;
  LAYOUTS.forEach(({ label, detail }, index) => tell(`${index + 1}  ${said(label)}: ${said(detail)}`));
  tell(
    '   For a cluster that runs already: k3s-ha import --host HOST; from a tutorial or an inventory: k3s-ha import PATH…',
  );
  const typed = await answer(
    undefined,
    `Which layout (1 to ${LAYOUTS.length})?`,
    (word) => (LAYOUTS[Number(word) - 1] === undefined ? `Type a number from 1 to ${LAYOUTS.length}.` : undefined),
    signal,
  );
  return LAYOUTS[Number(typed) - 1]?.layout;
}

/** What was given, or what a person types until nothing is wrong with it; undefined where nobody answers. */
async function answer(
  given: string | undefined,
  words: string,
  problemOf: (typed: string) => string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (given !== undefined || !isTerminal()) return given?.trim();
  for (;;) {
    tell(words);
    const typed = (await question('> ', signal)).trim();
    if (typed === '') return undefined;
    const found = problemOf(typed);
    if (found === undefined) return typed;
    tell(found);
  }
}

async function keepSecrets(secrets: Readonly<Record<string, string>>, file: string | undefined): Promise<ExitCode> {
  const names = Object.keys(secrets);
  if (names.length === 0) return EXIT.fine;
  if (file === undefined) {
    tell(
      `The file refers to secrets that are kept nowhere yet: ${names.join(', ')}. Give them later, or --secrets FILE.`,
    );
    return EXIT.fine;
  }
  const added = await addSecrets(resolve(file), secrets, createFiles({ followLinks: () => true }));
  return added.ok ? EXIT.fine : fail(added.error, EXIT.usage);
}

function gaveUp(option: string, signal: AbortSignal): ExitCode {
  if (signal.aborted) return EXIT.cancelled;
  tell(isTerminal() ? 'Nothing was written.' : `Without a terminal nobody can be asked: give ${option}.`);
  tell('  Next: k3s-ha init --help');
  return EXIT.usage;
}

function wrong(option: string, words: string): ExitCode {
  return fail(problem('answer-invalid', `${option}: ${words}`), EXIT.usage);
}

async function create(path: string, content: string): Promise<Result<void, ReturnType<typeof problem>>> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return ok(undefined);
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    return err(
      problem(
        'file-unwritable',
        exists ? `${path} exists already and is not overwritten` : `${path} cannot be written`,
        {
          ...(exists ? {} : { why: error instanceof Error ? error.message : String(error) }),
          nextSteps: ['Name another file: k3s-ha init FILE.'],
        },
      ),
    );
  }
}
