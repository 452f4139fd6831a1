import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { ClusterStore } from '../clusters/clusterStore';
import { COMMANDS } from '../ids';
import type { PracticeFleet } from '../services/practiceFleet';
import type { Services } from '../services/services';
import { sayInformation, withProgress } from '../services/say';
import { chooseLocalFile } from './command';

/** K3s HA: Start Practice Fleet — simulated hosts for a cluster file whose addresses are on this machine. */
export async function startPractice(
  store: ClusterStore,
  fleet: PracticeFleet,
  services: Services,
  argument: unknown,
): Promise<void> {
  const file = await chooseLocalFile(services.log, argument, {
    title: say`Start Practice Fleet`,
    purpose: say`The practice fleet`,
  });
  const state = file === undefined ? undefined : await store.get(file.uri);
  if (file === undefined || state === undefined) return;
  const started = await withProgress(say`K3s HA: starting the practice fleet`, { cancellable: false }, () =>
    fleet.start(file, state.cluster),
  );
  if (started === undefined) return;
  const provision = say`Provision Cluster`;
  const hosts = state.cluster.servers.length + state.cluster.agents.length;
  const answer = await sayInformation(
    started === 'started'
      ? say`${hosts} simulated hosts are running. Nothing real is touched.`
      : say`The addresses of the practice fleet are in use: one runs already that was started elsewhere. Its hosts are used as they are.`,
    { choices: [provision] },
  );
  if (answer === provision) await vscode.commands.executeCommand(COMMANDS.provision, state.uri);
}

/** K3s HA: Stop Practice Fleet. */
export async function stopPractice(fleet: PracticeFleet): Promise<void> {
  if (!fleet.running) {
    void sayInformation(
      say`No practice fleet was started from this window. One that was started elsewhere is stopped there.`,
    );
    return;
  }
  await fleet.stop();
  void sayInformation(say`The practice fleet has stopped; its simulated hosts are gone.`);
}
