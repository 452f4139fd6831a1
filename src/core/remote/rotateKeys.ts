import { problem } from '../base/problem';
import { err, ok } from '../base/result';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { failed } from './failure';

/** K3s encrypts a few Secrets a second anew; what takes longer than this is looked at by a person. */
const LONGEST_SECONDS = 3000;

/**
 * $1: K3s data-dir, $2: port, $3: seconds to wait. Has K3s add a new key and encrypt every Secret with it. Its own command gives
 * up after a minute or so while the server goes on, so only the state counts: another key, and `reencrypt_finished`. A connection
 * that goes away changes nothing. https://docs.k3s.io/cli/secrets-encrypt#encryption-key-rotation
 */
export const ROTATE_KEYS_SCRIPT: RemoteScript = {
  id: 'rotate-keys',
  text: String.raw`export LC_ALL=C
trap '' HUP PIPE
${HOST_K3S}
data=$1
server=https://127.0.0.1:$2
encrypt() { k3s secrets-encrypt "$1" --data-dir "$data" --server "$server" 2>&1; }
key() { printf '%s\n' "$1" | awk '$1 == "*" {print $NF; exit}'; }
stage() { printf '%s\n' "$1" | sed -n 's/^Current Rotation Stage: *//p'; }
before=$(encrypt status)
case $before in
  *'Encryption Status: Enabled'*'All hashes match'*) ;;
  *) printf '%s\n' "$before" | grep -v 'Unknown flag' | sed -n 's/^\(Encryption Status\|Server Encryption Hashes\): */\1: /p; /level=fatal/p' | tail -n 1 >&2; exit 4 ;;
esac
said=$(encrypt rotate-keys)
status=$?
turns=$(($3 / 3))
while :; do
  now=$(encrypt status)
  if [ -n "$(key "$now")" ] && [ "$(key "$now")" != "$(key "$before")" ] && [ "$(stage "$now")" = reencrypt_finished ]; then break; fi
  # Refused at once: nothing has begun.
  if [ "$status" -ne 0 ] && [ "$(key "$now")" = "$(key "$before")" ] && [ "$(stage "$now")" = "$(stage "$before")" ]; then
    printf '%s\n' "$said" | grep -v 'Unknown flag' | tail -n 1 >&2
    exit 5
  fi
  turns=$((turns - 1))
  if [ "$turns" -le 0 ]; then echo "stage $(stage "$now")" >&2; exit 6; fi
  echo "stage=$(stage "$now")"
  sleep 3
done
echo "key=$(key "$now")"`,
};

/** Rotates the key that Secrets are encrypted with; gives the name of the new one. */
export function rotateKeys(dataDir: string, port: number): RemoteCommand<string> {
  return {
    script: ROTATE_KEYS_SCRIPT,
    args: [dataDir, String(port), String(LONGEST_SECONDS)],
    sudo: true,
    timeoutMs: (LONGEST_SECONDS + 120) * 1000,
    secrets: [],
    parse: (output) => {
      const key = /^key=(\S+)$/m.exec(output.stdout)?.[1];
      if (output.exitCode === 0 && key !== undefined) return ok(key);
      if (output.exitCode === 4)
        return err(failed('encryption-not-ready', 'The keys were not rotated: K3s is not ready for that', output));
      if (output.exitCode === 5) return err(failed('keys-not-rotated', 'K3s did not rotate the keys', output));
      const { why = '' } = failed('keys-not-rotated', '', output);
      return err(
        problem('reencryption-unfinished', 'There is a new key, and not every Secret is encrypted with it yet', {
          why,
          nextSteps: [
            'Restart no server and let none be rebooted: the new key is on this server alone until K3s says reencrypt_finished.',
            'Look with "k3s secrets-encrypt status" on this server; when it says so, run this again, which restarts the servers.',
            'If this server was lost meanwhile, the cluster has to be restored from the snapshot that was saved before.',
          ],
        }),
      );
    },
  };
}
