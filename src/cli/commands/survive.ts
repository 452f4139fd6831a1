import { err, ok } from '../../core/base/result';
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
import { EXIT, type ExitCode } from '../exitCodes';
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
  argument: 'FILE',
  summary: 'say what the cluster of a file survives, and fail when it is not what is required',
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
  run: ([path], options, signal) => survive(path, options, signal),
};

interface SurviveOptions {
  readonly json: boolean;
  readonly require: readonly Requirement[];
  readonly without: readonly string[];
}

/** Nothing is asked of any machine: the answers are about what the file describes. */
async function survive(path: string, options: SurviveOptions, signal: AbortSignal): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const down = failedParts(file.cluster, options.without);
  if (!down.ok) return fail(down.error, EXIT.usage);
  const { cluster } = abridge(file.cluster);
  const now = survives(cluster, down.value);
  const failures = singleFailures(cluster, down.value);
  const sets = cutSets(cluster, down.value).map(({ words }) => words);
  const judgements = options.require.map((each) => judge(cluster, each, down.value));
  if (options.json)
    printJson({
      cluster: cluster.name,
      verdict: verdict(file.cluster),
      without: down.value,
      now: answers(now),
      failures: failures.map(({ partId, label, survival }) => ({ part: partId, label, ...answers(survival) })),
      apiEndsWith: sets,
      requirements: judgements,
    });
  else {
    if (down.value.length === 0) printWrapped(2, verdict(file.cluster));
    else printWrapped(2, `Without ${options.without.join(', ')}: ${now.api.reason}`);
    print();
    printLines(
      table([
        ['FAILS', 'API', 'WORKLOADS', 'NEW NODES', 'DATASTORE'],
        ...failures.map(({ label, survival: { api, workloads, join, datastore } }) => [
          label,
          ...[api, workloads, join, datastore].map(({ outcome }) => outcome),
        ]),
      ]),
    );
    print();
    printWrapped(2, `The API ends with the loss of: ${sets.length === 0 ? 'no three parts' : sets.join('; ')}.`);
    for (const judgement of judgements) tellJudgement(judgement);
  }
  return judgements.every(({ holds }) => holds) ? EXIT.fine : EXIT.findings;
}

type Survived = ReturnType<typeof survives>;

function answers({ api, workloads, join, datastore, kubeconfig }: Survived): Partial<Survived> {
  return { api, workloads, join, datastore, kubeconfig };
}

function tellJudgement({ requirement, holds, words }: Judgement): void {
  printWrapped(2, holds ? paint('green', 'holds') : paint('red', 'fails'), ` ${requirement}: ${words}`);
}
