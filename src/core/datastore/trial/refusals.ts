import type { DatabaseRefusal } from './answer';
import type { TrialId } from './ids';
import type { Finding } from './trial';

interface TlsRefusal {
  readonly pattern: RegExp;
  readonly code: TrialId;
  readonly says: string;
  readonly nextSteps: readonly string[];
}

/** By the codes of Node and OpenSSL, or by their texts where a library keeps the code. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const TLS: readonly TlsRefusal[] = [
  {
    pattern: /CERT(?:IFICATE)?_HAS_EXPIRED/,
    code: 'datastore-certificate-expired',
    says: 'shows a certificate that has expired',
    nextSteps: ['Have a new certificate issued for the database, and restart or reload it.'],
  },
  {
    pattern: /CERT(?:IFICATE)?(?:_IS)?_NOT_YET_VALID/,
    code: 'datastore-certificate-not-yet',
    says: 'shows a certificate that is not valid yet',
    nextSteps: ['Check the clock of the machine that issued it and the clock here.'],
  },
  {
    pattern: /TLS_CERT_ALTNAME|DOES_NOT_MATCH_CERTIFICATE/,
    code: 'datastore-certificate-name',
    says: 'shows a certificate for other names',
    nextSteps: [
      'Write a name or an address into the endpoint that the certificate has, or have one issued that has this one.',
    ],
  },
  {
    pattern: /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|CERT_(?:UNTRUSTED|SIGNATURE_FAILURE|CHAIN)|INVALID_CA/,
    code: 'datastore-certificate-authority',
    says: 'shows a certificate of another authority',
    nextSteps: ['Name the authority that issued the certificate of the database as datastore.caFile.'],
  },
  {
    pattern: /ALERT|CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA/,
    code: 'datastore-client-certificate',
    says: 'refuses the client certificate, or asks for one',
    nextSteps: [
      'Name a certificate and key as datastore.certFile and datastore.keyFile that come from the authority which the database trusts for its clients.',
    ],
  },
  {
    pattern: /NO_SSL|WRONG_VERSION_NUMBER|NOT_ENCRYPTED/,
    code: 'datastore-not-encrypted',
    says: 'does not speak TLS, and the endpoint asks for it',
    nextSteps: [
      'Switch TLS on in the database, or take it out of the endpoint and the TLS files out of the cluster file.',
    ],
  },
];

/** What a refusal means whatever the database is. */
export function commonRefusal({ at, code, says, cause }: DatabaseRefusal): Finding {
  if (code === 'timeout')
    return {
      weight: 'new',
      code: 'datastore-slow',
      says: 'was reached and gave no answer in time',
      why: says,
      nextSteps: ['Check how busy the database is, and whether something between drops its answers.'],
    };
  if (at === 'connection')
    return {
      weight: 'stops',
      code: 'datastore-unreachable',
      says: 'does not answer',
      why: [cause?.message ?? says, cause?.why].filter((text) => text !== undefined).join(' '),
      nextSteps: [
        'Check that the database runs, listens on this address, and that firewalls let the servers through to this port.',
      ],
    };
  const words = `${code} ${says}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  const tls = TLS.find(({ pattern }) => pattern.test(words));
  if (tls !== undefined)
    return { weight: 'stops', code: tls.code, says: tls.says, why: says, nextSteps: tls.nextSteps };
  if (code === 'unsupported')
    return {
      weight: 'note',
      code: 'datastore-not-asked',
      says: 'asks for a way to log in that cannot be tried from here',
      why: says,
      nextSteps: [],
    };
  return {
    weight: 'stops',
    code: 'datastore-refuses',
    says: at === 'login' ? 'lets nobody in with this endpoint' : 'broke off',
    why: says,
    nextSteps: ['Correct the endpoint of the datastore, or what the database says is wrong with it, then try again.'],
  };
}
