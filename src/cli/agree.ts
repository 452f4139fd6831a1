import { shellWord } from '../core/remote/shell';
import type { PreparedPlan } from '../engine/run/prepare';
import { tell } from './output';
import { question } from './questions';

/** What was said beforehand. */
export interface Consent {
  readonly yes?: boolean;
  /** The name of the cluster: it confirms what cannot be undone. */
  readonly name?: string | undefined;
}

/** Whether the person agrees to a plan: with a yes, or with the name of the cluster to what cannot be undone. */
export async function agree(
  { operation, situation, intent, plan: { clusterName } }: PreparedPlan,
  { yes = false, name }: Consent,
  signal: AbortSignal,
): Promise<boolean> {
  if (operation.asks === 'nothing') return true;
  const isNamed =
    operation.asks === 'plan-and-name' &&
    (operation.typed === undefined || operation.typed(situation, intent) !== undefined);
  return isNamed
    ? callsByName(clusterName, name, signal, operation.costs)
    : yes || name === clusterName || saysYes('Carry out this plan (yes/no)? ', signal);
}

async function callsByName(
  cluster: string,
  given: string | undefined,
  signal: AbortSignal,
  costs = 'This cannot be undone.',
): Promise<boolean> {
  if (given === cluster) return true;
  if (given !== undefined || process.stdin.isTTY !== true) {
    tell(
      given === undefined
        ? `Nothing was changed. ${costs} Add --name ${shellWord(cluster)}, the name of the cluster, to go on without a terminal.`
        : `Nothing was changed: the cluster is called ${cluster}.`,
    );
    return false;
  }
  return (await question(`${costs} Type ${cluster} to go on: `, signal)).trim() === cluster;
}

/** A yes of the person at the terminal; without one nothing is done. */
export async function saysYes(asked: string, signal: AbortSignal): Promise<boolean> {
  if (process.stdin.isTTY !== true) {
    tell('Nothing was changed: there is no terminal to confirm on. Use --yes to apply without a question.');
    return false;
  }
  return /^y(es)?$/i.test((await question(asked, signal)).trim());
}
