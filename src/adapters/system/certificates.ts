import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Certificates } from '../../engine/ports';

/** Extended key usage `clientAuth`. https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12 */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** Certificates as OpenSSL reads them. */
export const certificates: Certificates = {
  read(pem) {
    const certificate = parse(pem);
    if (certificate === undefined) return undefined;
    const { validFrom, validTo, keyUsage } = certificate;
    return {
      begins: Date.parse(validFrom),
      ends: Date.parse(validTo),
      // Node calls the extended key usage so. https://nodejs.org/docs/latest-v20.x/api/crypto.html#x509keyusage
      ...((keyUsage as readonly string[] | undefined) === undefined
        ? {}
        : { forClients: keyUsage.includes(CLIENT_AUTH) }),
    };
  },
  belongTogether(pem, key) {
    try {
      return parse(pem)?.checkPrivateKey(createPrivateKey(key));
    } catch {
      return undefined;
    }
  },
};

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
