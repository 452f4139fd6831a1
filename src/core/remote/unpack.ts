import { err, ok } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: K3s data-dir. The first subcommand of a new binary unpacks 287 MB below it, also beside a K3s that runs; `--version`
 * does not. Nothing is asked of a cluster. https://docs.k3s.io/cli/server#data
 */
export const UNPACK_SCRIPT: RemoteScript = {
  id: 'unpack-k3s',
  text: `${HOST_K3S}
export K3S_DATA_DIR="$1"
k3s kubectl version --client >/dev/null`,
};

/** Has the installed K3s unpack its programs, so that its start does not have to; proves that the binary runs on the host. */
export function unpackK3s(dataDir: string): RemoteCommand<void> {
  return {
    script: UNPACK_SCRIPT,
    args: [dataDir],
    sudo: true,
    timeoutMs: 5 * 60_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(
            failed('unpack-failed', 'The installed K3s binary does not run on this host', output, [
              'See what "k3s kubectl version --client" says there: the binary may be of another architecture, or the disk is full.',
              'Run again when the cause is removed.',
            ]),
          ),
  };
}
