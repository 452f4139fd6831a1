/**
 * Certificates that K3s makes for itself and renews, by the names of their files. Authorities are not among them, nor what
 * older releases left behind. https://docs.k3s.io/cli/certificate
 */
const OWN_CERTIFICATES: ReadonlySet<string> = new Set([
  'client-admin.crt',
  'client-auth-proxy.crt',
  'client-controller.crt',
  'client-k3s-cloud-controller.crt',
  'client-k3s-controller.crt',
  'client-kube-apiserver.crt',
  'client-kube-proxy.crt',
  'client-kubelet.crt',
  'client-scheduler.crt',
  'client-supervisor.crt',
  'client.crt',
  'kube-controller-manager.crt',
  'kube-scheduler.crt',
  'peer-server-client.crt',
  'server-client.crt',
  'serving-kube-apiserver.crt',
  'serving-kubelet.crt',
]);

/** A server keeps the certificate that clients see on its port in this file, as a Secret. */
export const SERVED_CERTIFICATE = 'server/tls/dynamic-cert.json';

/** One certificate of a machine. */
export interface CertificateFile {
  /** Below K3s's data-dir, e.g. `server/tls/client-admin.crt`. */
  readonly path: string;
  /** Its serial number: another one is another certificate, whatever its dates say. */
  readonly serial: string;
  /** Milliseconds since 1970. */
  readonly ends: number;
  /** When the file was written, by the host's clock, milliseconds since 1970. */
  readonly written: number;
}

/** Whether K3s renews the certificate of this file. */
export function isOwnCertificate(path: string): boolean {
  return path === SERVED_CERTIFICATE || OWN_CERTIFICATES.has(path.slice(path.lastIndexOf('/') + 1));
}

/** The one that ends first; undefined where there is none. */
export function firstToEnd(certificates: readonly CertificateFile[]): CertificateFile | undefined {
  return certificates.reduce<CertificateFile | undefined>(
    (first, next) => (first === undefined || next.ends < first.ends ? next : first),
    undefined,
  );
}

/** From here on people are told. K3s itself renews at a start when less than 120 days are left. */
const SOON_DAYS = 90;

const DAY = 24 * 60 * 60 * 1000;

export type CertificateAge = 'fine' | 'ends soon' | 'ended';

/** How the end of a certificate is to be taken at a time. */
export function certificateAge(ends: number, now: number): CertificateAge {
  if (ends <= now) return 'ended';
  return ends - now <= SOON_DAYS * DAY ? 'ends soon' : 'fine';
}

/** `until 2027-11-12`, `until 2026-12-03, in 6 days`, `since 2026-11-20`: when a certificate ends, after a verb. */
export function endWords(ends: number, now: number): string {
  const day = new Date(ends).toISOString().slice(0, 10);
  const age = certificateAge(ends, now);
  if (age === 'ended') return `since ${day}`;
  const days = Math.floor((ends - now) / DAY);
  return age === 'fine' ? `until ${day}` : `until ${day}, in ${days === 1 ? '1 day' : `${days} days`}`;
}
