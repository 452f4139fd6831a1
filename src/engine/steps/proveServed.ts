import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { dataDir } from '../../core/cluster/options';
import { canonicalAddress } from '../../core/k3s/cidr';
import { SERVED_CERTIFICATE } from '../../core/k3s/certificates';
import type { StepOutcome } from '../../core/plan/step';
import { shellWord } from '../../core/remote/shell';
import { certificateDates } from '../../core/remote/certificateDates';
import { untilNothingLacks } from '../hosts/untilNothingLacks';
import type { ShownCertificate } from '../ports';
import { hasRenewed } from '../hosts/renewedCertificates';
import { defineStep, ended, stepFailed, type StepContext } from './step';

export interface ServedProof {
  /** Names that the certificate has to have, and that it must not have any more. */
  readonly has: readonly string[];
  readonly lacks: readonly string[];
  /** It has to be another one than when the run began. */
  readonly renewed: boolean;
}

/**
 * Looks at the certificate that clients get from a server, by a handshake of this computer through SSH: the Secret and the file
 * in which K3s keeps it may say something else than what it shows.
 */
export const proveServed = defineStep<ServedProof>({
  kind: 'prove-served',
  phase: 'wait',
  estimateMs: 2000,
  says: () => ({
    title: say`Look from this computer at the certificate that its API shows: names and end date`,
    doing: say`looking at the certificate that it shows`,
    counted: '',
  }),
  run: (input, at) => {
    let surplusSince: number | undefined;
    return untilNothingLacks(
      at,
      async () => {
        const found = await lack(input, at);
        if (typeof found !== 'object' || !('surplus' in found)) return found;
        surplusSince ??= at.clock.now();
        return at.clock.now() - surplusSince > SURPLUS_MS ? cameBack(found.surplus, at) : found.surplus;
      },
      (lacking) =>
        stepFailed('served-certificate', at.machine, lacking, {
          nextSteps: [
            say`Restart K3s there ("k3s-ha restart FILE ${shellWord(at.machine.id)}"), then run this again: it looks at what every server shows.`,
          ],
        }),
    );
  },
});

/** K3s adds names to its certificate, but never takes any away while it runs: waiting longer does not help. */
const SURPLUS_MS = 15_000;

function cameBack(message: string, at: StepContext): StepOutcome {
  return stepFailed('served-certificate', at.machine, message, {
    why: say`A server that ran while others started has brought it back, for instance after a reboot in between.`,
    nextSteps: [say`Run this again: it stops all servers once more.`],
  });
}

async function lack(
  { has, lacks, renewed }: ServedProof,
  at: StepContext,
): Promise<string | StepOutcome | { readonly surplus: string }> {
  const server = at.node(at.machine.id);
  const shown = await at.shownBy(server);
  if (at.signal.aborted) return { kind: 'cancelled' };
  if (!shown.ok) {
    if (shown.error.code !== 'ssh-forwarding-refused')
      return say`${server.id} shows no certificate to this computer: ${shown.error.why ?? shown.error.message}`;
    at.progress(say`not looked at from here: ${shown.error.message} Its files were looked at.`);
    return { kind: 'done' };
  }
  const names = new Set(shown.value.names.map(canonicalAddress));
  const missing = has.filter((name) => !names.has(canonicalAddress(name)));
  if (missing.length > 0) return say`${server.id} shows a certificate without ${listed(missing)}`;
  const surplus = lacks.filter((name) => names.has(canonicalAddress(name)));
  if (surplus.length > 0) return { surplus: say`${server.id} still shows a certificate with ${listed(surplus)}` };
  return proveEnd(server, shown.value, renewed, at);
}

async function proveEnd(
  server: ClusterNode,
  { serial, ends, names }: ShownCertificate,
  renewed: boolean,
  at: StepContext,
): Promise<string | StepOutcome> {
  const read = await at.on(server, certificateDates(dataDir(at.cluster, server)));
  if (read.kind !== 'done') return ended(read);
  const shown = { path: SERVED_CERTIFICATE, serial, ends, written: 0 };
  if (renewed && !hasRenewed(shown, read.value, at))
    return say`${server.id} still shows the old certificate, until ${moment(ends)}`;
  const kept = read.value.find(({ path }) => path === SERVED_CERTIFICATE)?.ends;
  const differs = kept === undefined || kept === ends ? '' : say`; its file has one until ${moment(kept)}`;
  at.progress(say`shows a certificate with ${names.length} names until ${moment(ends)}${differs}`);
  return { kind: 'done' };
}

function moment(ends: number): string {
  return new Date(ends).toISOString().slice(0, 19).replace('T', ' ');
}
