import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { FORMER_TOKENS_PATH, TOKEN_ROTATION_PATH } from '../k3s/paths';
import { logCommand, type ServiceManager } from '../k3s/serviceManager';
import { ASK, parseAnswers } from './curl';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * $1: K3s data-dir of a server, $2: its port; standard input: the new token's password. Asks the supervisor as
 * `k3s token rotate` does, which would show both tokens in the list of processes. The present one is read from the server's
 * own file and kept on this host first, because snapshots of its time need it. Neither is printed. K3s writes the new one down
 * before it encrypts the data of the cluster with it, so the file alone proves nothing: a mark stays until K3s has said yes.
 * https://github.com/k3s-io/k3s/blob/main/pkg/server/handlers/token.go
 */
export const ROTATE_TOKEN_SCRIPT: RemoteScript = {
  id: 'rotate-token',
  text: String.raw`${ASK}
umask 077
IFS= read -r new || [ -n "$new" ] || { echo 'no new token arrived' >&2; exit 1; }
password() { sed -n '1s/^\(K10[^:]*::[^:]*:\)\{0,1\}\(.*\)$/\2/p' "$1"; }
escaped() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }
old=$(password "$1/server/token")
if [ -z "$old" ]; then echo "$1/server/token has no token" >&2; exit 1; fi
if [ "$old" != "$new" ]; then
  mkdir -p "$(dirname ${FORMER_TOKENS_PATH})" || exit 1
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$old" >> ${FORMER_TOKENS_PATH} || exit 1
  echo asked > ${TOKEN_ROTATION_PATH} || exit 1
  sync ${FORMER_TOKENS_PATH} ${TOKEN_ROTATION_PATH} 2>/dev/null
  answer=$({
    printf 'user = "server:%s"\n' "$(escaped "$old")"
    printf 'data = "%s"\n' "$(escaped "{\"newToken\":\"$(escaped "$new")\"}")"
  } | ask rotated -m 60 -K - --cacert "$1/server/tls/server-ca.crt" -X PUT "https://127.0.0.1:$2/v1-k3s/token")
  printf '%s\n' "$answer"
  case $answer in *'<<< 200'*) rm -f ${TOKEN_ROTATION_PATH} ;; esac
fi
if [ "$(password "$1/server/token")" != "$new" ]; then rm -f ${TOKEN_ROTATION_PATH}; echo 'token=old'
elif [ -f ${TOKEN_ROTATION_PATH} ]; then echo 'token=half'
else echo 'token=new'
fi`,
};

/** Gives the cluster of a server a new token. The server goes on with the old one in its configuration until that changes. */
export function rotateToken(
  dataDir: string,
  port: number,
  newToken: string,
  manager?: ServiceManager,
): RemoteCommand<void> {
  return {
    script: ROTATE_TOKEN_SCRIPT,
    args: [dataDir, String(port)],
    stdin: `${newToken}\n`,
    sudo: true,
    timeoutMs: 90_000,
    secrets: [newToken],
    parse: (output) => parseRotation(output, manager),
  };
}

function parseRotation(output: RemoteOutput, manager: ServiceManager | undefined): Result<void, Problem> {
  const state = /^token=(new|old|half)$/m.exec(output.stdout)?.[1];
  if (state === 'new') return ok(undefined);
  const stdout = output.stdout.replace(/^token=.*\n?/m, '');
  const answers = parseAnswers({ ...output, stdout }, 'The supervisor of K3s');
  if (!answers.ok && (state === undefined || answers.error.code === 'curl-missing')) return answers;
  const { status = 0, body = '' } = (answers.ok ? answers.value.get('rotated') : undefined) ?? {};
  const why = status === 0 ? body || 'no answer' : `${status}: ${body.split('\n')[0] ?? ''}`;
  if (state === 'half')
    return err(
      problem('token-half-rotated', 'K3s has written the new token down, and did not say that the cluster has it', {
        why,
        nextSteps: [
          `Restart no server: if the data of the cluster is still encrypted with the old token, it does not start with the new one. Look into "${logCommand('k3s', manager)}" of this server for what became of the rotation.`,
          `The old token is in ${FORMER_TOKENS_PATH} on this server. When a server has started with the new one, remove ${TOKEN_ROTATION_PATH} and run this again.`,
        ],
      }),
    );
  return err(
    problem('token-not-rotated', 'K3s did not take the new token; the present one is still valid', {
      why,
      nextSteps: ['Run the command again when the cause is removed.'],
    }),
  );
}
