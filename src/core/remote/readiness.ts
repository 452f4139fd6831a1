import { parseExactJson } from '../base/exactJson';
import type { Problem } from '../base/problem';
import { ok, type Result } from '../base/result';
import { ASK, parseAnswers, type HttpAnswer } from './curl';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * $1: K3s data-dir of a server, $2: its port. Asks K3s's own readiness with the password of agents, and /readyz with the
 * administrator's certificate: without it, 401 comes seconds before the API is ready. The password reaches curl by its
 * standard input and is read from the server's own token; the authority of the cluster is checked before it is sent.
 */
export const SERVER_READY_SCRIPT: RemoteScript = {
  id: 'server-ready',
  text: `${ASK}
tls=$1/server/tls
password() {
  for file in "$1/server/agent-token" "$1/server/token"; do
    [ -s "$file" ] && { sed -n '1s/^\\(K10[^:]*::[^:]*:\\)\\{0,1\\}\\(.*\\)$/\\2/p' "$file" | sed 's/[\\\\"]/\\\\&/g'; return; }
  done
}
printf 'user = "node:%s"\\n' "$(password "$1")" | ask supervisor -K - --cacert "$tls/server-ca.crt" "https://127.0.0.1:$2/v1-k3s/readyz"
ask api --cacert "$tls/server-ca.crt" --cert "$tls/client-admin.crt" --key "$tls/client-admin.key" "https://127.0.0.1:$2/readyz"
exit 0`,
};

export interface ServerReadiness {
  /** Ready as its kind is: a server without an API server of its own is, too, once its supervisor is. */
  readonly ready: boolean;
  /** `ok`, or what it still says. */
  readonly says: string;
}

/** Whether a server is ready as its kind is ready, asked on the server itself. */
export function serverReady(dataDir: string, port: number): RemoteCommand<ServerReadiness> {
  return {
    script: SERVER_READY_SCRIPT,
    args: [dataDir, String(port)],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: parseReadiness,
  };
}

function parseReadiness(output: RemoteOutput): Result<ServerReadiness, Problem> {
  const answers = parseAnswers(output, 'The readiness of this server');
  if (!answers.ok) return answers;
  const [supervisor, api] = ['supervisor', 'api'].map(
    (name): HttpAnswer => answers.value.get(name) ?? { status: 0, body: 'no answer' },
  ) as [HttpAnswer, HttpAnswer];
  if (supervisor.status !== 200) return ok({ ready: false, says: says(supervisor) });
  // On a server that has no API server this answer stays as it is for ever.
  const ready = api.status === 200 || (api.status === 503 && says(api) === 'apiserver disabled');
  return ok({ ready, says: ready ? 'ok' : says(api) });
}

/** Message of a Status object, failed checks of a list, or the first line. */
function says({ body }: HttpAnswer): string {
  const parsed = parseExactJson(body);
  const message = typeof parsed === 'object' && parsed !== null ? (parsed as { message?: unknown }).message : undefined;
  if (typeof message === 'string') return message;
  const checks = body.split('\n').filter((line) => line.startsWith('[-]'));
  return checks.length > 0 ? checks.join('; ') : (body.split('\n')[0] ?? '');
}
