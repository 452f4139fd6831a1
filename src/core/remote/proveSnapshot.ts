import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import {
  PROVE_SNAPSHOT,
  readProof,
  snapshotFault,
  type SnapshotExpectation,
  type SnapshotProof,
} from './snapshotProof';

/** $1: path of a snapshot on this host. Tells what it is; changes nothing. */
export const PROVE_SNAPSHOT_SCRIPT: RemoteScript = {
  id: 'prove-snapshot',
  text: `export LC_ALL=C
${PROVE_SNAPSHOT}
prove "$1"`,
};

/** As slow as an SD card reads etcd's largest database several times. */
const PROVE_MS = 15 * 60_000;

/** Proves that a cluster could be restored from a file. */
export function proveSnapshot(path: string, expected: SnapshotExpectation): RemoteCommand<SnapshotProof> {
  return {
    script: PROVE_SNAPSHOT_SCRIPT,
    args: [path],
    sudo: true,
    timeoutMs: PROVE_MS,
    secrets: [],
    parse: (output) => parse(path, output, expected),
  };
}

function parse(path: string, output: RemoteOutput, expected: SnapshotExpectation): Result<SnapshotProof, Problem> {
  const proof = readProof(output);
  if (output.exitCode !== 0 || proof === undefined)
    return err(failed('snapshot-unreadable', `The snapshot ${path} cannot be read`, output));
  const fault = snapshotFault(proof, expected);
  if (fault === undefined) return ok(proof);
  return err(
    problem('snapshot-unusable', `Nothing must be restored from ${path}`, {
      why: `${fault.charAt(0).toUpperCase()}${fault.slice(1)}.`,
      nextSteps: fault.includes('another token')
        ? [
            'Choose a snapshot of this cluster, or of the time since its token was changed.',
            'On other machines, or with the token of that time, restore by hand: write that token into the cluster file, stop K3s on all servers, run "k3s server --cluster-reset --cluster-reset-restore-path=… --token=…" on one of them, start it, and delete the Nodes of machines that are gone.',
          ]
        : ['Choose another snapshot: "k3s-ha snapshot list" shows them all.'],
    }),
  );
}
