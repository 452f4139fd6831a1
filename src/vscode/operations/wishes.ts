import { later, said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { ResetIntent } from '../../engine/operations/resetCluster';
import type { KeepIntent } from '../../engine/planning/keptSnapshot';
import type { RestoreIntent } from '../../engine/planning/restoreIntent';
import type { StoredCluster } from '../clusters/clusterStore';
import { localFile } from '../services/localFile';
import { askText, choose, chooseSome, sayWarning } from '../services/say';

/** What may be wanted beside an operation that cannot be undone. */
interface Wish {
  readonly label: string;
  readonly detail: string;
  readonly picked?: boolean;
  /** What it adds to what is wanted; undefined when the person gives up. */
  grant(title: string): Promise<object | undefined>;
}

const COPY = {
  label: later`Copy a Snapshot to This Computer First`,
  grant: keepHere,
} satisfies Partial<Wish>;

/** Asks what else is wanted of *Reset Cluster…*; undefined when the person gives up. */
export function resetWishes(_: unknown, state: StoredCluster): Promise<ResetIntent | undefined> {
  const forget: Wish = {
    label: say`Take Its Access Out of My Kubeconfig`,
    detail: say`Afterwards; found by the certificate authority, so nothing of another cluster goes`,
    grant: async () => ({ forget: true }),
  };
  const copy: Wish = { ...COPY, label: said(COPY.label), detail: say`Nothing is stopped before all of it is here` };
  return granted(say`Reset Cluster`, say`Beside that`, [...(hasEtcd(state) ? [copy] : []), forget]);
}

/** Asks whether the snapshot is to be here, too; undefined when the person gives up. */
export async function rotationWishes(_: unknown, state: StoredCluster): Promise<KeepIntent | undefined> {
  if (!hasEtcd(state)) return {};
  const copy: Wish = {
    ...COPY,
    label: said(COPY.label),
    detail: say`It opens only with the keys of before, which are in it, and the token of the cluster. Without it, it lies on a server alone`,
    picked: true,
  };
  return granted(say`Rotate Encryption Keys`, say`A snapshot is saved on a server first`, [copy]);
}

/** Asks where the snapshot from before an upgrade is to be; undefined when the person gives up. */
export async function upgradeWishes(title: string, state: StoredCluster): Promise<KeepIntent | undefined> {
  if (!hasEtcd(state)) return {};
  const here = { label: say`On This Computer as Well…`, detail: say`No server is touched before all of it is here` };
  const there = { label: say`On a Server Only`, detail: say`As k3s.upgrade.snapshotFirst says` };
  const placeHolder = say`Where is the snapshot from before, which alone leads back to an older minor version?`;
  const picked = await choose([there, here], { title, placeHolder });
  if (picked === undefined) return undefined;
  return picked === here ? keepHere(title) : {};
}

async function granted(title: string, placeHolder: string, wishes: readonly Wish[]): Promise<object | undefined> {
  const picked = await chooseSome(wishes, { title, placeHolder });
  let intent: object | undefined = picked === undefined ? undefined : {};
  for (const wish of picked ?? []) {
    const more = intent === undefined ? undefined : await wish.grant(title);
    intent = more === undefined ? undefined : { ...intent, ...more };
  }
  return intent;
}

async function keepHere(title: string): Promise<KeepIntent | undefined> {
  const keep = await chooseFolder(title, say`Copy Here`);
  return keep === undefined ? undefined : { keep };
}

/** Asks for a snapshot of this computer, and who of its servers is gone; undefined when the person gives up. */
export async function copyWish(title: string): Promise<Pick<RestoreIntent, 'copyPath' | 'gone'> | undefined> {
  const [chosen] = (await vscode.window.showOpenDialog({ openLabel: say`Restore`, title })) ?? [];
  const copy = chosen === undefined ? undefined : localFile(chosen, title);
  if (copy?.ok === false) void sayWarning(copy.error.message);
  if (copy?.ok !== true) return undefined;
  const gone = await askText({
    title,
    prompt: say`Servers of then that are not in this file and never come back, by name or address, with blanks between them. Leave it empty when all of them are in the file: what is lacking is told before anything is done.`,
  });
  return gone === undefined ? undefined : { copyPath: copy.value.path, gone: gone.split(/[\s,]+/).filter(Boolean) };
}

/** A folder of this computer for what comes from servers, as a path. */
export async function chooseFolder(title: string, openLabel: string): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel, title })) ?? [];
  const place = folder === undefined ? undefined : localFile(folder, title);
  if (place?.ok === false) void sayWarning(place.error.message);
  return place?.ok === true ? place.value.path : undefined;
}

function hasEtcd({ cluster }: StoredCluster): boolean {
  return cluster.datastore.type === 'embedded-etcd';
}
