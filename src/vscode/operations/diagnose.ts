import { say } from '../../core/base/say';
import { formatProblem } from '../../core/base/problem';
import { problemSentence } from '../../core/base/problemSentence';
import { count } from '../../core/base/words';
import type { Cluster } from '../../core/cluster/cluster';
import { addressWords } from '../../core/loadBalancer/addressFinding';
import { checkAddress, type AddressCheck } from '../../engine/access/checkAddress';
import type { ClusterStore } from '../clusters/clusterStore';
import { plannable } from '../clusters/plannable';
import { chooseLocalFile } from '../commands/command';
import { sayInformation, sayWarning, withProgress } from '../services/say';
import type { Services, Session } from '../services/services';
import { readSettings } from '../services/settings';
import { admitted } from './prepare';

/** K3s HA: Diagnose — what is wrong with the fixed address, seen from here and from every host. Changes nothing. */
export async function diagnose(store: ClusterStore, services: Services, argument: unknown): Promise<void> {
  const file = await chooseLocalFile(services.log, argument, {
    title: say`Diagnose`,
    purpose: say`Looking at the hosts`,
  });
  const state = file === undefined ? undefined : await plannable(store, file.uri);
  if (file === undefined || state === undefined) return;
  const { cluster } = state;
  if (cluster.loadBalancer === undefined) {
    void sayInformation(say`${cluster.name} has no loadBalancer: there is no fixed address to look at.`);
    return;
  }
  const session = services.openSession(file, state);
  try {
    if (!(await admitted(session, services))) return;
    const check = await withProgress(
      say`K3s HA: looking at ${addressWords(cluster)} from here and from the hosts`,
      { cancellable: true },
      async (_tell, signal) => {
        const found = await look(cluster, session, signal);
        return signal.aborted ? undefined : found;
      },
    );
    if (check === undefined) return;
    for (const { message } of check.blind.values())
      services.log.warn(`Could not look at the fixed address: ${message}`);
    if (await tell(check, services)) return;
    void sayInformation(
      say`${addressWords(cluster)} is as it should be, seen from ${count(check.view.sights.size, 'place')}.`,
    );
  } finally {
    await session.hosts.dispose();
  }
}

/** After a run, before its kubeconfig is saved: what is wrong with the address that it will have. */
export async function tellAddressFaults(cluster: Cluster, session: Session, services: Services): Promise<void> {
  if (cluster.loadBalancer === undefined) return;
  await tell(await look(cluster, session), services);
}

function look(cluster: Cluster, session: Session, signal?: AbortSignal): Promise<AddressCheck> {
  return checkAddress(cluster, { ...session, parallel: readSettings().parallelHosts }, signal);
}

/** Writes all into the log and says the worst; false when there is nothing but notes. */
async function tell({ findings }: AddressCheck, { log }: Services): Promise<boolean> {
  const faults = findings.filter(({ severity }) => severity !== 'note');
  for (const { severity, problem } of findings) {
    if (severity === 'note') log.info(formatProblem(problem));
    else log.warn(formatProblem(problem));
  }
  const [worst] = faults;
  if (worst === undefined) return false;
  const more = faults.length === 1 ? '' : say` And ${count(faults.length - 1, 'more fault')} of the fixed address.`;
  void sayWarning(`${problemSentence(worst.problem)}${more}`, { choices: [say`Show Log`] }).then((answer) => {
    if (answer === say`Show Log`) log.show();
  });
  return true;
}
