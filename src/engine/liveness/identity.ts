import type { Sign } from '../../core/health/liveness';
import type { DoorAnswer, Knocked } from '../ports';
import { machineAt, type WatchedMachine } from './watched';

type Answered = Extract<DoorAnswer, { readonly reached: 'answers' }>;

/**
 * Who answers at the address of a server: every API server says which address is its own. All servers show the same certificate,
 * so that tells nothing.
 */
export function serverIdentity(
  machine: WatchedMachine,
  address: string,
  { status, body }: Answered,
  machines: readonly WatchedMachine[],
  at: number,
): Sign | undefined {
  if (status !== 200) return undefined;
  const own = /"serverAddress": *"\[?([^"\]]+?)\]?:\d+"/.exec(body)?.[1];
  if (own === undefined) return undefined;
  const holder = machineAt(machines, own);
  return { kind: 'identity', machine: machine.id, at, address, ...other(machine, holder) };
}

/** Who answers at the address of an agent: the certificate of a kubelet is made out to its Node. */
export function kubeletIdentity(
  machine: WatchedMachine,
  address: string,
  { names }: Extract<Knocked, { readonly reached: 'answers' }>,
  nodeNames: ReadonlyMap<string, string>,
  at: number,
): Sign {
  const own = nodeNames.get(machine.id);
  const holder =
    own === undefined || names.includes(own) ? undefined : [...nodeNames].find(([, name]) => names.includes(name))?.[0];
  return { kind: 'identity', machine: machine.id, at, address, ...other(machine, holder) };
}

function other({ id }: WatchedMachine, holder: string | undefined): { readonly holder?: string } {
  return holder === undefined || holder === id ? {} : { holder };
}
