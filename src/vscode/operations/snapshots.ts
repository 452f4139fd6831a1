import { say } from '../../core/base/say';
import { join } from 'node:path';
import { count, listed, megabytes } from '../../core/base/words';
import { copySnapshot } from '../../engine/snapshots/copySnapshot';
import { listSnapshots } from '../../engine/snapshots/listSnapshots';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import { plannable } from '../clusters/plannable';
import { chooseLocalFile } from '../commands/command';
import type { LocalFile } from '../services/localFile';
import { reportProblem } from '../services/report';
import { sayInformation, sayWarning, withProgress } from '../services/say';
import type { Services, Session } from '../services/services';
import { readSettings } from '../services/settings';
import { chosenSnapshot } from './intents';
import { admitted } from './prepare';
import { chooseFolder } from './wishes';

/** K3s HA: Show Snapshots: reads those on the servers and those that K3s knows, for the explorer. Changes nothing. */
export async function listSnapshotsOf(store: ClusterStore, services: Services, argument: unknown): Promise<void> {
  const deed = { title: say`Show Snapshots`, purpose: say`Reading the snapshots` };
  await withSession(store, services, argument, deed, async (_, state, session) => {
    const list = await withProgress(
      say`K3s HA: reading the snapshots of ${state.cluster.name}`,
      { cancellable: true },
      (__, signal) => listSnapshots(state.cluster, { ...session, parallel: readSettings().parallelHosts }, signal),
    );
    if (!list.ok) return reportProblem(services.log, list.error);
    const { snapshots, unseen, silent } = list.value;
    store.setSnapshots(state.uri, { list: snapshots, readAt: services.clock.now() });
    const missing = [...unseen.keys()];
    if (missing.length > 0)
      void sayWarning(say`${listed(missing)} could not be reached: snapshots that are only there are missing.`);
    else if (silent !== undefined)
      void sayWarning(say`K3s does not tell what it knows: snapshots in S3 are missing. ${silent.why ?? ''}`);
    else if (snapshots.length === 0) void sayInformation(say`${state.cluster.name} has ${count(0, 'snapshot')}.`);
  });
}

/** K3s HA: Download Snapshot: copies one to a folder of this computer. */
export async function copySnapshotHere(store: ClusterStore, services: Services, argument: unknown): Promise<void> {
  const deed = { title: say`Download Snapshot`, purpose: say`Downloading a snapshot` };
  await withSession(store, services, argument, deed, async (_, state, session) => {
    const name = await chosenSnapshot(argument, state, deed.title);
    if (name === undefined) return;
    const folder = await chooseFolder(deed.title, say`Download Here`);
    if (folder === undefined) return;
    const copied = await withProgress(say`K3s HA: downloading ${name}`, { cancellable: true }, (tell, signal) => {
      let shown = 0;
      return copySnapshot(
        state.cluster,
        {
          snapshot: { name },
          place: (file) => join(folder, file),
          signal,
          onReceived: (bytes, size) => {
            const percent = Math.floor((100 * bytes) / size);
            if (percent === shown) return;
            tell(say`${megabytes(bytes)} of ${megabytes(size)}`, percent - shown);
            shown = percent;
          },
        },
        { ...session, parallel: readSettings().parallelHosts },
      );
    });
    if (!copied.ok) return reportProblem(services.log, copied.error);
    const { path, sheet } = copied.value;
    void sayInformation(
      say`${path} is there: ${megabytes(sheet.size)}, proved. It is encrypted with the token of the cluster${sheet.token === undefined ? '' : ` (${sheet.token})`}: keep that, too.`,
    );
  });
}

async function withSession(
  store: ClusterStore,
  services: Services,
  argument: unknown,
  deed: { readonly title: string; readonly purpose: string },
  work: (file: LocalFile, state: StoredCluster, session: Session) => Promise<void>,
): Promise<void> {
  const file = await chooseLocalFile(services.log, argument, deed);
  const state = file === undefined ? undefined : await plannable(store, file.uri);
  if (file === undefined || state === undefined) return;
  const session = services.openSession(file, state);
  try {
    if (await admitted(session, services)) await work(file, state, session);
  } finally {
    await session.hosts.dispose();
  }
}
