import { later, said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { Problem } from '../../core/base/problem';
import { isPlayable } from '../../core/cluster/playable';
import type { StoredCluster } from '../clusters/clusterStore';
import { COMMANDS } from '../ids';
import { askAboutProblem } from '../services/report';
import type { LogChannel } from '../services/log';

const START_FLEET = later`Start Practice Fleet`;

/** A button that mends what a problem is about, so that one can try once more at once. */
export interface WayOut {
  readonly label: string;
  act(): Promise<void>;
  /** It leads somewhere else: what failed is not tried again. */
  readonly away?: true;
}

/**
 * Shows a problem of an operation with buttons that act; `true` when the person wants to try once more. Where only the
 * practice fleet can be missing, it is offered instead of advice for a real host.
 */
export async function askForWayOut(
  log: LogChannel,
  found: Problem,
  { cluster, uri }: StoredCluster,
  again: string,
  ways: readonly WayOut[] = [],
): Promise<boolean> {
  const noFleet = found.code === 'ssh-port-refused' && isPlayable(cluster);
  const told = noFleet ? { ...found, nextSteps: [say`These hosts are simulated: start the practice fleet.`] } : found;
  const labels = ways.map(({ label }) => label);
  const answer = await askAboutProblem(log, told, [...labels, ...(noFleet ? [said(START_FLEET)] : []), again]);
  const way = ways.find(({ label }) => label === answer);
  await way?.act();
  if (answer === said(START_FLEET)) await vscode.commands.executeCommand(COMMANDS.startPractice, uri);
  return answer === again || (way !== undefined && way.away !== true);
}
