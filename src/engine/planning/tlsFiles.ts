import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { HostFileKind } from '../../core/cluster/hostFiles';
import type { Certificates } from '../ports';
import { fault, type Fault } from './fault';
import type { LocalFiles, WantedFile } from './localFile';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n[^-]+-----END \1-----/g;
const TLS: ReadonlySet<HostFileKind> = new Set(['ca', 'certificate', 'key']);
const KEY = /^(?:(?:EC|RSA|ED25519) )?PRIVATE KEY$/;

/**
 * TLS files that K3s would stop with: no PEM, a key that needs a passphrase, a certificate that is over or is none for clients,
 * and a key of another certificate. https://docs.k3s.io/datastore
 */
export function tlsProblems(
  wanted: readonly WantedFile[],
  { files }: LocalFiles,
  certificates: Certificates,
  now: number,
  asked: (file: WantedFile) => string,
): readonly Problem[] {
  const textOf = ({ from }: WantedFile): string => files.get(from)?.text ?? '';
  const present = wanted.filter(({ from, kind }) => files.has(from) && TLS.has(kind));
  const alone = present.flatMap((file) => {
    const found =
      file.kind === 'key' ? keyFault(textOf(file)) : certificateFault(file, textOf(file), certificates, now);
    return found === undefined ? [] : [refusal(asked(file), found)];
  });
  const certificate = present.find(({ kind }) => kind === 'certificate');
  const key = present.find(({ kind }) => kind === 'key');
  if (alone.length > 0 || certificate === undefined || key === undefined) return alone;
  const fits = certificates.belongTogether(textOf(certificate), textOf(key));
  if (fits === true) return [];
  return [
    refusal(
      asked(key),
      fits === undefined
        ? fault(
            say`It holds no private key that can be read.`,
            say`Check that it is the unencrypted key of the certificate.`,
          )
        : fault(
            say`The key does not belong to the certificate ${certificate.from}.`,
            say`Name the key that the certificate was issued for, or have a certificate issued for this key.`,
          ),
    ),
  ];
}

function keyFault(text: string): Fault | undefined {
  const labels = labelsOf(text);
  if (labels.includes('ENCRYPTED PRIVATE KEY') || /^Proc-Type: 4,ENCRYPTED/m.test(text))
    return fault(
      say`The key is encrypted, and K3s cannot ask for its passphrase.`,
      say`Decrypt it ("openssl pkey -in … -out …"); it is sent over SSH and readable by root alone.`,
    );
  if (labels.some((label) => KEY.test(label))) return undefined;
  return fault(say`It holds ${heldBy(labels)}, and no private key in PEM.`, say`Name the file with the private key.`);
}

function certificateFault(
  { kind }: WantedFile,
  text: string,
  certificates: Certificates,
  now: number,
): Fault | undefined {
  const labels = labelsOf(text);
  if (labels.some((label) => label.endsWith('PRIVATE KEY')))
    return fault(say`There is a private key in it.`, say`Keep certificate and key in files of their own.`);
  const read = labels.includes('CERTIFICATE') ? certificates.read(text) : undefined;
  if (read === undefined)
    return fault(say`It holds ${heldBy(labels)}, and no certificate in PEM.`, say`Name the file with the certificate.`);
  const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
  if (read.ends <= now)
    return fault(say`The certificate has expired on ${day(read.ends)}.`, say`Have a new one issued.`);
  if (read.begins > now)
    return fault(say`The certificate holds from ${day(read.begins)} on.`, say`Wait until then, or check the clock.`);
  return kind === 'certificate' && read.forClients === false
    ? fault(say`The certificate may not prove a client.`, say`Have one issued with the extended key usage clientAuth.`)
    : undefined;
}

function labelsOf(text: string): readonly string[] {
  return [...text.matchAll(BLOCK)].map(([, label = '']) => label);
}

function heldBy(labels: readonly string[]): string {
  return labels.length === 0 ? say`no PEM block at all` : labels.join(', ');
}

function refusal(message: string, { why, nextStep }: Fault): Problem {
  return problem('tls-file-unusable', message, { why, nextSteps: [nextStep] });
}
