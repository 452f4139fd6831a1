import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { DEFAULT_DATA_DIR } from '../k3s/paths';
import type { RemoteCommand, RemoteOutput, RemoteScript } from '../remote/remoteCommand';
import { balancerFacts } from './balancerFacts';
import { certificateFacts } from './certificateFacts';
import { compactionFacts } from './compactionFacts';
import { configFacts } from './configFacts';
import { datastoreFacts } from './datastoreFacts';
import { drillFacts } from './drillFacts';
import { encryptionFacts } from './encryptionFacts';
import { etcdLoadFacts } from './etcdLoadFacts';
import { fileFacts, questionLines, type FileQuestion } from './fileFacts';
import { firewallFacts } from './firewallFacts';
import { hostFacts } from './hostFacts';
import { k3sFacts } from './k3sFacts';
import { networkFacts } from './networkFacts';
import { otherUnitFacts } from './otherUnitFacts';
import { rebootFacts } from './rebootFacts';
import { remainsFacts } from './remainsFacts';
import { restoreFacts } from './restoreFacts';
import { snapshotFacts } from './snapshotFacts';
import { roomFacts } from './roomFacts';
import { systemFacts } from './systemFacts';
import { templateFacts } from './templateFacts';
import { factValues, PROBE_FUNCTIONS, type FactTopic, type FactsOf } from './topic';

/** All topics, in the order in which the host is asked; the first one reads standard input. */
export const TOPICS = [
  fileFacts,
  hostFacts,
  k3sFacts,
  configFacts,
  datastoreFacts,
  snapshotFacts,
  restoreFacts,
  rebootFacts,
  drillFacts,
  certificateFacts,
  encryptionFacts,
  balancerFacts,
  systemFacts,
  networkFacts,
  remainsFacts,
  otherUnitFacts,
  firewallFacts,
  roomFacts,
  etcdLoadFacts,
  compactionFacts,
  templateFacts,
] as const;

/** What one look at a host tells. Nothing on the host is changed by looking. Holds secrets: they stay in the engine. */
export type HostFacts = FactsOf<typeof TOPICS>;

/** $1: K3s data-dir, $2: the fixed address, on a machine that is to carry it, $3: where snapshots are, when that is not the usual place; standard input: questions about files. Prints `key=value` lines. */
export const PROBE_SCRIPT = probeScript(TOPICS);

function probeScript(topics: readonly FactTopic<object>[]): RemoteScript {
  return { id: 'probe', text: `${PROBE_FUNCTIONS}${topics.map(({ script }) => script).join('')}put end yes` };
}

/** What a host gets to answer, besides reading large files. */
const BASE_MS = 30_000;
/** The slowest disk that is waited for, in bytes a millisecond: an SD card, as it reads. */
const SLOWEST_DISK = 10_000;

/** Looks at a host in one round trip; `address` is the fixed address, on a machine that is to carry it. */
export function probe(dataDir?: string, files?: readonly FileQuestion[]): RemoteCommand<HostFacts>;
export function probe<T extends readonly FactTopic<object>[]>(
  dataDir: string | undefined,
  files: readonly FileQuestion[],
  topics: T,
  address?: string,
  snapshots?: string,
): RemoteCommand<FactsOf<T>>;
export function probe(
  dataDir = DEFAULT_DATA_DIR,
  files: readonly FileQuestion[] = [],
  topics: readonly FactTopic<object>[] = TOPICS,
  address = '',
  snapshots = '',
): RemoteCommand<object> {
  const script = topics === TOPICS ? PROBE_SCRIPT : probeScript(topics);
  const parse = (output: RemoteOutput): Result<object, Problem> => parseProbe(output, topics);
  const bytes = files.reduce((sum, { size = 0 }) => sum + size, 0);
  const timeoutMs = BASE_MS + Math.ceil(bytes / SLOWEST_DISK);
  return {
    script,
    args: [dataDir, address, snapshots],
    stdin: questionLines(files),
    sudo: true,
    timeoutMs,
    secrets: [],
    parse,
  };
}

function parseProbe(output: RemoteOutput, topics: readonly FactTopic<object>[]): Result<object, Problem> {
  const values = factValues(output.stdout);
  if (output.exitCode !== 0 || !values.yes('end')) {
    // What the host printed holds its configuration, so only what went wrong is told.
    const why = output.stderr.trim().split('\n').at(-1);
    return err(
      problem('probe-failed', 'The host could not be examined', {
        why: why === undefined || why === '' ? `exit status ${output.exitCode}` : why,
      }),
    );
  }
  if (values.text('arch') === '') {
    return err(problem('probe-failed', 'The host did not tell its processor architecture'));
  }
  return ok(Object.assign({}, ...topics.map((topic) => topic.read(values))));
}
