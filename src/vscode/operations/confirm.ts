import { said, say } from '../../core/base/say';
import type { Plan } from '../../core/plan/plan';
import { SERVER_DOWN } from '../../core/plan/step';
import { machineWords, summary, touchedMachines } from '../../core/plan/planText';
import { askText, sayWarning } from '../services/say';
import type { ReadyPlan } from './readyPlan';

/** Hosts named in the question; the plan names all of them. */
const HOSTS_SHOWN = 12;

/** Asks whether to carry out a plan; `show` when the person wants to read it first, which only `canShow` offers. */
export async function confirm(
  { offered, state, prepared }: ReadyPlan,
  { canShow }: { readonly canShow: boolean },
): Promise<'go' | 'show' | 'no'> {
  const { plan, operation, situation, intent } = prepared;
  if (operation.asks === 'nothing') return 'go';
  const verb = offered.verb(plan);
  const show = say`Show Plan`;
  const answer = await sayWarning(offered.question(plan), {
    detail: [summary(plan), hostsLine(plan), ...restartLine(plan, state.cluster.servers.length), ...plan.notes].join(
      '\n\n',
    ),
    choices: canShow ? [verb, show] : [verb],
  });
  if (answer === show) return 'show';
  if (answer !== verb) return 'no';
  if (operation.asks === 'plan') return 'go';
  const name = operation.typed === undefined ? plan.clusterName : operation.typed(situation, intent);
  const costs = operation.costs === undefined ? undefined : said(operation.costs);
  return name === undefined || (await typedName(operation.title, name, costs)) ? 'go' : 'no';
}

/** What a change of a running cluster costs, as strongly as it is. */
function restartLine({ steps }: Plan, servers: number): readonly string[] {
  if (!steps.some(({ holds }) => holds.some(({ what }) => what === SERVER_DOWN))) return [];
  return servers === 1
    ? [say`The API is away while the only server restarts.`]
    : [say`Servers restart one after another: never fewer than ${servers - 1} of ${servers} are up.`];
}

function hostsLine(plan: Plan): string {
  const hosts = touchedMachines(plan).map(machineWords);
  const rest = hosts.length - HOSTS_SHOWN;
  return say`Hosts: ${[...hosts.slice(0, HOSTS_SHOWN), ...(rest > 0 ? [say`and ${rest} more`] : [])].join(', ')}`;
}

/** What cannot be undone needs more than a click. */
async function typedName(title: string, name: string, costs = say`This cannot be undone.`): Promise<boolean> {
  const typed = await askText({
    title: said(title),
    prompt: say`Type ${name} to go on. ${costs}`,
    validateInput: (text) => (text === name ? undefined : say`Type ${name}.`),
  });
  return typed === name;
}
