import type { PracticeCommand } from '../ids';
import { partZones, joinZones } from './partZones';
import type { PracticeDependencies } from './played';
import { simulate } from './simulate';
import { takeTour } from './tour';

type Deed = (argument: unknown, deps: PracticeDependencies) => Promise<void>;

const DEEDS: Readonly<Record<PracticeCommand, Deed>> = {
  takeTour,
  powerOff: simulate('power', true),
  powerOn: simulate('power', false),
  cutNetwork: simulate('network', true),
  joinNetwork: simulate('network', false),
  fillDisk: simulate('disk', true),
  freeDisk: simulate('disk', false),
  hang: simulate('hang', true),
  wake: simulate('hang', false),
  changeHostKey: simulate('hostKey', true),
  restoreHostKey: simulate('hostKey', false),
  partZones,
  joinZones,
};

/** Does something to the simulated hosts of the practice fleet, or takes the tour. */
export function practise(command: PracticeCommand, argument: unknown, deps: PracticeDependencies): Promise<void> {
  return DEEDS[command](argument, deps);
}
