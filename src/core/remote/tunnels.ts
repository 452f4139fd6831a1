import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * Asks the kubelet of every node for its health through this server's own API server, which goes by the tunnel that the node keeps to
 * this server: `NAME ok`, or the last words of what was said instead. Ten at a time.
 */
export const TUNNELS_SCRIPT: RemoteScript = {
  id: 'tunnels',
  text: `${HOST_K3S}
nodes=$(k3s kubectl get nodes -o name --request-timeout=10s) || exit 1
count=0
for node in $nodes; do
  name=\${node#node/}
  { said=$(k3s kubectl get --raw "/api/v1/nodes/$name/proxy/healthz" --request-timeout=5s 2>&1 | tail -n 1 | cut -c1-300)
    printf '%s %s\\n' "$name" "$said"; } &
  count=$((count + 1))
  [ $((count % 10)) -ne 0 ] || wait
done
wait
exit 0`,
};

/** By the name of the node: absent words where its kubelet answered, else what was said. */
export type TunnelAnswers = ReadonlyMap<string, string | undefined>;

/** Which kubelets the API server of one server reaches. */
export function tunnels(): RemoteCommand<TunnelAnswers> {
  return { script: TUNNELS_SCRIPT, args: [], sudo: true, timeoutMs: 120_000, secrets: [], parse };
}

function parse(output: RemoteOutput): Result<TunnelAnswers, Problem> {
  if (output.exitCode !== 0) return err(failed('tunnels-unread', 'The nodes could not be asked for', output));
  const lines = output.stdout.split('\n').filter((line) => line !== '');
  if (lines.length === 0) return err(problem('tunnels-unread', 'The server told no node'));
  return ok(
    new Map(
      lines.map((line) => {
        const [, name = line, said = ''] = /^(\S+) ?(.*)$/.exec(line) ?? [];
        return [name, said === 'ok' ? undefined : said];
      }),
    ),
  );
}
