import type { EtcdLoad } from '../facts/etcdLoadFacts';
import type { MachineId } from '../plan/step';

/** How the etcd of a cluster did when somebody looked last. */
export interface EtcdSeen {
  /** By the server that told it. */
  readonly loads: ReadonlyMap<MachineId, EtcdLoad>;
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

/** An alarm that etcd has raised for the whole cluster. */
export interface EtcdAlarm {
  /** `NOSPACE`, `CORRUPT` */
  readonly names: readonly string[];
  /** The member that is fullest, which is where the alarm comes from. */
  readonly machine: MachineId;
  readonly load: EtcdLoad;
}

/** What machines told of etcd by this time; undefined when none has one. */
export function etcdSeen(
  facts: Iterable<readonly [MachineId, { readonly etcdLoad?: EtcdLoad }]>,
  readAt: number,
): EtcdSeen | undefined {
  const loads = new Map([...facts].flatMap(([id, { etcdLoad }]) => (etcdLoad === undefined ? [] : [[id, etcdLoad]])));
  return loads.size === 0 ? undefined : { loads, readAt };
}

/** The alarm of the last look, if there was one. */
export function etcdAlarm(seen: EtcdSeen | undefined): EtcdAlarm | undefined {
  const loads = [...(seen?.loads ?? [])];
  const names = [...new Set(loads.flatMap(([, { alarms }]) => alarms))].sort();
  const share = ({ size, quota }: EtcdLoad): number => size / quota;
  const [fullest] = loads.sort(([, a], [, b]) => share(b) - share(a));
  return fullest === undefined || names.length === 0 ? undefined : { names, machine: fullest[0], load: fullest[1] };
}
