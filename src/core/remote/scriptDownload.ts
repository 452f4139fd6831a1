import { err, ok } from '../base/result';
import { failed } from './failure';
import { environmentLines } from './installInput';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * Shell function `k3s_ha_download https|any RETRIES`: prints what is at the address on standard input, where no list of
 * processes shows it. With `https` no redirect leaves https; `any` is for a script whose sha256 the caller knows. Holds no
 * single quote, and no variable of its own, since it runs in the environment of the install script. wget maps a file from
 * its beginning, wherever it is read from, so it gets a pipe.
 */
export const DOWNLOAD = String.raw`k3s_ha_download() {
  if [ "$1" = https ]; then set -- =https 0 "$2"; else set -- =http,https 20 "$2"; fi
  if command -v curl >/dev/null 2>&1; then
    sed "s/[\"\\\\]/\\\\&/g; s/.*/url = \"&\"/" |
      curl -sSfLg --proto "$1" --proto-redir "$1" --connect-timeout 10 --max-time 60 --max-filesize 1048576 --retry "$3" -K -
  else
    cat | timeout 60 wget -q -T 10 -t $(($3 + 1)) --max-redirect="$2" -i - -O -
  fi
}`;

/**
 * $1: `https` or `any`; standard input: `NAME=value` lines of the environment, an empty line, the address. Prints the
 * sha256 of the install script that this host would get; keeps nothing.
 */
export const SCRIPT_HASH_SCRIPT: RemoteScript = {
  id: 'install-script-sha256',
  text: `export LC_ALL=C
${ROOT_PATH}
${DOWNLOAD}
while IFS= read -r k3s_ha_line && [ -n "$k3s_ha_line" ]; do export "$k3s_ha_line" || exit 96; done
exec 3>&1
set -- "$1" "$({ { k3s_ha_download "$1" 0; echo "$?" >&4; } | sha256sum >&3; } 4>&1)"
exit "$2"`,
};

/** Asks a host which install script it gets from an address; the variables are those that the script would have. */
export function installScriptHash(
  url: string,
  env: Readonly<Record<string, string>>,
  secrets: readonly string[],
): RemoteCommand<string> {
  return {
    script: SCRIPT_HASH_SCRIPT,
    args: [downloadMode(url)],
    stdin: `${environmentLines(env)}\n${url}\n`,
    sudo: true,
    timeoutMs: 90_000,
    secrets,
    parse: (output) => {
      const hash = /^[0-9a-f]{64}(?= )/.exec(output.stdout)?.[0];
      return output.exitCode === 0 && hash !== undefined
        ? ok(hash)
        : err(failed('install-script-unreachable', 'The install script could not be downloaded', output));
    },
  };
}

/** What {@link DOWNLOAD} is called with: an address that is not encrypted gets here only when the sha256 is known. */
export function downloadMode(url: string): 'https' | 'any' {
  return /^https:/i.test(url) ? 'https' : 'any';
}
