import { firstToEnd, SERVED_CERTIFICATE, type CertificateFile } from '../../core/k3s/certificates';
import type { StepContext } from '../steps/step';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Whether a certificate of the machine is another one than when the run began; `all` are those that the machine has now. Its end
 * does not tell: it is that of the authority at most, and a new one may be made for a shorter time. Of the one that clients see
 * a young one is enough, too: all servers show one, and the renewal of another may just have made it.
 */
export function hasRenewed(
  { path, serial, ends }: CertificateFile,
  all: readonly CertificateFile[],
  { facts, machine }: StepContext,
): boolean {
  const before = facts.get(machine.id)?.certificates.find((one) => one.path === path)?.serial;
  const own = firstToEnd(all.filter((one) => one.path !== SERVED_CERTIFICATE))?.ends ?? 0;
  return serial !== before || (path === SERVED_CERTIFICATE && own - ends < DAY_MS);
}
