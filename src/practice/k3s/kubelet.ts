import { updateNode, type K3sCluster } from './cluster';
import { isoTime, workingServer } from './controller';
import type { EtcdMember } from './etcd';
import { nodeObject, READY, readyStatus, withConditions } from './nodeObject';
import { dataDirOf, hostSecret, until, type K3sRun } from './run';
import { TIMINGS } from './timings';

const REJECTED =
  "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag";

/** Asks the cluster for this node's certificates until it agrees: a name belongs to the host that had it first. */
export async function claimNodeName(run: K3sRun, cluster: K3sCluster, nodeName: string): Promise<void> {
  const password = hostSecret(run.host, '/etc/rancher/node/password', 16);
  for (;;) {
    await until(run, () => workingServer(run.world, cluster, run.host) !== undefined);
    const known = cluster.nodePasswords.get(nodeName);
    if (known === undefined) cluster.nodePasswords.set(nodeName, password);
    if (known === undefined || known === password) return;
    run.log(
      'info',
      `Waiting to retrieve agent configuration; server is not ready: ${dataDirOf(run.config)}/agent/serving-kubelet.crt: ${REJECTED}`,
    );
    await run.world.clock.sleep(TIMINGS.passwordRetry, run.signal);
  }
}

/** Runs containerd and kubelet: registers the node, and makes it Ready when the pod network is up. Until then NotReady. */
export async function runKubelet(
  run: K3sRun,
  cluster: K3sCluster,
  nodeName: string,
  member: EtcdMember | undefined,
): Promise<void> {
  const { world, host, config, version } = run;
  const kubelet = { host, networkReady: false };
  const gone = (): void => {
    if (cluster.kubelets.get(nodeName) === kubelet) cluster.kubelets.delete(nodeName);
  };
  cluster.kubelets.set(nodeName, kubelet);
  run.signal.addEventListener('abort', gone);
  const working = (): boolean => workingServer(world, cluster, host) !== undefined;
  await until(run, working);
  const before = cluster.nodes.get(nodeName);
  const node = nodeObject(
    {
      name: nodeName,
      host,
      config,
      version,
      ...(member === undefined ? {} : { etcd: { name: member.name, voter: !member.learner } }),
      index: cluster.nodes.list().length,
      time: isoTime(world.clock.now()),
    },
    before,
  );
  cluster.silence.set(nodeName, 0);
  cluster.nodes.put(node);
  if (before === undefined || readyStatus(before) === 'NotReady')
    await world.clock.sleep(TIMINGS.podNetwork, run.signal);
  await until(run, working);
  kubelet.networkReady = config.text('flannel-backend') !== 'none';
  if (kubelet.networkReady)
    updateNode(cluster, nodeName, (now) => withConditions(now, isoTime(world.clock.now()), READY));
}
