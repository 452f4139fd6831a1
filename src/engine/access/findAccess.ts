import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { contextText } from '../../core/kubeconfig/extract';
import { leftOutNotice } from '../../core/kubeconfig/leftOut';
import { MAX_FOREIGN_LENGTH } from '../../core/kubeconfig/takenAccess';
import type { Cluster } from '../../core/cluster/cluster';
import { accessFrom, readKubeconfig } from './fetchKubeconfig';
import type { ApiEndpoint, Files, KubeconfigPlace, RemoteHosts } from '../ports';

export interface AccessSources {
  readonly files: Pick<Files, 'read'>;
  /** Kubeconfig files of this machine, first one first. */
  readonly places: readonly KubeconfigPlace[];
  /** Where to fetch a kubeconfig when no file has the cluster's context; absent: nowhere. */
  readonly hosts?: RemoteHosts;
  /** Takes warnings in words: what of a kubeconfig was not used. */
  readonly warn: (message: string) => void;
}

/**
 * The access to a cluster: its context in the first kubeconfig of this machine that has it, else the kubeconfig of a
 * server. Only a kubeconfig of the person's own may run programs and name paths; of all others, hosts included, only CA,
 * client certificate and client key are used, with the address of the cluster file.
 * Problems: `kubeconfig-not-found` when no file has the context and there are no hosts; else those of the hosts.
 */
export async function findAccess(
  cluster: Cluster,
  sources: AccessSources,
  signal?: AbortSignal,
): Promise<Result<ApiEndpoint, Problem>> {
  for (const place of sources.places) {
    const text = await sources.files.read(place.path);
    const source = say`${place.path}, which lies in the folder of the cluster file,`;
    if (place.origin === 'foreign' && (text?.length ?? 0) > MAX_FOREIGN_LENGTH) {
      sources.warn(say`${source} is not used: it is larger than 1 MiB.`);
      continue;
    }
    const context = text === undefined ? undefined : contextText(text, cluster.name, (path) => place.absolute(path));
    if (context === undefined) continue;
    if (place.origin === 'own') return ok({ kubeconfig: context, trust: 'own' });
    const access = accessFrom(cluster, context);
    if (access.ok) return ok(told(access.value, source, sources.warn));
    sources.warn(
      say`${source} is not used: ${access.error.message} Programs, tokens and paths in such a file are never used.`,
    );
  }
  if (sources.hosts === undefined) {
    return err(problem('kubeconfig-not-found', say`No kubeconfig on this machine has a context "${cluster.name}".`));
  }
  const fetched = await readKubeconfig(cluster, sources.hosts, signal);
  return fetched.ok ? ok(told(fetched.value, say`The kubeconfig of the server`, sources.warn)) : fetched;
}

function told(
  access: { readonly text: string; readonly leftOut: readonly string[] },
  source: string,
  warn: (message: string) => void,
): ApiEndpoint {
  const notice = leftOutNotice(source, access.leftOut);
  if (notice !== undefined) warn(notice);
  return { kubeconfig: access.text, trust: 'data' };
}
