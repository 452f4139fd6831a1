import type { Hold, Phase, Step } from './step';

/** What keeps the machine of the person busy, and its line: files are sent, K3s is downloaded through the same network. */
const STAGED: ReadonlySet<Phase> = new Set(['check', 'stage']);

/**
 * What a step must have to run: what it holds, and while hosts are prepared one of as many places as hosts are worked on
 * at the same time. What changes a host or waits for it takes no place: it has limits of its own.
 */
export function holdsOf(step: Step, places: number): readonly Hold[] {
  return STAGED.has(step.phase) ? [...step.holds, { what: 'place', limit: places }] : step.holds;
}
