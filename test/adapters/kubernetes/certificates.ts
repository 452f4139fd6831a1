import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly cert: string;
  server(names: readonly string[], validDays?: number): Promise<KeyPair>;
  client(name: string): Promise<KeyPair>;
}

/** A CA as K3s makes one: EC P-256, self-signed. */
export async function makeAuthority(name: string): Promise<Authority> {
  const keys = await generate();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - 10 * DAY_MS),
    notAfter: new Date(Date.now() + 10 * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const issue = async (
    subject: string,
    usage: x509.ExtendedKeyUsage,
    names: readonly string[],
    validDays = 1,
  ): Promise<KeyPair> => {
    const own = await generate();
    const cert = await x509.X509CertificateGenerator.create({
      subject,
      issuer: ca.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - 5 * DAY_MS),
      notAfter: new Date(Date.now() + validDays * DAY_MS),
      extensions: [
        new x509.ExtendedKeyUsageExtension([usage]),
        ...(names.length === 0
          ? []
          : [
              new x509.SubjectAlternativeNameExtension(
                names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value })),
              ),
            ]),
      ],
    });
    const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY');
    return { cert: cert.toString('pem'), key };
  };
  return {
    cert: ca.toString('pem'),
    server: (names, validDays) => issue('CN=k3s,O=k3s', x509.ExtendedKeyUsage.serverAuth, names, validDays),
    client: (subject) => issue(subject, x509.ExtendedKeyUsage.clientAuth, []),
  };
}

async function generate(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}
