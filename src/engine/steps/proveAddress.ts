import { say } from '../../core/base/say';
import { listed } from '../../core/base/words';
import type { MachineId, StepOutcome } from '../../core/plan/step';
import { addressState } from '../../core/remote/addressState';
import { untilNothingLacks } from '../hosts/untilNothingLacks';
import { defineStep, ended, stepFailed, type StepContext } from './step';

interface ProvedAddress {
  readonly address: string;
  readonly port: number;
  readonly servers: readonly MachineId[];
}

/**
 * Waits until exactly one of the servers has the fixed address and the API answers there. Two holders of one address, or one
 * whose K3s is stopped, answer some requests and lose the others.
 */
export const proveAddress = defineStep<ProvedAddress>({
  kind: 'prove-address',
  phase: 'wait',
  estimateMs: 4000,
  says: ({ address }) => ({
    title: say`Wait until exactly one server has ${address} and answers there`,
    doing: say`waiting for ${address}`,
    counted: '',
  }),
  subject: ({ address }) => address,
  run: (input, at) =>
    untilNothingLacks(
      at,
      () => lack(input, at),
      (lacking) => stepFailed('address-not-proved', at.machine, lacking, advice()),
    ),
});

const advice = () => ({
  nextSteps: [
    say`See "kubectl -n kube-system get pods -o wide" and the log of kube-vip on the servers; run again when the cause is removed.`,
  ],
});

/** What is lacking, in words; an outcome when the step ends here. */
async function lack({ address, port, servers }: ProvedAddress, at: StepContext): Promise<string | StepOutcome> {
  const answers = await Promise.all(
    servers.map(async (id) => ({ id, state: await at.on(at.reach(id), addressState(address, port)) })),
  );
  if (at.signal.aborted) return { kind: 'cancelled' };
  const broken = answers.find(({ state }) => state.kind !== 'done');
  if (broken !== undefined) {
    const { state } = broken;
    if (state.kind === 'unknown') return ended(state);
    return say`${broken.id} does not tell whether it has ${address}${state.kind === 'failed' ? `: ${state.problem.message}` : ''}`;
  }
  const known = answers.flatMap(({ id, state }) => (state.kind === 'done' ? [{ id, ...state.value }] : []));
  const holders = known.filter(({ here }) => here).map(({ id }) => id);
  const [holder] = holders;
  if (holder === undefined) return say`No server has ${address}`;
  if (holders.length > 1) return say`${listed(holders)} have ${address} at the same time`;
  const silent = known.find(({ silence }) => silence !== '');
  return silent === undefined
    ? { kind: 'done' }
    : say`${holder} has ${address}, and the API does not answer there from ${silent.id}: ${silent.silence}`;
}
