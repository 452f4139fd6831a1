import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { DEFAULT_DATA_DIR } from '../k3s/paths';
import type { RemoteCommand, RemoteOutput, RemoteScript } from '../remote/remoteCommand';
import { balancerFacts, type BalancerTopic } from './balancerFacts';
import { certificateFacts, type CertificateTopic } from './certificateFacts';
import { configFacts, type ConfigTopic } from './configFacts';
import { datastoreFacts, type DatastoreTopic } from './datastoreFacts';
import { hostFacts, type HostTopic } from './hostFacts';
import { k3sFacts, type K3sTopic } from './k3sFacts';
import { factValues, PROBE_FUNCTIONS } from './topic';

/** What one look at a host tells. Nothing on the host is changed by looking. Holds secrets: they stay in the engine. */
export interface HostFacts extends HostTopic, K3sTopic, ConfigTopic, DatastoreTopic, CertificateTopic, BalancerTopic {}

/** All topics, in the order in which the host is asked. */
export const TOPICS = [hostFacts, k3sFacts, configFacts, datastoreFacts, certificateFacts, balancerFacts] as const;

/** $1: K3s data-dir, $2: the fixed address, on a machine that is to carry it. Prints `key=value` lines. */
export const PROBE_SCRIPT: RemoteScript = {
  id: 'probe',
  text: `${PROBE_FUNCTIONS}${TOPICS.map(({ script }) => script).join('')}put end yes`,
};

/** Looks at a host in one round trip; `address` is the fixed address, on a machine that is to carry it. */
export function probe(dataDir: string = DEFAULT_DATA_DIR, address = ''): RemoteCommand<HostFacts> {
  return {
    script: PROBE_SCRIPT,
    args: [dataDir, address],
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
    ...balancerFacts.read(values),
  });
}
