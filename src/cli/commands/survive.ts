import { err, ok } from '../../core/base/result';
import type { Survival } from '../../core/topology/model';
import { cutSets } from '../../core/topology/cutSets';
import { abridge } from '../../core/topology/abridge';
import {
  judge,
  REQUIREMENTS,
  singleFailures,
  type Judgement,
  type Requirement,
} from '../../core/topology/requirements';
import { survives } from '../../core/topology/survival';
import { verdict } from '../../core/topology/verdict';
import { applicableFile } from '../applicableFile';
import type { Command } from '../command';
import type { ClusterFile } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { findFiles } from '../findFiles';
import { unlessCancelled } from '../interrupt';
import { failedParts } from '../failedParts';
import type { Option } from '../option';
import { fail, paint, print, printJson, printLines, printWrapped, table } from '../output';
import { JSON_OUTPUT, WITHOUT } from '../sharedOptions';

const REQUIRE: Option<readonly Requirement[]> = {
  value: 'WHAT',
  words: REQUIREMENTS,
  repeats: true,
  help: 'any-server, any-zone or balancer, by commas: fail when the API does not survive its failure',
  read(written, option) {
    const wanted: Requirement[] = [];
    for (const word of written.flatMap((text) => text.split(','))) {
      const found = REQUIREMENTS.find((each) => each === word);
      if (found === undefined) return err(`${option} is any-server, any-zone or balancer; "${word}" is not that.`);
      wanted.push(found);
    }
    return ok(wanted);
  },
};

const OPTIONS = { json: JSON_OUTPUT, require: REQUIRE, without: WITHOUT };

export const surviveCommand: Command<typeof OPTIONS> = {
  name: 'survive',
  argument: 'PATH…',
  summary: 'say what clusters survive by their files, and fail when it is not what is required',
  options: OPTIONS,
  examples: [
    {
      line: 'k3s-ha survive cluster.k3s.yaml',
      does: 'what still works when each part fails, and what takes the API down',
    },
    {
      line: 'k3s-ha survive cluster.k3s.yaml --require any-server,balancer',
      does: 'red in a pull request that costs availability',
    },
    { line: 'k3s-ha survive cluster.k3s.yaml --without server-1', does: 'what else may fail while this one is down' },
  ],
  run: (paths, options, signal) => survive(paths, options, signal),
};

interface SurviveOptions {
  readonly json: boolean;
  readonly require: readonly Requirement[];
  readonly without: readonly string[];
}

/** Nothing is asked of any machine: the answers are about what the files describe. */
async function survive(paths: readonly string[], options: SurviveOptions, signal: AbortSignal): Promise<ExitCode> {
  const found = await unlessCancelled(findFiles(paths), signal);
  if (found === undefined) return EXIT.cancelled;
  if (!found.ok) return fail(found.error, EXIT.usage);
  const { files } = found.value;
  const all: Told[] = [];
  for (const path of files) {
    const file = await applicableFile(path, signal);
    if (typeof file === 'number') return file;
    const down = failedParts(file.cluster, options.without);
    if (!down.ok) return fail(down.error, EXIT.usage);
    const told = whatSurvives(file, down.value, options.require);
    all.push(told);
    if (options.json) continue;
    if (files.length > 1) print(paint('bold', path));
    show(told, options.without);
    if (files.length > 1) print();
  }
  if (options.json) printJson(all);
  return all.every(({ requirements }) => requirements.every(({ holds }) => holds)) ? EXIT.fine : EXIT.findings;
}

type Answers = Pick<Survival, 'api' | 'workloads' | 'join' | 'datastore' | 'kubeconfig'>;

/** What is told of one file, as `--json` prints it. */
interface Told {
  readonly file: string;
  readonly cluster: string;
  readonly verdict: string;
  /** Ids of the parts that are down. */
  readonly without: readonly string[];
  readonly now: Answers;
  readonly failures: readonly ({ readonly part: string; readonly label: string } & Answers)[];
  /** The smallest sets whose loss takes the API away. */
  readonly apiEndsWith: readonly string[];
  readonly requirements: readonly Judgement[];
}

function whatSurvives(
  { path, cluster: whole }: ClusterFile,
  down: readonly string[],
  required: readonly Requirement[],
): Told {
  const { cluster } = abridge(whole);
  return {
    file: path,
    cluster: whole.name,
    verdict: verdict(whole),
    without: down,
    now: answers(survives(cluster, down)),
    failures: singleFailures(cluster, down).map(({ partId, label, survival }) => ({
      part: partId,
      label,
      ...answers(survival),
    })),
    apiEndsWith: cutSets(cluster, down).map(({ words }) => words),
    requirements: required.map((each) => judge(cluster, each, down)),
  };
}

function answers({ api, workloads, join, datastore, kubeconfig }: Survival): Answers {
  return { api, workloads, join, datastore, kubeconfig };
}

function show({ verdict: words, now, failures, apiEndsWith, requirements }: Told, without: readonly string[]): void {
  printWrapped(2, without.length === 0 ? words : `Without ${without.join(', ')}: ${now.api.reason}`);
  print();
  printLines(
    table([
      ['FAILS', 'API', 'WORKLOADS', 'NEW NODES', 'DATASTORE'],
      ...failures.map(({ label, api, workloads, join, datastore }) => [
        label,
        ...[api, workloads, join, datastore].map(({ outcome }) => outcome),
      ]),
    ]),
  );
  print();
  printWrapped(
    2,
    `The API ends with the loss of: ${apiEndsWith.length === 0 ? 'no three parts' : apiEndsWith.join('; ')}.`,
  );
  for (const { requirement, holds, words: why } of requirements)
    printWrapped(2, holds ? paint('green', 'holds') : paint('red', 'fails'), ` ${requirement}: ${why}`);
}
