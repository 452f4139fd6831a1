import { createFiles } from '../adapters/files/files';
import { systemClock } from '../adapters/system/clock';
import { sha256 } from '../adapters/system/sha256';
import type { Wanted } from '../engine/operations/operation';
import { preparePlan, type PreparedPlan } from '../engine/run/prepare';
import { unfinishedNotes } from '../engine/run/runLog';
import { journalPath, type ClusterFile } from './context';
import { paint, tell } from './output';
import type { Session } from './session';

/** Examines the hosts of a file and computes the plan of what is wanted, telling progress on standard error. */
export async function prepareFile(
  file: ClusterFile,
  session: Session,
  parallel: number,
  signal: AbortSignal,
  wanted: Wanted,
): Promise<PreparedPlan> {
  const count = file.cluster.servers.length + file.cluster.agents.length;
  tell(paint('dim', `Examining ${count} ${count === 1 ? 'host' : 'hosts'} …`));
  const prepared = await preparePlan(
    file.cluster,
    { ...session, clock: systemClock, sha256, parallel },
    { signal, onDownload: (message) => tell(paint('dim', `  ${message}`)) },
    wanted,
  );
  const notes = await unfinishedNotes(createFiles({ followLinks: () => false }), journalPath(file.path));
  return { ...prepared, plan: { ...prepared.plan, notes: [...notes, ...prepared.plan.notes] } };
}
