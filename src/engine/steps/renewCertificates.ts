import { say } from '../../core/base/say';
import { dataDir } from '../../core/cluster/options';
import { unitOf } from '../../core/cluster/roles';
import { listed } from '../../core/base/words';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { logCommand } from '../../core/k3s/serviceManager';
import type { StepOutcome } from '../../core/plan/step';
import { certificateDates } from '../../core/remote/certificateDates';
import { renewCertificates as renewal } from '../../core/remote/renewCertificates';
import { watchUnit } from '../hosts/awaitUnit';
import { proveServer } from '../hosts/proveServer';
import { hasRenewed } from '../hosts/renewedCertificates';
import { defineStep, ended, stepFailed, type StepContext } from './step';

/** The certificate of the port is written some seconds after the API is ready. */
const PAUSE_MS = 1000;

/** Has K3s begin anew with new certificates, and proves that it is back and that every one of them is another one than before. */
export const renewCertificates = defineStep<{ readonly role: NodeRole; readonly alone: boolean }>({
  kind: 'renew-certificates',
  phase: 'change',
  estimateMs: 25_000,
  says: ({ role, alone }) => ({
    title:
      role === 'agent'
        ? say`Restart ${unitOf({ role })}, which gets new certificates from a server`
        : say`Stop ${unitOf({ role })}, put its certificates away and start it with new ones${alone ? say`, the only server: the API is away meanwhile` : say` while the other servers keep the cluster up`}`,
    doing: say`renewing certificates`,
    counted: say`renew the certificates of`,
  }),
  run: async (_, at) => {
    const node = at.node(at.machine.id);
    const begun = await at.on(node, renewal(unitOf(node), dataDir(at.cluster, node), at.facts.get(node.id)?.init));
    if (begun.kind !== 'done') return ended(begun);
    const { before, refused } = begun.value;
    const up = await watchUnit(node, before, at);
    if (up.kind !== 'done') return up;
    if (refused !== undefined)
      return stepFailed('certificates-kept', node, say`K3s on ${node.id} did not put its certificates away`, {
        why: at.mask.line(refused),
        nextSteps: [say`K3s was started with the old ones. Run again when the cause is removed.`],
      });
    const ready = await proveServer(node, at);
    return ready.kind === 'done' ? proveDates(at) : ready;
  },
});

/** Waits until every certificate of the machine is another one than when the run began. */
async function proveDates(at: StepContext): Promise<StepOutcome> {
  const node = at.node(at.machine.id);
  const deadline = at.clock.now() + at.startTimeoutMs;
  for (;;) {
    const read = await at.on(node, certificateDates(dataDir(at.cluster, node)));
    if (read.kind !== 'done') return ended(read);
    const old = read.value.filter((one) => !hasRenewed(one, read.value, at)).map(({ path }) => path);
    if (old.length === 0) return { kind: 'done' };
    if (at.clock.now() > deadline) {
      return stepFailed(
        'certificates-old',
        node,
        say`K3s on ${node.id} was started again, but not with new certificates`,
        {
          why: say`As old as before: ${listed(old)}.`,
          nextSteps: [
            say`See "${logCommand(unitOf(node), at.facts.get(node.id)?.init)}" on ${node.id} for why they were not made anew.`,
          ],
        },
      );
    }
    at.progress(say`waiting for ${listed(old)}`);
    try {
      await at.clock.sleep(PAUSE_MS, at.signal);
    } catch {
      return { kind: 'cancelled' };
    }
  }
}
