import { say } from '../../core/base/say';
import { undoMerge, undoneWords } from '../../engine/access/undoMerge';
import type { LiveWatcher } from '../clusters/liveWatcher';
import { chooseLocalFile } from '../commands/command';
import { refreshKubernetesView } from '../outside/kubernetesView';
import { reportProblem } from '../services/report';
import { sayInformation } from '../services/say';
import type { Services } from '../services/services';

/** K3s HA: Undo Last Merge — the kubeconfig as it was before, as long as nobody has changed it since. */
export async function undoLastMerge(live: LiveWatcher, services: Services, argument: unknown): Promise<void> {
  const file = await chooseLocalFile(services.log, argument, {
    title: say`Undo Last Merge`,
    purpose: say`Changing a kubeconfig`,
  });
  if (file === undefined) return;
  const undone = await undoMerge(services.undoPath(file), services);
  if (!undone.ok) return reportProblem(services.log, undone.error);
  const done = undoneWords(undone.value);
  services.log.info(done);
  await refreshKubernetesView(services);
  void sayInformation(done);
  await live.refresh(file.uri, { overSsh: false });
}
