import { say } from '../../core/base/say';
import { setRelease } from '../../core/authoring/release';
import { nextRelease, upgradeOffers } from '../../core/k3s/upgradePath';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import { upgradeWishes } from '../operations/wishes';
import type { Operations } from '../operations/operations';
import type { LogChannel } from '../services/log';
import type { ReleaseList } from '../services/releaseList';
import { reportProblem } from '../services/report';
import { askText, choose, sayWarning, type Choice } from '../services/say';
import { writeEdits } from '../services/writeEdits';
import { chooseLocalFile } from './command';

const TITLE = 'Upgrade K3s';

/** K3s HA: Upgrade K3s — writes the release that is chosen into the file, as one step that can be undone, and shows the plan. */
export async function upgradeK3s(
  store: ClusterStore,
  operations: Operations,
  releases: Pick<ReleaseList, 'current'>,
  log: LogChannel,
  argument: unknown,
): Promise<void> {
  const file = await chooseLocalFile(log, argument, { title: TITLE, purpose: 'Upgrading' });
  const state = file === undefined ? undefined : await store.get(file.uri);
  if (file === undefined || state === undefined) return;
  const release = await chooseRelease(state, releases.current());
  if (release === undefined) return;
  const etcd = hasEtcd(state);
  const next = nextRelease(state.cluster.k3s.version, release, releases.current(), etcd);
  if (!next.ok) return reportProblem(log, next.error);
  const wishes = await upgradeWishes(TITLE, state);
  if (wishes === undefined || !(await writeRelease(state, release))) return;
  await operations.preview(file.uri, wishes);
}

interface Row extends Choice {
  readonly release?: string;
}

async function chooseRelease(state: StoredCluster, releases: readonly string[]): Promise<string | undefined> {
  const { version } = state.cluster.k3s;
  const offers = version === undefined ? [] : upgradeOffers(version, releases, hasEtcd(state));
  const known =
    version === undefined
      ? releases.map((release): Row => ({ label: release, release }))
      : offers.map(({ release, path, minor }): Row => ({
          label: release,
          release,
          description: path.length > 1 ? say`later` : minor ? say`next minor version` : say`newer patch`,
          ...(path.length > 1 ? { detail: say`needs ${path.slice(0, -1).join(', then ')} first` } : {}),
        }));
  const other: Row = { label: say`Another Release`, description: say`by its tag`, icon: 'edit' };
  const picked = await choose([...known, other], {
    title: TITLE,
    placeHolder: placeHolder(version, known.length),
  });
  if (picked === undefined || picked.release !== undefined) return picked?.release;
  const typed = await askText({
    title: TITLE,
    prompt: say`The release as K3s tags it`,
    placeHolder: releases[0] ?? '',
    validateInput: (text) => {
      const next = nextRelease(version, text.trim(), releases, hasEtcd(state));
      return next.ok ? undefined : [next.error.message, ...next.error.nextSteps].join('. ');
    },
  });
  return typed?.trim();
}

function placeHolder(version: string | undefined, known: number): string {
  if (version === undefined) return say`To which release?`;
  return known > 0
    ? say`From ${version} to which release?`
    : say`No release after ${version} is known here; "Refresh K3s Releases" asks for new ones`;
}

/** One edit, which one undo takes back; false when the file has changed meanwhile or cannot take it. */
async function writeRelease(state: StoredCluster, release: string): Promise<boolean> {
  const edits = setRelease(state.document, release);
  if (edits.length === 0 && state.cluster.k3s.version !== release) {
    void sayWarning(say`${release} could not be written into the file; write it under k3s.version yourself.`);
    return false;
  }
  return writeEdits(state, edits);
}

function hasEtcd({ cluster }: StoredCluster): boolean {
  return cluster.datastore.type === 'embedded-etcd';
}
