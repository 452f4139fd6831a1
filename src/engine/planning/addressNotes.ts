import type { Problem } from '../../core/base/problem';
import { problemSentence } from '../../core/base/problemSentence';
import { checkAddressWith, type AddressDependencies } from '../access/checkAddress';
import type { Situation } from './situation';
import { isRunning } from './starts';

/** What a plan says of a fixed address that K3s HA does not carry itself. */
export interface AddressAdvice {
  /** What keeps agents from joining through it. */
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/**
 * Looks at an address of type external or dns. Only what would surely keep agents of this plan from joining is in the way; an
 * address at which nobody listens yet is as it should be before the first server runs.
 */
export async function addressAdvice(
  { cluster, facts }: Situation,
  deps: AddressDependencies,
  signal?: AbortSignal,
): Promise<AddressAdvice> {
  const type = cluster.loadBalancer?.type;
  if (type !== 'external' && type !== 'dns') return { problems: [], notes: [] };
  const { findings } = await checkAddressWith(cluster, facts, deps, signal);
  const joining = new Set(
    cluster.agents.filter((agent) => facts.has(agent.id) && !isRunning(agent, facts)).map(({ id }) => id),
  );
  const blocks = ({ severity, stopsJoining, places }: (typeof findings)[number]): boolean =>
    severity === 'error' && stopsJoining && places.some((place) => joining.has(place));
  return {
    problems: findings.filter(blocks).map(({ problem }) => problem),
    notes: findings.filter((one) => !blocks(one)).map(({ problem }) => problemSentence(problem)),
  };
}
