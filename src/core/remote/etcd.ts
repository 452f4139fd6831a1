import { parseExactJson } from '../base/exactJson';
import { problem, type Problem } from '../base/problem';
import { err, ok, type Result } from '../base/result';
import { ASK, parseAnswers, type HttpAnswer } from './curl';
import type { RemoteCommand, RemoteOutput, RemoteScript } from './remoteCommand';

/**
 * $1: K3s data-dir of a server with etcd. Asks etcd's JSON gateway and its health addresses, which listen on loopback only.
 * The gateway is not on 2379, which speaks gRPC alone. https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/
 */
export const ETCD_MEMBERS_SCRIPT: RemoteScript = {
  id: 'etcd-members',
  text: `${ASK}
tls=$1/server/tls/etcd
gateway() {
  ask "$1" --cacert "$tls/server-ca.crt" --cert "$tls/client.crt" --key "$tls/client.key" -d '{}' "https://127.0.0.1:2382/v3/$2"
}
gateway members cluster/member/list
gateway status maintenance/status
ask health http://127.0.0.1:2381/health
ask readyz http://127.0.0.1:2381/readyz
exit 0`,
};

export interface EtcdMember {
  /** Decimal digits: above what a number of JavaScript holds. */
  readonly id: string;
  /** `<node name>-<8 hex digits>`, new at every join and every cluster reset; empty until a new member has started. */
  readonly name: string;
  readonly nodeName: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  /** Receives the data and has no vote yet. */
  readonly learner: boolean;
}

/** etcd as one server sees it. Members stay listed whether or not they answer. */
export interface EtcdView {
  readonly members: readonly EtcdMember[];
  /** Id of the leader; absent while there is none. */
  readonly leader?: string;
  /** Id of the member that was asked. */
  readonly self?: string;
  /** It can write: a majority of the voters agrees. */
  readonly healthy: boolean;
  /** It can read and write and is no learner. */
  readonly ready: boolean;
  /** What etcd says when it is not healthy or not ready. */
  readonly why?: string;
}

/** The members of etcd and its state, by the server that is asked and not by labels or conditions of nodes. */
export function etcdMembers(dataDir: string): RemoteCommand<EtcdView> {
  return { script: ETCD_MEMBERS_SCRIPT, args: [dataDir], sudo: true, timeoutMs: 40_000, secrets: [], parse: parseEtcd };
}

/** Name of the node that a member runs on. */
export function nodeOfMember(memberName: string): string {
  return memberName.replace(/-[0-9a-f]{8}$/, '');
}

function parseEtcd(output: RemoteOutput): Result<EtcdView, Problem> {
  const answers = parseAnswers(output, 'etcd');
  if (!answers.ok) return answers;
  const answer = (name: string): HttpAnswer => answers.value.get(name) ?? { status: 0, body: '' };
  const list = record(parseExactJson(answer('members').body));
  if (answer('members').status !== 200 || !Array.isArray(list['members'])) {
    const why = text(list['message']) || answer('members').body.split('\n')[0] || 'no answer';
    return err(problem('etcd-not-answering', 'etcd on this server does not tell its members', { why }));
  }
  const status = record(parseExactJson(answer('status').body));
  const leader = text(status['leader']);
  const self = text(record(list['header'])['member_id']);
  const healthy = answer('health').status === 200 && text(healthOf(answer('health'))['health']) === 'true';
  const ready = answer('readyz').status === 200;
  const why = healthy && ready ? '' : reason(answer('health'), answer('readyz'), status);
  return ok({
    members: (list['members'] as unknown[]).map((member) => readMember(record(member))),
    ...(leader === '' || leader === '0' ? {} : { leader }),
    ...(self === '' ? {} : { self }),
    healthy,
    ready,
    ...(why === '' ? {} : { why }),
  });
}

function readMember(member: Readonly<Record<string, unknown>>): EtcdMember {
  const name = text(member['name']);
  return {
    id: text(member['ID']),
    name,
    nodeName: nodeOfMember(name),
    peerUrls: texts(member['peerURLs']),
    clientUrls: texts(member['clientURLs']),
    learner: member['isLearner'] === true,
  };
}

/** The first of: reason of the health check, failed lines of readyz, errors of the status, what curl says. */
function reason(health: HttpAnswer, readyz: HttpAnswer, status: Readonly<Record<string, unknown>>): string {
  const failedChecks = readyz.body.split('\n').filter((line) => line.startsWith('[-]'));
  return (
    text(healthOf(health)['reason']) ||
    failedChecks.join('; ') ||
    texts(status['errors']).join('; ') ||
    [health, readyz].find((answer) => answer.status !== 200)?.body.split('\n')[0] ||
    ''
  );
}

function healthOf(health: HttpAnswer): Readonly<Record<string, unknown>> {
  return record(parseExactJson(health.body));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(text) : [];
}
