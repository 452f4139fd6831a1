import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import { plannable } from '../clusters/plannable';
import { chooseLocalFile } from '../commands/command';
import { admitted } from '../operations/prepare';
import type { LocalFile } from '../services/localFile';
import type { Services, Session } from '../services/services';

export interface NodeDependencies {
  readonly store: ClusterStore;
  readonly services: Services;
}

/** A cluster, and connections to its machines that the person has agreed to; whoever gets it disposes of them. */
export interface MachineSession {
  readonly file: LocalFile;
  readonly state: StoredCluster;
  readonly session: Session;
}

/** What a command is called, and what it does, as the beginning of a sentence. */
export interface Deed {
  readonly title: string;
  readonly purpose: string;
}

/**
 * The cluster that a command is about. Errors that rules find are no reason not to look at it: who looks may be about to mend them.
 * Undefined when the person gives up, or was told what is in the way.
 */
export async function chooseCluster(
  { store, services }: NodeDependencies,
  argument: unknown,
  deed: Deed,
): Promise<Omit<MachineSession, 'session'> | undefined> {
  const file = await chooseLocalFile(services.log, argument, deed);
  const state = file === undefined ? undefined : await plannable(store, file.uri, 'take away');
  return file === undefined || state === undefined ? undefined : { file, state };
}

/** Opens connections for it, when the person agrees to what goes to the machines. */
export async function openMachines(
  { services }: NodeDependencies,
  chosen: Omit<MachineSession, 'session'>,
): Promise<MachineSession | undefined> {
  const session = services.openSession(chosen.file, chosen.state);
  if (await admitted(session, services)) return { ...chosen, session };
  await session.hosts.dispose();
  return undefined;
}

/** {@link openMachines} for work that ends. */
export async function withMachines(
  deps: NodeDependencies,
  chosen: Omit<MachineSession, 'session'>,
  work: (machines: MachineSession) => Promise<void>,
): Promise<void> {
  const machines = await openMachines(deps, chosen);
  if (machines === undefined) return;
  try {
    await work(machines);
  } finally {
    await machines.session.hosts.dispose();
  }
}
