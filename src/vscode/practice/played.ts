import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import type { LiveWatcher } from '../clusters/liveWatcher';
import { COMMANDS } from '../ids';
import { uriOf } from '../services/clusterFile';
import type { Played, PracticeFleet } from '../services/practiceFleet';
import { sayInformation, sayWarning } from '../services/say';
import type { Services } from '../services/services';

/** What happens on simulated hosts, and what shows it. */
export interface PracticeDependencies {
  readonly store: ClusterStore;
  readonly live: LiveWatcher;
  readonly services: Services;
  readonly fleet: PracticeFleet;
}

/** The cluster that the fleet of this window plays. Undefined when none runs, or when the command was called on another one; then the person was told. */
export async function playedCluster(
  argument: unknown,
  { fleet, store }: PracticeDependencies,
): Promise<{ readonly played: Played; readonly state: StoredCluster } | undefined> {
  const { played } = fleet;
  if (played === undefined) {
    const start = say`Start Practice Fleet`;
    const answer = await sayInformation(
      say`This is done to simulated hosts only, and no practice fleet runs that was started from this window.`,
      { choices: [start] },
    );
    if (answer === start) await vscode.commands.executeCommand(COMMANDS.startPractice);
    return undefined;
  }
  const asked = uriOf(argument);
  const state = await store.get(played.uri);
  if (state !== undefined && (asked === undefined || asked.toString() === played.uri.toString()))
    return { played, state };
  void sayWarning(
    say`This is done to simulated hosts only: the practice fleet plays ${vscode.workspace.asRelativePath(played.uri)}.`,
  );
  return undefined;
}
