import * as vscode from 'vscode';
import type { ClusterStore } from '../clusters/clusterStore';
import { COMMANDS } from '../ids';
import type { PracticeFleet } from '../services/practiceFleet';
import { chooseClusterFile } from '../services/clusterFile';
import { requireTrust } from './command';
import { sayInformation, withProgress } from '../services/say';

/** K3s HA: Start Practice Fleet — simulated hosts for a cluster file whose addresses are on this machine. */
export async function startPractice(store: ClusterStore, fleet: PracticeFleet, argument: unknown): Promise<void> {
  if (!(await requireTrust('The practice fleet'))) return;
  const uri = await chooseClusterFile(argument, 'Start Practice Fleet');
  const state = uri === undefined ? undefined : await store.get(uri);
  if (state === undefined) return;
  const started = await withProgress('K3s HA: starting the practice fleet', { cancellable: false }, () => fleet.start(state.uri, state.cluster));
  if (!started) return;
  const provision = 'Provision Cluster';
  const hosts = state.cluster.servers.length + state.cluster.agents.length;
  const answer = await sayInformation(`${hosts} simulated hosts are running. Nothing real is touched.`, { choices: [provision] });
  if (answer === provision) await vscode.commands.executeCommand(COMMANDS.provision, state.uri);
}

/** K3s HA: Stop Practice Fleet. */
export async function stopPractice(fleet: PracticeFleet): Promise<void> {
  if (!fleet.running) {
    void sayInformation('No practice fleet was started from this window.');
    return;
  }
  await fleet.stop();
  void sayInformation('The practice fleet has stopped; its simulated hosts are gone.');
}
