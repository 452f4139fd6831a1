import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { journalLine } from '../k3s/journal/journalLine';
import { logCommand, type ServiceManager } from '../k3s/serviceManager';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import {
  PROVE_SNAPSHOT,
  readProof,
  snapshotFault,
  type SnapshotExpectation,
  type SnapshotProof,
} from './snapshotProof';

/**
 * $1: base name. Has K3s save a snapshot on this server (and in S3 where that is configured), finds the file where K3s lists
 * it, and tells what it is. Not packed, so that every host can look into it. The long names of the options are those that
 * K3s makes of its configuration: two names of one option are refused. All words of `save` are on standard error, with one
 * line for each option of the configuration that it does not know. https://docs.k3s.io/cli/etcd-snapshot
 */
export const SAVE_SNAPSHOT_SCRIPT: RemoteScript = {
  id: 'save-snapshot',
  text: String.raw`export LC_ALL=C
${HOST_K3S}
${PROVE_SNAPSHOT}
said=$(k3s etcd-snapshot save --name "$1" --etcd-snapshot-compress=false 2>&1)
status=$?
if [ "$status" -ne 0 ]; then printf '%s\n' "$said" | grep -v 'Unknown flag' | tail -n 3 >&2; exit 1; fi
name=$(printf '%s\n' "$said" | sed -n 's/.*Snapshot \([^ "]*\) saved\..*/\1/p' | tail -n 1)
if [ -z "$name" ]; then printf '%s\n' "$said" | grep -v 'Unknown flag' | tail -n 1 >&2; exit 2; fi
listed=$(k3s etcd-snapshot ls --etcd-s3=false 2>/dev/null | awk -v name="$name" '$1 == name && $2 ~ /^file:/ {print substr($2, 8), $3; exit}')
echo "name=$name"
echo "listed=$listed"
prove "${'${listed% *}'}"`,
};

/** A snapshot that was saved and proved. */
export interface SavedSnapshot {
  readonly name: string;
  /** On the server. */
  readonly path: string;
  readonly proof: SnapshotProof;
}

/** What K3s gets to copy its database: etcd's largest has 8 GiB. */
const SAVE_MS = 10 * 60_000;

/** Saves a snapshot under a base name, to which K3s adds node and time. */
export function saveSnapshot(
  base: string,
  expected: SnapshotExpectation = {},
  manager?: ServiceManager,
): RemoteCommand<SavedSnapshot> {
  return {
    script: SAVE_SNAPSHOT_SCRIPT,
    args: [base],
    sudo: true,
    timeoutMs: SAVE_MS,
    secrets: [],
    parse: (output) => parse(output, expected, manager),
  };
}

function parse(
  output: RemoteOutput,
  expected: SnapshotExpectation,
  manager: ServiceManager | undefined,
): Result<SavedSnapshot, Problem> {
  const name = /^name=(\S+)$/m.exec(output.stdout)?.[1];
  if (name === undefined) return err(notSaved(output, manager));
  const [, path = '', size = ''] = /^listed=(\/\S*) (\d+)$/m.exec(output.stdout) ?? [];
  const proof = readProof(output);
  if (output.exitCode !== 0 || proof === undefined) {
    const said = failed(
      'snapshot-not-found',
      `K3s says that it has saved ${name}, but the file cannot be read`,
      output,
    );
    return err(path === '' ? { ...said, why: 'K3s lists no such snapshot on the disk of this server.' } : said);
  }
  const fault = snapshotFault(proof, { ...expected, size: Number(size) });
  if (fault === undefined) return ok({ name, path, proof });
  return err(
    problem('snapshot-unusable', `The snapshot ${name} was saved, but nothing can be restored from it`, {
      why: `${path}: ${fault}.`,
      nextSteps: ['Look at disk and file system of the server, then save another snapshot.'],
    }),
  );
}

function notSaved(output: RemoteOutput, manager: ServiceManager | undefined): Problem {
  const found = failed('snapshot-not-saved', 'K3s did not save a snapshot', output, [
    `See "${logCommand('k3s', manager)}" on this server: K3s writes there what it does not tell its command.`,
  ]);
  return found.why === undefined ? found : { ...found, why: journalLine(found.why).text };
}
