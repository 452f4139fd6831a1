import { parseExactJson } from '../base/exactJson';
import { problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import type { Problem } from '../base/problem';
import { ASK, parseAnswers } from './curl';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/** $1: data-dir of a server with etcd, $2: decimal id of the member. Takes a member out of etcd through its JSON gateway. */
export const REMOVE_MEMBER_SCRIPT: RemoteScript = {
  id: 'remove-member',
  text: `${ASK}
tls=$1/server/tls/etcd
ask removed --cacert "$tls/server-ca.crt" --cert "$tls/client.crt" --key "$tls/client.key" -d "{\\"ID\\":\\"$2\\"}" https://127.0.0.1:2382/v3/cluster/member/remove
exit 0`,
};

/** Takes a member out of etcd whose Node is gone; one that is gone already is no failure. */
export function removeMember(dataDir: string, id: string): RemoteCommand<void> {
  return {
    script: REMOVE_MEMBER_SCRIPT,
    args: [dataDir, id.replaceAll(/\D/g, '')],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse,
  };
}

function parse(output: RemoteOutput): Result<void, Problem> {
  const answers = parseAnswers(output, 'etcd');
  if (!answers.ok) return answers;
  const { status = 0, body = '' } = answers.value.get('removed') ?? {};
  if (status === 200 || (status === 404 && body.includes('member not found'))) return ok(undefined);
  const said = parseExactJson(body);
  const message = typeof said === 'object' && said !== null && 'message' in said ? String(said.message) : body;
  return err(
    problem('member-not-removed', 'etcd does not let the member go', {
      why: message.split('\n')[0] ?? '',
      nextSteps: ['See that a majority of the servers runs, then run again.'],
    }),
  );
}
