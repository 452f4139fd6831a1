import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { Cluster } from '../../core/cluster/cluster';
import { nodesOf } from '../../core/cluster/roles';
import type { HostFacts } from '../../core/facts/probe';
import { CHANNELS_URL } from '../../core/k3s/releases';
import { releaseOfChannel } from '../../core/remote/channel';
import { target } from '../hosts/targets';
import type { RemoteHosts } from '../ports';

interface ResolvedChannel {
  /** The cluster with the release of its channel as its version. */
  readonly cluster: Cluster;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/**
 * Turns a release channel into the one version that all hosts get, so that it is shown, checked and pinned like a version
 * of the file. One of the hosts is asked, since it is their network that has to reach the release. Where the channel
 * cannot be asked, hosts that all have the same release keep it.
 */
export async function resolveChannel(
  cluster: Cluster,
  facts: ReadonlyMap<string, HostFacts>,
  hosts: RemoteHosts,
  signal: AbortSignal | undefined,
): Promise<ResolvedChannel> {
  const { version, channel = 'stable', install } = cluster.k3s;
  const asked = nodesOf(cluster).find(({ id }) => facts.has(id));
  if (version !== undefined || install.method !== 'script' || asked === undefined)
    return { cluster, problems: [], notes: [] };
  const base = (install.env['INSTALL_K3S_CHANNEL_URL'] ?? CHANNELS_URL).replace(/\/$/, '');
  const found = await hosts.run(
    target(asked),
    releaseOfChannel(`${base}/${encodeURIComponent(channel)}`),
    signal === undefined ? {} : { signal },
  );
  if (found.kind === 'done') {
    return {
      cluster: { ...cluster, k3s: { ...cluster.k3s, version: found.value } },
      problems: [],
      notes: [say`The release channel ${channel} is ${found.value} now; all hosts get exactly this one.`],
    };
  }
  const installed = new Set([...facts.values()].map(({ k3sVersion }) => k3sVersion));
  const [only] = installed;
  if (installed.size === 1 && only !== undefined) {
    const notes = [
      say`The release channel ${channel} could not be asked (${found.problem.message}); the hosts keep ${only}.`,
    ];
    return { cluster: { ...cluster, k3s: { ...cluster.k3s, version: only } }, problems: [], notes };
  }
  return {
    cluster,
    problems: [
      problem('channel-unknown', say`Nobody knows which release the channel ${channel} is now`, {
        host: asked.id,
        why: found.problem.why ?? found.problem.message,
        nextSteps: [
          say`Name a release under k3s.version, or give the hosts a way to the channel (k3s.install.env: INSTALL_K3S_CHANNEL_URL, proxies).`,
        ],
      }),
    ],
    notes: [],
  };
}
