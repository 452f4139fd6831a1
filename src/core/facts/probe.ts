import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { DEFAULT_DATA_DIR } from '../k3s/paths';
import type { RemoteCommand, RemoteOutput, RemoteScript } from '../remote/remoteCommand';
import { certificateFacts, type CertificateTopic } from './certificateFacts';
import { configFacts, type ConfigTopic } from './configFacts';
import { datastoreFacts, type DatastoreTopic } from './datastoreFacts';
import { fileFacts, questionLines, type FileQuestion, type FileTopic } from './fileFacts';
import { hostFacts, type HostTopic } from './hostFacts';
import { k3sFacts, type K3sTopic } from './k3sFacts';
import { factValues, PROBE_FUNCTIONS } from './topic';

/** What one look at a host tells. Nothing on the host is changed by looking. Holds secrets: they stay in the engine. */
export interface HostFacts extends HostTopic, K3sTopic, ConfigTopic, DatastoreTopic, CertificateTopic, FileTopic {}

/** All topics, in the order in which the host is asked; the first one reads standard input. */
export const TOPICS = [fileFacts, hostFacts, k3sFacts, configFacts, datastoreFacts, certificateFacts] as const;

/** $1: K3s data-dir; standard input: questions about files. Prints `key=value` lines. */
export const PROBE_SCRIPT: RemoteScript = {
  id: 'probe',
  text: `${PROBE_FUNCTIONS}${TOPICS.map(({ script }) => script).join('')}put end yes`,
};

/** Looks at a host in one round trip. */
export function probe(
  dataDir: string = DEFAULT_DATA_DIR,
  files: readonly FileQuestion[] = [],
): RemoteCommand<HostFacts> {
  const stdin = questionLines(files);
  return {
    script: PROBE_SCRIPT,
    args: [dataDir],
    stdin,
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: parseProbe,
  };
}

function parseProbe(output: RemoteOutput): Result<HostFacts, Problem> {
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
  return ok({
    ...hostFacts.read(values),
    ...k3sFacts.read(values),
    ...configFacts.read(values),
    ...datastoreFacts.read(values),
    ...certificateFacts.read(values),
    ...fileFacts.read(values),
  });
}
