import type { DetailedPeerCertificate } from 'node:tls';
import type { Problem } from '../../core/base/problem';
import { problem } from '../../core/base/problem';

/** Where a failed request went. */
interface Target {
  readonly server: string;
  readonly identity: string;
}

/** A request that got no answer, in words. */
export function explainFailure(error: unknown, { server, identity }: Target): Problem {
  const root = rootCause(error);
  if (isProblemCarrier(root)) return root.problem;
  const code = codeOf(root);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return nameMismatch(identity, (root as { cert?: DetailedPeerCertificate }).cert);
  if (UNKNOWN_CA.has(code)) {
    return problem('api-unknown-ca', `The certificate at ${server} was not issued by the CA in the kubeconfig.`, {
      why: code,
      nextSteps: [
        'The cluster was installed anew, or the address leads to another cluster: fetch the kubeconfig again, and check where the load balancer sends its traffic.',
      ],
    });
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return problem(
      'api-certificate-date',
      `The certificate at ${server} ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}.`,
      {
        why: code,
        nextSteps: [
          'Compare the clocks of this machine and of the servers.',
          'K3s renews certificates that are about to expire when it starts: restart the servers one after the other.',
        ],
      },
    );
  }
  if (code.startsWith('ERR_SSL_') && /ALERT/.test(code)) {
    return problem('api-unauthorized', `The server at ${server} refused the client certificate of the kubeconfig.`, {
      why: code,
      nextSteps: ['Fetch the kubeconfig from a server again.'],
    });
  }
  const known = FAILURES[code] ?? (code.startsWith('ERR_SSL_') || code === 'EPROTO' ? NOT_TLS : undefined);
  const [id, words, step] = known ?? ['api-failed', 'could not be asked', 'Try again.'];
  return problem(id, `The Kubernetes API at ${server} ${words}.`, {
    why: code === '' ? messageOf(root) : code,
    nextSteps: [step],
  });
}

const UNKNOWN_CA = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);

type Failure = readonly [code: string, words: string, nextStep: string];

const NOT_TLS: Failure = [
  'api-not-tls',
  'does not speak TLS',
  'Check the port: the load balancer has to pass TCP through to port 6443 of the servers.',
];
const CLOSED: Failure = [
  'api-closed',
  'closed the connection',
  'The server behind it may be restarting, or the load balancer found no healthy server: check both.',
];
const NO_ROUTE: Failure = [
  'api-unreachable',
  'cannot be reached',
  'Check the network, VPN and firewall between this machine and that address.',
];
const NO_NAME: Failure = [
  'api-unreachable',
  'cannot be found',
  'Check the name in loadBalancer.address and the DNS server of this machine.',
];
const TIMEOUT: Failure = [
  'api-timeout',
  'did not answer in time',
  'Check that the address is right, that a firewall lets the port through, and that the servers run.',
];

const FAILURES: Partial<Record<string, Failure>> = {
  ECONNREFUSED: [
    'api-refused',
    'refused the connection: nothing listens there',
    'Check that K3s (and the load balancer) run and that the port is right.',
  ],
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  ENOTFOUND: NO_NAME,
  EAI_AGAIN: NO_NAME,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ETIMEDOUT: TIMEOUT,
  TimeoutError: TIMEOUT,
  UND_ERR_CONNECT_TIMEOUT: TIMEOUT,
  UND_ERR_HEADERS_TIMEOUT: TIMEOUT,
  UND_ERR_BODY_TIMEOUT: TIMEOUT,
};

function nameMismatch(identity: string, certificate: DetailedPeerCertificate | undefined): Problem {
  const names = (certificate?.subjectaltname ?? '')
    .split(', ')
    .map((name) => name.replace(/^(DNS|IP Address):/, ''))
    .filter((name) => name !== '');
  return problem(
    'api-certificate-name',
    `The certificate of the server does not name ${identity}, so the connection cannot be trusted.`,
    {
      why: names.length === 0 ? 'It names no address at all.' : `It is valid for ${names.join(', ')}.`,
      nextSteps: [
        `Add ${identity} to tls-san of every server (the cluster file offers a quick fix) and apply: K3s then extends its certificate.`,
        'Or set loadBalancer.tlsServerName to a name that the certificate lists.',
      ],
    },
  );
}

/** An answer that is not the one asked for, in words; `body` is a Status object or the text of /readyz. */
export function explainStatus(status: number, body: string, { server }: Target): Problem {
  const why = `${status}: ${reasonIn(body)}`;
  const told = (code: string, words: string, ...nextSteps: string[]): Problem =>
    problem(code, `The Kubernetes API at ${server} ${words}.`, { why, nextSteps });
  if (status === 401)
    return told(
      'api-unauthorized',
      'does not accept the credentials of the kubeconfig',
      'The client certificate has expired or belongs to an earlier installation: fetch the kubeconfig from a server again.',
    );
  if (status === 403)
    return told(
      'api-forbidden',
      'does not allow this user to read it',
      'Use the admin kubeconfig of the cluster, or give the user the right to read nodes.',
    );
  if (status === 503 || status === 429)
    return told(
      'api-starting',
      status === 503 ? 'is still starting' : 'is too busy',
      'Wait a moment and try again; the journal of K3s on the servers tells what it waits for.',
    );
  if (status === 500)
    return told(
      'api-not-ready',
      'reports that it is not ready',
      'Look into the journal of K3s on the servers (journalctl -u k3s, or /var/log/k3s.log where OpenRC runs).',
    );
  return told('api-failed', 'gave an unexpected answer', 'Check that the address leads to a Kubernetes API.');
}

function reasonIn(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    if (typeof message === 'string' && message !== '') return message;
  } catch {
    // Not a Status object: /readyz answers in lines, a failed check starts with [-].
  }
  const failed = body
    .split('\n')
    .filter((line) => line.startsWith('[-]'))
    .map((line) => line.slice(3).trim());
  return failed.length > 0 ? failed.join(', ') : body.trim().split('\n')[0]?.slice(0, 200) || 'no explanation given';
}

export function cancelled(): Problem {
  return problem('cancelled', 'Asking the Kubernetes API was cancelled.');
}

/** undici wraps what happened; with several addresses Node wraps it again. */
function rootCause(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootCause(error.errors[0]);
  return error instanceof Error && error.cause instanceof Error ? rootCause(error.cause) : error;
}

function isProblemCarrier(error: unknown): error is { problem: Problem } {
  return typeof error === 'object' && error !== null && 'problem' in error;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name === 'TimeoutError' ? error.name : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
