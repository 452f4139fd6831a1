import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { isIP } from 'node:net';

/** Certificate and key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority that can sign. */
export interface Authority extends KeyPair {
  readonly subject: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** The certificates of one cluster, the same on all of its servers. */
export interface ClusterCertificates {
  readonly serverCa: Authority;
  readonly clientCa: Authority;
  /** CN system:admin, O system:masters: what k3s.yaml carries. */
  admin: KeyPair;
  /** Seconds since 1970, as in the names of the authorities. */
  readonly created: number;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 60 * 60 * 1000;
const CA_LIFETIME = 3650 * DAY;
const LEAF_LIFETIME = 365 * DAY;

cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);

export async function createClusterCertificates(now: number): Promise<ClusterCertificates> {
  const created = Math.floor(now / 1000);
  const [serverCa, clientCa] = await Promise.all([
    createAuthority(`CN=k3s-server-ca@${created}`, now),
    createAuthority(`CN=k3s-client-ca@${created}`, now),
  ]);
  const admin = await issueAdmin(clientCa, now, now + LEAF_LIFETIME);
  return { serverCa, clientCa, admin, created };
}

/** A certificate of the administrator, as kubeconfigs carry it. */
export function issueAdmin(clientCa: Authority, now: number, ends: number): Promise<KeyPair> {
  const usage = [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])];
  return issue(clientCa, 'CN=system:admin, O=system:masters', now, usage, ends);
}

/** The certificate that a server shows on its port: valid for exactly `names`. */
export function createServingCertificate(
  certificates: ClusterCertificates,
  names: readonly string[],
  now: number,
  ends = now + LEAF_LIFETIME,
): Promise<KeyPair> {
  return issue(certificates.serverCa, 'CN=k3s, O=k3s', now, servingFor(names), ends);
}

function servingFor(names: readonly string[]): Extension[] {
  return [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(names.map((name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name }))),
  ];
}

/** The certificate of a kubelet, made out to its node and signed by the authority of the servers. */
export function createKubeletCertificate(
  certificates: ClusterCertificates,
  nodeName: string,
  addresses: readonly string[],
  now: number,
): Promise<KeyPair> {
  const names = [...new Set([nodeName, 'localhost', '127.0.0.1', ...addresses])];
  return issue(certificates.serverCa, `CN=${nodeName}`, now, servingFor(names), now + LEAF_LIFETIME);
}

async function createAuthority(subject: string, now: number): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: subject,
    notBefore: startOf(now),
    notAfter: new Date(now + CA_LIFETIME),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: exportKey(keys.privateKey), subject, keys };
}

async function issue(
  authority: Authority,
  subject: string,
  now: number,
  extensions: Extension[],
  ends: number,
): Promise<KeyPair> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: authority.subject,
    notBefore: startOf(now),
    notAfter: new Date(ends),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      await AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
      ...extensions,
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: exportKey(keys.privateKey) };
}

/** A minute early, so that a client whose clock is a little behind accepts it. */
function startOf(now: number): Date {
  return new Date(now - 60_000);
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

function exportKey(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'sec1', format: 'pem' }).toString();
}
