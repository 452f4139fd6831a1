import type { Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { caHashIn } from '../k3s/joinToken';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';
import { failed } from './failure';

/** Prints the hash of the authority from a server's own token in `$1`, never the password behind it. */
export const PRINT_CA_HASH = String.raw`sed -n 's/^K10\([0-9a-f]\{64\}\)::.*/\1/p' "$1/server/token"`;

/** $1: K3s data-dir of a server. */
export const CA_HASH_SCRIPT: RemoteScript = { id: 'ca-hash', text: PRINT_CA_HASH };

/** Hash of the certificate authority that this server's cluster has, for the tokens of those who join it. */
export function readCaHash(dataDir: string): RemoteCommand<string> {
  return { script: CA_HASH_SCRIPT, args: [dataDir], sudo: true, timeoutMs: 30_000, secrets: [], parse: parseCaHash };
}

function parseCaHash(output: RemoteOutput): Result<string, Problem> {
  const hash = output.exitCode === 0 ? caHashIn(output.stdout) : undefined;
  return hash === undefined
    ? err(failed('ca-hash-unreadable', 'The hash of the certificate authority could not be read', output))
    : ok(hash);
}
