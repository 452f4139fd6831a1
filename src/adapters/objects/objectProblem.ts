import { problem, type Problem } from '../../core/base/problem';
import { refusalOf } from '../../core/k3s/objectAddress';
import type { WantedObject } from '../../engine/ports';
import { causeOf } from '../http/follow';

const UNREACHABLE = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
]);
const WRONG_KEYS = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
]);
const WRONG_REGION = new Set(['AuthorizationHeaderMalformed', 'PermanentRedirect', 'TemporaryRedirect']);

/** Whether another way may lead there. */
export function isUnreachable(error: unknown): boolean {
  return UNREACHABLE.has(codeOf(error));
}

/** Why nothing came of a request, in the words of the system. */
export function objectProblem(wanted: WantedObject, error: unknown): Problem {
  const why = causeOf(error);
  if (isUnreachable(error) || wanted.signal?.aborted === true) return unreachable(wanted, why);
  if (/^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL|EPROTO)/.test(codeOf(error)))
    return problem('s3-certificate', `${wanted.url} does not prove what it is`, {
      why,
      nextSteps: [
        'Name the authority of the service under etcd-s3-endpoint-ca; a service without TLS needs etcd-s3-insecure: true.',
      ],
    });
  return problem('s3-failed', `${wanted.url} could not be got`, {
    why,
    nextSteps: ['Check etcd-s3-endpoint and etcd-s3-insecure: the service may speak another protocol there.'],
  });
}

/** Neither this computer nor, where it was tried, a server reaches the service. */
export function unreachable(wanted: WantedObject, why: string, throughServer?: string): Problem {
  return problem('s3-unreachable', `${wanted.url} cannot be reached`, {
    why: throughServer === undefined ? why : `From this computer: ${why}. Through a server: ${throughServer}.`,
    nextSteps: ['Check etcd-s3-endpoint, and that its port is open from here or from the servers.'],
  });
}

/** What the service says instead of the object. */
export function refused(wanted: WantedObject, status: number, xml: string): Problem {
  const { code, says } = refusalOf(xml);
  const why = [code === '' ? `status ${status}` : code, ...(says === '' ? [] : [says])].join(': ');
  if (code === 'NoSuchBucket')
    return problem('s3-no-bucket', `${new URL(wanted.url).host} has no bucket for ${wanted.url}`, {
      why,
      nextSteps: ['Check etcd-s3-bucket, and etcd-s3-bucket-lookup-type: some services want path.'],
    });
  if (status === 404)
    return problem('s3-object-missing', `${wanted.url} does not exist`, {
      why,
      nextSteps: ['"k3s-ha snapshot list FILE" tells what there is. Check the name, and etcd-s3-folder.'],
    });
  if (WRONG_REGION.has(code) || (status >= 300 && status < 400))
    return problem('s3-refused', `${wanted.url} is answered for from another region`, {
      why,
      nextSteps: ['Write the region of the bucket under etcd-s3-region.'],
    });
  if (code === 'RequestTimeTooSkewed')
    return problem('s3-refused', `${wanted.url} is not given: the clock of this computer is wrong`, {
      why,
      nextSteps: ['Set the clock, then run the same command again.'],
    });
  return problem('s3-refused', `${wanted.url} is not given`, {
    why,
    nextSteps: [
      WRONG_KEYS.has(code) || status === 403
        ? 'Check etcd-s3-access-key and etcd-s3-secret-key, and that they may read in the bucket (s3:GetObject).'
        : 'Run the same command again later; nothing was changed.',
    ],
  });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause instanceof Error ? codeOf(error.cause) : '';
}
