import { problem } from '../base/problem';
import { err, ok } from '../base/result';
import { parseK3sVersion } from '../k3s/versions';
import { failed } from './failure';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** $1: address of the channel. Prints the address to which it leads, as the install script finds a release. */
export const CHANNEL_SCRIPT: RemoteScript = {
  id: 'release-of-channel',
  text: `export LC_ALL=C
if command -v curl >/dev/null 2>&1; then
  curl -q -sS -L -m 20 -o /dev/null -w '%{url_effective}\\n' "$1"
else
  wget -SqO /dev/null -T 20 "$1" 2>&1 | sed -n 's/^ *Location: *//p' | tail -n 1
fi`,
};

/** The release that a channel stands for now, as the network of the host sees it. https://docs.k3s.io/upgrades/manual#release-channels */
export function releaseOfChannel(url: string): RemoteCommand<string> {
  return {
    script: CHANNEL_SCRIPT,
    args: [url],
    sudo: false,
    timeoutMs: 60_000,
    secrets: [],
    parse: (output) => {
      const tag = decode(output.stdout.trim().split('/').at(-1) ?? '');
      if (output.exitCode === 0 && parseK3sVersion(tag) !== undefined) return ok(tag);
      if (output.exitCode !== 0)
        return err(failed('channel-unknown', `${url} could not be asked for its release`, output));
      return err(problem('channel-unknown', `${url} leads to no release of K3s`));
    },
  };
}

function decode(tag: string): string {
  return tag.replaceAll(/%2B/gi, '+');
}
