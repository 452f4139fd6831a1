import { duration } from '../base/duration';
import { problem, type Problem } from '../base/problem';

/** A watch that was cut on its way: nobody ended it as HTTP ends an answer. */
export interface Cut {
  /** Since the last bytes came. */
  readonly idleMs: number;
  /** Since the watch was opened. */
  readonly aliveMs: number;
}

/** Chance cuts a watch twice after the same silence, hardly three times. */
const ALIKE = 3;
/** Shorter silences are those of a server that restarts again and again. */
const SHORTEST_MS = 5_000;

/**
 * The silence after which something on the way cuts connections; undefined when the last cuts do not say so. The API itself
 * ends a watch after a time of its own, whether anything flows or not, so that cuts count only after one and the same silence;
 * where every watch has lived equally long, it may be its time that was over.
 */
export function idleLimit(cuts: readonly Cut[]): number | undefined {
  const last = cuts.slice(-ALIKE);
  const silences = last.map(({ idleMs }) => idleMs);
  const [least, most] = [Math.min(...silences), Math.max(...silences)];
  if (last.length < ALIKE || least < SHORTEST_MS || most - least > Math.max(1_000, least * 0.05)) return undefined;
  const lives = last.map(({ aliveMs }) => aliveMs);
  const alike = Math.max(...lives) - Math.min(...lives) <= Math.max(1_000, least * 0.05);
  // Silent from the beginning, each lived as long as it was silent: that is a limit, too.
  const silentOnly = last.every(({ idleMs, aliveMs }) => aliveMs - idleMs <= 1_000);
  return alike && !silentOnly ? undefined : least;
}

/** Tells of the limit, and which settings raise it. */
export function idleLimitProblem(server: string, limitMs: number): Problem {
  return problem(
    'address-idle-limit',
    `Connections through ${server} are cut after ${duration(limitMs)} without traffic`,
    {
      why: `The last ${ALIKE} watches ended after the same silence, and K3s did not end them. "kubectl logs -f", "exec" and "port-forward" end there with "unexpected EOF".`,
      nextSteps: [
        'Raise the idle limit of the load balancer to an hour or more: "timeout client", "timeout server" and "timeout tunnel" in HAProxy, proxy_timeout in nginx, the idle timeout of the listener in a cloud.',
        'If no load balancer has such a limit, look for it in firewalls and NAT between here and there.',
      ],
    },
  );
}
