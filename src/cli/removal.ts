import { systemClock } from '../adapters/system/clock';
import { removeNodes } from '../core/authoring/changes';
import { strangers, withStrangers } from '../core/authoring/strangers';
import { listed } from '../core/base/words';
import { nodesOf } from '../core/cluster/roles';
import type { NodeHealth } from '../core/health/nodeHealth';
import { listedNodes } from '../engine/access/listedNodes';
import { operationById } from '../engine/operations/registry';
import { carryOutFile, type RunOptions } from './carryOut';
import { cliLog, type ClusterFile } from './context';
import { EXIT, type ExitCode } from './exitCodes';
import { forgetNodes } from './forgetNodes';
import { fail, paint, tell } from './output';
import { openSession } from './session';

/** Takes nodes out of the cluster and then out of the file; such that the file does not name are looked for in the cluster. */
export async function removeFrom(
  file: ClusterFile,
  wanted: readonly string[],
  options: RunOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const nodes = [...new Set(wanted)];
  const declared = nodesOf(file.cluster).filter(({ id }) => nodes.includes(id));
  const edits = removeNodes(file, declared);
  if (!edits.ok) return refuse(edits.error);
  const live = declared.length === nodes.length ? [] : await nodesOfCluster(file, options, signal);
  if (typeof live === 'number') return live;
  const described = withStrangers(file, nodes, live);
  if (!described.ok) return refuse(described.error);
  const done = await carryOutFile(
    { ...file, ...described.value },
    {
      operation: operationById('remove-node'),
      intent: { nodes },
      done: (_, seconds) => `Done: ${listed(nodes)} left the cluster within ${seconds} s.`,
    },
    options,
    signal,
  );
  const ids = declared.map(({ id }) => id);
  return done === EXIT.fine && ids.length > 0 ? forgetNodes(file.path, ids, signal) : done;
}

/** Removes what the cluster has and the file does not name. */
export async function prune(file: ClusterFile, options: RunOptions, signal: AbortSignal): Promise<ExitCode> {
  const live = await nodesOfCluster(file, options, signal);
  if (typeof live === 'number') return live;
  const names = strangers(file.cluster, live);
  if (names.length > 0) return removeFrom(file, names, options, signal);
  tell('No node of the cluster is missing in the file.');
  return EXIT.fine;
}

async function nodesOfCluster(
  file: ClusterFile,
  options: RunOptions,
  signal: AbortSignal,
): Promise<readonly NodeHealth[] | ExitCode> {
  const log = cliLog(options.verbose);
  const session = openSession(file, log, options['allow-secrets'], signal, options['allow-programs']);
  try {
    const admitted = await session.secrets.admit();
    if (!admitted.ok) return fail(admitted.error, EXIT.notReady);
    const live = await listedNodes(file.cluster, { hosts: session.hosts, clock: systemClock }, signal);
    if (live.ok) return live.value;
    return fail(live.error, signal.aborted ? EXIT.cancelled : EXIT.notReady);
  } finally {
    await session.dispose();
  }
}

function refuse(why: string): ExitCode {
  tell(paint('red', why));
  return EXIT.usage;
}
