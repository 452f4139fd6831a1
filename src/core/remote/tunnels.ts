import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * $1: K3s data-dir of a server, $2: its port. Asks the kubelet of every node for its health through this server's own API server,
 * which goes by the tunnel that the node keeps to this server: `NAME ok`, or the last words of what was said instead. One process
 * asks for all, for each `k3s kubectl` costs a small server a third of a second of its processor; without curl four of these at
 * a time have to do.
 */
export const TUNNELS_SCRIPT: RemoteScript = {
  id: 'tunnels',
  text: String.raw`export LC_ALL=C
${HOST_K3S}
nodes=$(k3s kubectl get nodes -o name --request-timeout=10s) || exit 1
if command -v curl >/dev/null 2>&1; then
  folder=
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 1' HUP INT TERM
  umask 077
  folder=$(mktemp -d) || exit 1
  tls=$1/server/tls
  api=https://127.0.0.1:$2/api/v1/nodes/
  together=
  if curl -q -Z --version >/dev/null 2>&1; then together='-Z --parallel-max 10'; fi
  for node in $nodes; do
    name=${'${node#node/}'}
    printf 'url = "%s%s/proxy/healthz"\noutput = "%s/%s"\n' "$api" "$name" "$folder" "$name"
  done | curl -q -s $together -m 5 --noproxy '*' --cacert "$tls/server-ca.crt" --cert "$tls/client-admin.crt" --key "$tls/client-admin.key" -w '%{http_code} %{url_effective}\n' -K - |
    while read -r code url; do
      name=${'${url#"$api"}'}
      name=${'${name%%/*}'}
      said=$(sed -n 's/.*"message": *"\(.*\)",\{0,1\}$/\1/p' "$folder/$name" 2>/dev/null | head -n 1)
      if [ -z "$said" ]; then said=$(tail -n 1 "$folder/$name" 2>/dev/null); fi
      case $code in
        200) ;;
        000) said='no answer within 5 s' ;;
        *) said="$code $said" ;;
      esac
      printf '%s %s\n' "$name" "$(printf %s "$said" | cut -c1-300)"
    done
  exit 0
fi
count=0
for node in $nodes; do
  name=${'${node#node/}'}
  { said=$(k3s kubectl get --raw "/api/v1/nodes/$name/proxy/healthz" --request-timeout=5s 2>&1 | tail -n 1 | cut -c1-300)
    printf '%s %s\n' "$name" "$said"; } &
  count=$((count + 1))
  [ $((count % 4)) -ne 0 ] || wait
done
wait
exit 0`,
};

/** By the name of the node: absent words where its kubelet answered, else what was said. */
export type TunnelAnswers = ReadonlyMap<string, string | undefined>;

/** Which kubelets the API server of one server reaches, asked at its own port. */
export function tunnels(dataDir: string, port: number): RemoteCommand<TunnelAnswers> {
  return { script: TUNNELS_SCRIPT, args: [dataDir, String(port)], sudo: true, timeoutMs: 120_000, secrets: [], parse };
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
