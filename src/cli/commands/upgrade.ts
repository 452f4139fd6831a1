import { setRelease } from '../../core/authoring/release';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { applyEdits } from '../../core/base/text';
import { normalise } from '../../core/cluster/normalise';
import { parseDocument } from '../../core/document/parse';
import { RELEASES } from '../../core/k3s/releases';
import { nextRelease, upgradeOffers } from '../../core/k3s/upgradePath';
import type { Plan } from '../../core/plan/plan';
import { operationById } from '../../engine/operations/registry';
import { applicableFile } from '../applicableFile';
import { writeAgreed } from '../writeAgreed';
import { carryOutFile, RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';
import type { ClusterFile } from '../context';
import { keepWish, keptWords } from '../keepWish';
import { KEEP_SNAPSHOT } from '../sharedOptions';
import { EXIT, type ExitCode } from '../exitCodes';
import { text, type ValuesOf } from '../option';
import { fail, printJson, printLines, tell } from '../output';

const OPTIONS = {
  ...RUN_OPTIONS,
  to: text({ value: 'VERSION', help: 'the release to go to, such as v1.36.3+k3s1' }),
  'keep-snapshot': KEEP_SNAPSHOT,
};

export const upgradeCommand: Command<typeof OPTIONS> = {
  name: 'upgrade',
  argument: 'FILE',
  summary: 'write another release of K3s into the file, plan, ask, and carry it out',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha upgrade cluster.k3s.yaml', does: 'list the releases that the cluster can go to' },
    {
      line: 'k3s-ha upgrade cluster.k3s.yaml --to v1.36.3+k3s1',
      does: 'show the plan, ask, write the file, carry it out',
    },
    {
      line: 'k3s-ha upgrade cluster.k3s.yaml --to v1.36.3+k3s1 --keep-snapshot ~/backup',
      does: 'with the snapshot from before on this computer, too',
    },
  ],
  run: upgrade,
};

async function upgrade(
  [path]: readonly [string, ...string[]],
  options: ValuesOf<typeof OPTIONS>,
  signal: AbortSignal,
): Promise<ExitCode> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return file;
  const { version } = file.cluster.k3s;
  const etcd = file.cluster.datastore.type === 'embedded-etcd';
  const { to } = options;
  if (to === undefined) return listOffers(version, etcd, options.json);
  const next = nextRelease(version, to, RELEASES, etcd);
  if (!next.ok) return fail(next.error, EXIT.usage);
  const changed = withRelease(file, to);
  if (!changed.ok) return fail(changed.error, EXIT.usage);
  const deed = {
    operation: operationById('provision'),
    intent: keepWish(options),
    done: ({ steps }: Plan, seconds: string) => `Done: every node runs ${to} after ${seconds} s.${keptWords(steps)}`,
    agreed: () => writeAgreed(file, changed.value.text),
  };
  return carryOutFile(changed.value, deed, options, signal);
}

/** Which releases there are to go to, and by which others. */
function listOffers(version: string | undefined, etcd: boolean, json: boolean): ExitCode {
  if (version === undefined) {
    tell('The file names a release channel and no version. Name the release to go to with --to.');
    return EXIT.usage;
  }
  const offers = upgradeOffers(version, RELEASES, etcd);
  if (json) {
    printJson({ version, offers });
    return EXIT.fine;
  }
  const lines = offers.map(({ release, path }) =>
    path.length === 1 ? `  --to ${release}` : `  ${release}, by ${path.slice(0, -1).join(', then ')}`,
  );
  printLines(
    lines.length === 0
      ? `${version} is the newest release that this version of k3s-ha knows; --to takes any other one.`
      : [`From ${version} this goes on:`, ...lines].join('\n'),
  );
  return EXIT.fine;
}

/** The file as it is to be, with the release; it still lies on disk as it was. */
function withRelease(file: ClusterFile, release: string): Result<ClusterFile, Problem> {
  const edits = setRelease(file.document, release);
  const text = applyEdits(file.text, edits);
  const document = parseDocument(text);
  const cluster = normalise(document.data);
  return cluster.k3s.version === release
    ? ok({ ...file, text, document, cluster })
    : err(
        problem('file-not-edited', `${release} could not be written into ${file.path}`, {
          nextSteps: ['Write it under k3s.version yourself, then use "k3s-ha apply".'],
        }),
      );
}
