import { err, ok } from '../base/result';
import type { Backend } from '../loadBalancer/backends';
import { failed } from './failure';
import { ROOT_PATH } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: address and $2: port of a server that nginx gives no new connections any more, $3: seconds. Waits until the processes of
 * before a reload have none to it either, and at most that long: a watch may run for hours. What runs on the machine beside
 * nginx has connections of its own there. Without `ss` nobody can tell, so all of the time is waited for.
 */
export const NGINX_DRAIN_SCRIPT: RemoteScript = {
  id: 'nginx-drain',
  text: `export LC_ALL=C
${ROOT_PATH}
deadline=$(($(date +%s) + $3))
while [ "$(date +%s)" -lt "$deadline" ]; do
  if open=$(ss -Htnp state connected dst "$1" dport = ":$2" 2>/dev/null) && ! echo "$open" | grep -q '"nginx"'; then exit 0; fi
  sleep 0.2 2>/dev/null || sleep 1
done
exit 0`,
};

/** As long as HAProxy is given: short requests end within it. */
const DRAIN_SECONDS = 3;

/** Waits for the requests that nginx on this host still has at a server. */
export function drainNginx({ address, port }: Pick<Backend, 'address' | 'port'>): RemoteCommand<void> {
  return {
    script: NGINX_DRAIN_SCRIPT,
    args: [address, String(port), String(DRAIN_SECONDS)],
    sudo: true,
    timeoutMs: (DRAIN_SECONDS + 30) * 1000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('nginx-drain-failed', 'It could not be seen whether nginx has let go of the server', output)),
  };
}
