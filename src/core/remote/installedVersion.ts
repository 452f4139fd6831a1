import { problem } from '../base/problem';
import { err, ok } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/** Prints what the binary on the host says of itself, whatever K3s runs there. */
export const INSTALLED_VERSION_SCRIPT: RemoteScript = {
  id: 'installed-version',
  text: `${HOST_K3S}
k3s --version`,
};

/** The release of the binary on the host, e.g. `v1.36.3+k3s1`. */
export function installedVersion(): RemoteCommand<string> {
  return {
    script: INSTALLED_VERSION_SCRIPT,
    args: [],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output) => {
      const version = /^k3s version (\S+)/m.exec(output.stdout)?.[1];
      if (output.exitCode !== 0)
        return err(failed('k3s-version-unknown', 'The K3s binary on this host does not run', output));
      return version === undefined
        ? err(problem('k3s-version-unknown', 'The K3s binary on this host does not say which release it is'))
        : ok(version);
    },
  };
}
