import { updateNode, type K3sCluster } from './cluster';
import { checkVoter, isoTime, workingServer } from './controller';
import { nodeObject, READY, readyStatus, registered, withConditions, withRoles } from './nodeObject';
import { importImages } from './images';
import { openKubeletPort } from './kubeletPort';
import { issueAgentCertificates } from './ownCertificates';
import { openPorts } from './ports';
import { dataDirOf, hostSecret, until, type K3sRun } from './run';
import { TIMINGS } from './timings';

const REJECTED =
  "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag";

/**
 * Asks the cluster for this node's certificates until it agrees: a name belongs to the host that had it first. A server checks
 * its own password by its own file. https://github.com/k3s-io/k3s/blob/main/pkg/server/handlers/cert.go
 */
export async function claimNodeName(
  run: K3sRun,
  cluster: K3sCluster,
  nodeName: string,
  role: 'server' | 'agent',
): Promise<void> {
  const password = hostSecret(run.host, '/etc/rancher/node/password', 16);
  for (;;) {
    await until(run, () => workingServer(run.world, cluster, run.host) !== undefined);
    const known = cluster.nodePasswords.get(nodeName);
    if (known === undefined) cluster.nodePasswords.set(nodeName, password);
    if (known === undefined || known === password || role === 'server')
      return issueAgentCertificates(run.host, dataDirOf(run.config), run.world.clock.now());
    run.log(
      'info',
      `Waiting to retrieve agent configuration; server is not ready: ${dataDirOf(run.config)}/agent/serving-kubelet.crt: ${REJECTED}`,
    );
    await run.world.clock.sleep(TIMINGS.passwordRetry, run.signal);
  }
}

/**
 * Runs containerd and kubelet: registers the node, and makes it Ready when the pod network is up. Until then NotReady. A node
 * that is deleted while its kubelet runs is registered again.
 */
export async function runKubelet(
  run: K3sRun,
  cluster: K3sCluster,
  nodeName: string,
  memberName: string | undefined,
): Promise<void> {
  const { world, host, config } = run;
  importImages(run);
  const kubelet = { host, lost: new Set<string>(), networkReady: false };
  const closePorts = openPorts(host, 'agent');
  cluster.kubelets.set(nodeName, kubelet);
  run.signal.addEventListener('abort', () => {
    closePorts();
    if (cluster.kubelets.get(nodeName) === kubelet) cluster.kubelets.delete(nodeName);
  });
  await openKubeletPort(run, cluster, nodeName);
  const working = (): boolean => workingServer(world, cluster, host) !== undefined;
  await until(run, working);
  await register(run, cluster, nodeName, memberName);
  await until(run, working);
  kubelet.networkReady = config.text('flannel-backend') !== 'none';
  if (kubelet.networkReady)
    updateNode(cluster, nodeName, (now) => withConditions(now, isoTime(world.clock.now()), READY));
  void registerAgain(run, cluster, nodeName, memberName).catch((error: unknown) => {
    if (!run.signal.aborted) throw error;
  });
}

async function register(
  run: K3sRun,
  cluster: K3sCluster,
  nodeName: string,
  memberName: string | undefined,
): Promise<void> {
  const { world, host, config, version } = run;
  const before = cluster.nodes.get(nodeName);
  const whole = nodeObject(
    {
      name: nodeName,
      host,
      config,
      version,
      ...(memberName === undefined ? {} : { memberName }),
      index: cluster.nodes.list().length,
      time: isoTime(world.clock.now()),
    },
    before,
  );
  cluster.silence.set(nodeName, 0);
  cluster.nodes.put(before === undefined ? registered(whole) : whole);
  if (before === undefined) {
    cluster.later(TIMINGS.nodeRoles, () => updateNode(cluster, nodeName, (now) => withRoles(now, whole)));
    cluster.later(TIMINGS.voterCheck, () => checkVoter(world, cluster, nodeName));
  }
  if (before === undefined || readyStatus(before) === 'NotReady')
    await world.clock.sleep(TIMINGS.podNetwork, run.signal);
}

async function registerAgain(
  run: K3sRun,
  cluster: K3sCluster,
  nodeName: string,
  memberName: string | undefined,
): Promise<never> {
  for (;;) {
    await run.world.clock.sleep(TIMINGS.heartbeat, run.signal);
    if (cluster.nodes.get(nodeName) === undefined && workingServer(run.world, cluster, run.host) !== undefined)
      await register(run, cluster, nodeName, memberName);
  }
}
