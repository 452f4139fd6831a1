import { createFiles } from '../adapters/files/files';
import { saveKubeconfig } from '../adapters/kubernetes/kubeconfigFile';
import { systemClock } from '../adapters/system/clock';
import { sha256 } from '../adapters/system/sha256';
import { formatProblem } from '../core/base/problem';
import { authoritiesIn } from '../core/kubeconfig/authorities';
import { conflicts } from '../core/kubeconfig/conflicts';
import { fetchKubeconfig } from '../engine/access/fetchKubeconfig';
import { rememberMerge } from '../engine/access/undoMerge';
import type { Allowances } from './allowances';
import { applicableFile } from './applicableFile';
import { cliApi, cliLog, kubeconfigTarget, undoPath } from './context';
import { tell, tellLines } from './output';
import { openSession } from './session';

/** Replaces the access to this cluster in kubectl's file when it is there already; anything else is left as it is, and said. */
export async function renewKubeconfig(
  path: string,
  { allowed, verbose }: { readonly allowed: Allowances; readonly verbose: boolean },
  signal: AbortSignal,
): Promise<void> {
  const file = await applicableFile(path, signal);
  if (typeof file === 'number') return;
  const log = cliLog(verbose);
  const session = openSession(file, log, allowed, signal);
  try {
    const fetched = await fetchKubeconfig(file.cluster, session.hosts, cliApi(log), signal);
    if (!fetched.ok) return tellLines(formatProblem(fetched.error));
    const { prepared } = fetched.value;
    const target = await kubeconfigTarget(prepared);
    const files = createFiles({ followLinks: (one) => one === target });
    const existing = await files.read(target);
    const authority = prepared.cluster['certificate-authority-data'];
    const known = authoritiesIn(existing ?? '').some((cluster) => cluster.authority === authority);
    const clash = conflicts(existing, prepared);
    if (!known || !clash.ok || clash.value.length > 0)
      return tell(`${target} was left as it is. Copies of the kubeconfig: "k3s-ha kubeconfig" fetches a new one.`);
    const saved = await saveKubeconfig(files, target, prepared, 'overwrite', systemClock.now(), {
      selectIfNone: true,
      remember: (change) => rememberMerge(undoPath(path), change, { files, sha256 }),
    });
    if (!saved.ok) return tellLines(formatProblem(saved.error));
    tell(`${saved.value.path}: context "${saved.value.contextName}" ${saved.value.change} with the new certificate.`);
  } finally {
    await session.dispose();
  }
}
