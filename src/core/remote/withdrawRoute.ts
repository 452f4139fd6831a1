import { problem } from '../base/problem';
import { err, ok } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

const GOES_ON = 4;

/**
 * $1: seconds. Ends kube-vip here until it stays ended, so that routers hear no more of this server; prints `withdrawn` or
 * `absent`. The kubelet starts it again at once, and the second time after 10 s: by then K3s, and the kubelet with it, is
 * stopped. https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
 */
export const WITHDRAW_ROUTE_SCRIPT: RemoteScript = {
  id: 'withdraw-route',
  text: `${HOST_K3S}
export LC_ALL=C
deadline=$(($(date +%s) + $1))
stops=0
last=$(date +%s)
while :; do
  ids=$(k3s crictl ps -q --state Running --name '^kube-vip$') || exit 1
  now=$(date +%s)
  if [ -n "$ids" ]; then
    if [ "$now" -ge "$deadline" ]; then exit ${GOES_ON}; fi
    for id in $ids; do k3s crictl stop --timeout 5 "$id" >/dev/null || exit 1; done
    stops=$((stops + 1))
    last=$(date +%s)
  elif [ $stops -eq 0 ]; then echo absent; exit 0
  # One that was not started again within that time already waits for longer.
  elif [ $stops -ge 2 ] || [ $((now - last)) -ge 5 ]; then echo withdrawn; exit 0
  fi
  sleep 0.3 2>/dev/null || sleep 1
done`,
};

const WITHDRAW_SECONDS = 30;

/** Has kube-vip on this host tell routers of it no more; says whether it ran here. */
export function withdrawRoute(): RemoteCommand<'withdrawn' | 'absent'> {
  return {
    script: WITHDRAW_ROUTE_SCRIPT,
    args: [String(WITHDRAW_SECONDS)],
    sudo: true,
    timeoutMs: (WITHDRAW_SECONDS + 30) * 1000,
    secrets: [],
    parse: (output) => {
      if (output.exitCode === 0) return ok(output.stdout.trim() === 'withdrawn' ? 'withdrawn' : 'absent');
      return err(
        output.exitCode === GOES_ON
          ? problem('route-stays', 'kube-vip on this server goes on announcing the fixed address', {
              why: 'It was ended, and runs again each time.',
              nextSteps: ['See "k3s crictl ps -a --name kube-vip" on the server. K3s was not stopped there.'],
            })
          : failed('route-not-withdrawn', 'kube-vip on this server could not be ended', output),
      );
    },
  };
}
