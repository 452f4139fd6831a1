import { say } from '../../core/base/say';
import { problem } from '../../core/base/problem';
import type { LogChannel } from '../services/log';
import type { ReleaseList } from '../services/releaseList';
import { reportProblem } from '../services/report';
import { readSettings } from '../services/settings';
import { sayInformation, withProgress } from '../services/say';

/** K3s HA: Refresh K3s Releases — asks the channel server which releases there are, for completion. */
export async function refreshReleases(releases: ReleaseList, log: LogChannel): Promise<void> {
  const { channelUrl } = readSettings();
  const found = await withProgress(say`K3s HA: asking for releases`, { cancellable: false, small: true }, () =>
    releases.refresh(channelUrl),
  );
  if (!found.ok) {
    await reportProblem(
      log,
      problem('releases-unknown', say`The list of K3s releases could not be refreshed`, {
        why: found.error,
        nextSteps: [
          say`Check the network, or set k3s-ha.releases.channelUrl to a mirror. Completion goes on with the releases that it knows.`,
        ],
      }),
    );
    return;
  }
  void sayInformation(
    say`The stable release of K3s is ${found.value[0] ?? ''}; completion offers ${found.value.length} releases.`,
  );
}
