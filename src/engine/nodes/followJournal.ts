import type { Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { ClusterNode } from '../../core/cluster/cluster';
import { unitOf } from '../../core/cluster/roles';
import { readJournal, type JournalOptions } from '../../core/remote/journal';
import { target } from '../hosts/targets';
import type { RemoteHosts } from '../ports';
import type { RunMask } from '../run/mask';
import { lineSink } from './lineSink';

export interface FollowOptions extends JournalOptions {
  /** Lines as they come, without secrets. */
  readonly onLines: (lines: readonly string[]) => void;
  readonly signal: AbortSignal;
}

/** Reads what K3s writes on a machine. Whoever follows it ends that by the signal, which is no failure. */
export async function followJournal(
  node: ClusterNode,
  { onLines, signal, ...options }: FollowOptions,
  { hosts, mask }: { readonly hosts: RemoteHosts; readonly mask: RunMask },
): Promise<Result<void, Problem>> {
  const lines = lineSink((some) => onLines(mask.lines(some)));
  const read = await hosts.run(target(node), readJournal(unitOf(node), options), {
    signal,
    sink: (piece) => lines.take(piece),
  });
  lines.end();
  return read.kind === 'done' || signal.aborted ? ok(undefined) : err(mask.problem(read.problem));
}
