import { expect } from 'vitest';
import { nodesOf, unitOf } from '../../src/core/cluster/roles';
import type { RunReport } from '../../src/core/plan/events';
import type { Step } from '../../src/core/plan/step';
import type { Wanted } from '../../src/engine/operations/operation';
import type { Operator } from '../../src/engine/ports';
import type { EngineLab } from './engineLab';

const BOB: Operator = { name: 'bob@desk', process: 2000, isRunning: () => true };
const FAULTS = ['connection lost', 'process killed', 'host rebooted', 'disk full', 'other operator'] as const;
export type Fault = (typeof FAULTS)[number];

/** `FAULT_MATRIX=all` meets every fault at every boundary; without it each boundary meets one of them, in turn. */
export const ALL = process.env['FAULT_MATRIX'] === 'all';

export const faultsAt = (boundary: number): readonly Fault[] =>
  ALL ? FAULTS : [FAULTS[boundary % FAULTS.length] as Fault];

/** Lets a fault happen on a host; gives what ends it. */
async function strike(them: EngineLab, fault: Fault, host: string): Promise<() => Promise<void>> {
  const { fleet } = them;
  const nothing = async (): Promise<void> => undefined;
  switch (fault) {
    case 'connection lost':
      fleet.dropConnections(host);
      return nothing;
    case 'host rebooted':
      await fleet.powerOff(host);
      await fleet.powerOn(host);
      return nothing;
    case 'disk full':
      fleet.fillDisk(host);
      return async () => fleet.fillDisk(host, false);
    case 'other operator': {
      const bob = them.as(BOB);
      const prepared = await bob.plan();
      const report = await bob.run(prepared);
      if (prepared.plan.problems.length === 0 && prepared.plan.steps.length > 0) {
        expect(report.problems[0]?.code).toBe('cluster-in-use');
      }
      await bob.hosts.dispose();
      return nothing;
    }
    case 'process killed':
      return nothing;
  }
}

/** Runs the plan of the file, or of what else is wanted; when step number `boundary` begins, the fault happens. */
export async function disturbed(them: EngineLab, boundary: number, fault: Fault, wanted?: Wanted): Promise<RunReport> {
  const operating = them.as({ name: 'ada@laptop', process: 100 + boundary, isRunning: () => false });
  const prepared = await operating.plan(wanted);
  expect(prepared.plan.problems).toEqual([]);
  const at = prepared.plan.steps[boundary];
  let over: Promise<() => Promise<void>> | undefined;
  const dead = new AbortController();
  const report = await operating.run(
    prepared,
    (event) => {
      if (event.type !== 'step' || event.step !== at?.id || event.state !== 'running' || over !== undefined) return;
      over = strike(them, fault, at.on);
      if (fault !== 'process killed') return;
      void operating.hosts.dispose();
      // Without connections it does nothing any more, and a process that is gone waits for nothing either.
      dead.abort();
    },
    dead.signal,
  );
  await (
    await over
  )?.();
  await operating.hosts.dispose();
  return report;
}

/** Until every unit that is installed has settled. */
export async function settled(them: EngineLab): Promise<void> {
  for (const node of nodesOf(them.cluster)) {
    await expect
      .poll(() => ['active', 'inactive'].includes(them.fleet.inspect(node.id).unit(unitOf(node)).active))
      .toBe(true);
  }
}

/** One step of each sort, on whichever machine it comes first; every step with all faults. */
export function ofEach(sort: (step: Step) => string, steps: readonly Step[]): readonly number[] {
  return steps.flatMap((step, at) =>
    ALL || (step.phase !== 'wait' && steps.findIndex((one) => sort(one) === sort(step)) === at) ? [at] : [],
  );
}

/** What was begun goes on by the same command until it is done, as a person would run it. */
export async function finished(
  them: EngineLab,
  wanted: Wanted,
  over: (codes: readonly string[]) => boolean,
): Promise<void> {
  await expect
    .poll(
      async () => {
        await settled(them);
        const prepared = await them.plan(wanted);
        const { problems } = prepared.plan;
        if (problems.length > 0) return over(problems.map(({ code }) => code)) ? [] : problems;
        return (await them.run(prepared)).problems;
      },
      { timeout: 60_000 },
    )
    .toEqual([]);
}
