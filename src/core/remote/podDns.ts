import { err, ok } from '../base/result';
import { problem } from '../base/problem';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $1: data-dir, $2: seconds, $3: the name that is asked for. Asks the cluster DNS from the network of a pod of this host, about once a second. Prints
 * `ok SECONDS` or `no SECONDS` for each question, or `none WHY`. The pod is any that has a network of its own: each has a process `pause`. K3s
 * brings busybox along, for hosts without nslookup. https://github.com/k3s-io/k3s-root
 */
export const POD_DNS_SCRIPT: RemoteScript = {
  id: 'pod-dns',
  text: `export LC_ALL=C
${HOST_K3S}
dns=$(k3s kubectl get service kube-dns --namespace kube-system --request-timeout=10s -o 'jsonpath={.spec.clusterIP}' 2>/dev/null)
if [ -z "$dns" ]; then echo "none there is no service kube-dns"; exit 0; fi
pod=
for process in /proc/[0-9]*; do
  [ "$(readlink "$process/exe" 2>/dev/null)" = /pause ] || continue
  [ "$(readlink "$process/ns/net")" != "$(readlink /proc/self/ns/net)" ] || continue
  pod=\${process#/proc/}
  break
done
if [ -z "$pod" ]; then echo "none no pod with a network of its own runs on this machine"; exit 0; fi
if ! command -v nsenter >/dev/null 2>&1; then echo "none this machine has no nsenter"; exit 0; fi
if command -v nslookup >/dev/null 2>&1; then look=nslookup
elif [ -x "$1/data/current/bin/busybox" ]; then look="$1/data/current/bin/busybox nslookup"
else echo "none this machine has no nslookup"; exit 0
fi
end=$(($(date +%s) + $2))
while now=$(date +%s); [ "$now" -lt "$end" ]; do
  # shellcheck disable=SC2086
  if timeout 2 nsenter -t "$pod" -n $look "$3" "$dns" >/dev/null 2>&1; then echo "ok $now"; else echo "no $now"; fi
  sleep 1
done`,
};

/** What the cluster DNS answered, by seconds of the host's clock; a reason when it could not be asked. */
export type PodDns = readonly { readonly at: number; readonly ok: boolean }[] | { readonly notAsked: string };

/** Asks the cluster DNS from a pod for a while. */
export function podDns(dataDir: string, seconds: number, domain: string): RemoteCommand<PodDns> {
  return {
    script: POD_DNS_SCRIPT,
    args: [dataDir, String(seconds), `kubernetes.default.svc.${domain}`],
    sudo: true,
    timeoutMs: (seconds + 60) * 1000,
    secrets: [],
    parse: ({ exitCode, stdout }) => {
      const lines = stdout.split('\n').filter((line) => line !== '');
      const none = lines.find((line) => line.startsWith('none '));
      if (none !== undefined) return ok({ notAsked: none.slice('none '.length) });
      if (exitCode !== 0) return err(problem('pod-dns', 'The cluster DNS could not be asked from a pod'));
      return ok(
        lines.flatMap((line) => {
          const match = /^(ok|no) (\d+)$/.exec(line);
          return match === null ? [] : [{ at: Number(match[2]) * 1000, ok: match[1] === 'ok' }];
        }),
      );
    },
  };
}
