import { expect } from 'vitest';
import type { Desk } from './desk';
import type { FleetHost } from './driver/host';

export const FAULTS = ['connection lost', 'process killed', 'host rebooted', 'disk full', 'other operator'] as const;
export type Fault = (typeof FAULTS)[number];

/** Folders of a host into which a run writes. */
const WRITTEN = ['/etc/rancher/k3s', '/usr/local/bin', '/var/lib/k3s-ha'] as const;

/** Where a kind of step writes first of all. */
const FIRST_WRITTEN: Readonly<Record<string, (typeof WRITTEN)[number]>> = {
  'write-config': '/etc/rancher/k3s',
  install: '/usr/local/bin',
  'put-aside': '/var/lib/k3s-ha',
};

/** Who meets a fault: the machine of the step and, at another desk, somebody with the same cluster. */
interface Struck {
  readonly host: FleetHost;
  readonly other: Desk;
  /** Ends the process of the run. */
  kill(): void;
  /** Whether the run goes on. */
  goesOn(): boolean;
}

/** A disk that has to be full before the run comes to a step of this kind. */
export function fullBefore(kind: string, fault: Fault): string | undefined {
  return fault === 'disk full' ? FIRST_WRITTEN[kind] : undefined;
}

/** Lets the fault happen while a step of this kind begins; gives what ends it. */
export async function strike(
  kind: string,
  fault: Fault,
  { host, other, kill, goesOn }: Struck,
): Promise<() => Promise<void>> {
  const nothing = async (): Promise<void> => undefined;
  switch (fault) {
    case 'connection lost':
      await host.mustExec('pkill -KILL -f "^sshd: auto"');
      return nothing;
    case 'process killed':
      kill();
      return nothing;
    case 'host rebooted':
      await host.powerOff();
      await host.powerOn();
      return nothing;
    case 'disk full': {
      if (fullBefore(kind, fault) !== undefined) return nothing;
      for (const folder of WRITTEN) await host.fillDisk(folder);
      return async () => {
        for (const folder of WRITTEN) await host.freeDisk(folder);
      };
    }
    case 'other operator': {
      const { result, problems, states } = await other.apply().over;
      // Whatever they find, a lease that is held or nothing to do any more, they change nothing.
      expect([...states].filter(([step, state]) => state !== 'skipped' && !step.startsWith('await-'))).toEqual([]);
      if (goesOn() && result === 'failed') expect(problems.map(({ code }) => code)).toEqual(['cluster-in-use']);
      return nothing;
    }
  }
}
