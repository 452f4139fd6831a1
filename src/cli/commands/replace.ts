import { systemClock } from '../../adapters/system/clock';
import { linesThatName, replaceMachine } from '../../core/authoring/replaceMachine';
import { isHost } from '../../core/authoring/starter/addresses';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { applyEdits } from '../../core/base/text';
import { listed } from '../../core/base/words';
import { normalise } from '../../core/cluster/normalise';
import type { ClusterNode } from '../../core/cluster/cluster';
import { parseDocument } from '../../core/document/parse';
import type { Plan } from '../../core/plan/plan';
import { vacantPlace, type VacantPlace } from '../../engine/nodes/vacantPlace';
import { declaredNode } from '../../engine/nodes/findNode';
import { operationById } from '../../engine/operations/registry';
import { applicableFile } from '../applicableFile';
import { carryOutFile, RUN_OPTIONS, type RunOptions } from '../carryOut';
import type { Command } from '../command';
import { cliLog, type ClusterFile } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { fail, tell } from '../output';
import { openSession } from '../session';
import { writeAgreed } from '../writeAgreed';

export const replaceCommand: Command<typeof RUN_OPTIONS> = {
  name: 'replace',
  argument: 'FILE NODE HOST',
  summary: 'have another machine take the place of one that is dead or was given up',
  options: RUN_OPTIONS,
  examples: [
    {
      line: 'k3s-ha replace cluster.k3s.yaml server-2 10.0.0.14',
      does: 'show the plan, ask, write the new address into the file, carry it out',
    },
    {
      line: 'k3s-ha replace cluster.k3s.yaml agent-1 10.0.1.9 --yes',
      does: 'the same for an agent, without a question',
    },
  ],
  run: async ([path, id = '', host = ''], options, signal) => {
    const file = await applicableFile(path, signal, 'take away');
    if (typeof file === 'number') return file;
    if (!isHost(host)) return refuse(`"${host}" is no address and no name of a machine.`);
    const node = declaredNode(file.cluster, id);
    if (!node.ok) return fail(node.error, EXIT.usage);
    const deed = {
      operation: operationById('provision'),
      intent: {},
      done: (_: Plan, seconds: string) =>
        `Done: ${host} has the place of ${id} after ${seconds} s. Should the old machine come back, uninstall K3s there before anything else.`,
    };
    // The file has it since a run that was cut off.
    if (node.value.host === host) return carryOutFile(file, deed, options, signal);
    // What cannot be written is told before any machine is asked.
    const possible = withMachine(file, node.value, host, {});
    if (!possible.ok) return fail(possible.error, EXIT.usage);
    const place = await lookAtPlace(file, node.value, options, signal);
    if (!place.ok) return fail(place.error, signal.aborted ? EXIT.cancelled : EXIT.notReady);
    const changed = withMachine(file, node.value, host, place.value);
    if (!changed.ok) return fail(changed.error, EXIT.usage);
    const left = linesThatName(changed.value.text, node.value.host);
    const lines = left.length === 1 ? 'Line' : 'Lines';
    if (left.length > 0 && !options.json)
      tell(
        `${lines} ${listed(left.map(String))} of the file will still name ${node.value.host}: look at what they mean.`,
      );
    const agreed = (): Promise<Result<void, Problem>> => writeAgreed(file, changed.value.text);
    return carryOutFile(changed.value, { ...deed, agreed }, options, signal);
  },
};

/** The file with the other machine; it still lies on disk as it was. */
function withMachine(
  file: ClusterFile,
  node: ClusterNode,
  host: string,
  { name }: VacantPlace,
): Result<ClusterFile, Problem> {
  const edits = replaceMachine(file, node, { host, ...(name === undefined ? {} : { name }) });
  if (!edits.ok) return err(problem('file-not-edited', edits.error));
  const text = applyEdits(file.text, edits.value);
  const document = parseDocument(text);
  return ok({ ...file, text, document, cluster: normalise(document.data) });
}

async function lookAtPlace(
  file: ClusterFile,
  node: ClusterNode,
  options: RunOptions,
  signal: AbortSignal,
): Promise<Result<VacantPlace, Problem>> {
  const log = cliLog(options.verbose);
  const session = openSession(file, log, options['allow-secrets'], signal, options['allow-programs']);
  try {
    const admitted = await session.secrets.admit();
    if (!admitted.ok) return admitted;
    return await vacantPlace(file.cluster, node, { hosts: session.hosts, clock: systemClock }, signal);
  } finally {
    await session.dispose();
  }
}

function refuse(why: string): ExitCode {
  tell(why);
  return EXIT.usage;
}
