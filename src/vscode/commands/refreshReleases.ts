import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import type { LogChannel } from '../services/log';
import type { ReleaseList } from '../services/releaseList';
import { reportProblem } from '../services/report';
import { readSettings } from '../services/settings';

/** K3s HA: Refresh K3s Releases — asks the channel server which releases there are, for completion. */
export async function refreshReleases(releases: ReleaseList, log: LogChannel): Promise<void> {
  const { channelUrl } = readSettings();
  const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'K3s HA: asking for releases' }, () => releases.refresh(channelUrl));
  if (!found.ok) {
    await reportProblem(log, problem('releases-unknown', 'The list of K3s releases could not be refreshed', { why: found.error, nextSteps: ['Check the network, or set k3s-ha.releases.channelUrl to a mirror. Completion goes on with the releases that it knows.'] }));
    return;
  }
  void vscode.window.showInformationMessage(`The stable release of K3s is ${found.value[0] ?? ''}; completion offers ${found.value.length} releases.`);
}
