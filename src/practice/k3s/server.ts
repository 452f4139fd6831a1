import { createApi } from '../api/api';
import { listen } from '../listener';
import type { ServerRun } from './cluster';
import { datastoreHealthy } from './controller';
import { openDatastore } from './datastore';
import { leaveTombstone } from './embeddedEtcd';
import { claimNodeName, runKubelet } from './kubelet';
import { nodeNameOf, until, untilStopped, type K3sRun } from './run';
import { servingNames, writeClusterFiles, writeKubeconfig, writeServingNames } from './serverFiles';
import { TIMINGS } from './timings';
import { configProblem } from './validate';

/** Runs `k3s server` until the process is stopped (rejects) or fails; the text is that of the fatal message. */
export async function runServer(outer: K3sRun): Promise<string> {
  const controller = new AbortController();
  let failure: string | undefined;
  const fail = (message: string): void => {
    failure ??= message;
    controller.abort(new Error(message));
  };
  const stop = (): void => controller.abort(outer.signal.reason);
  outer.signal.addEventListener('abort', stop);
  const cleanups: (() => unknown)[] = [];
  try {
    return await serve({ ...outer, signal: controller.signal }, fail, (cleanup) => cleanups.push(cleanup));
  } catch (error) {
    if (failure === undefined) throw error;
    return failure;
  } finally {
    outer.signal.removeEventListener('abort', stop);
    if (!controller.signal.aborted) controller.abort(new Error('k3s has ended'));
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}

async function serve(
  run: K3sRun,
  fail: (message: string) => void,
  onEnd: (cleanup: () => unknown) => void,
): Promise<string> {
  const { world, host, config, log } = run;
  log('info', `Starting k3s ${run.version} (866d743e)`);
  await world.clock.sleep(TIMINGS.boot, run.signal);
  const wrong = configProblem(config);
  if (wrong !== undefined) return wrong;
  const opened = await openDatastore(run);
  if (!opened.ok) return opened.error;
  const { cluster, member, databaseAnswers } = opened.value;
  if (member !== undefined) {
    onEnd(() => {
      member.online = false;
      if (!cluster.members.has(member)) leaveTombstone(run);
    });
  }

  const nodeName = nodeNameOf(run);
  const port = Number(config.text('https-listen-port') ?? 6443);
  const advertise =
    config.text('advertise-address') ??
    config.list('node-external-ip')[0] ??
    config.list('node-ip')[0] ??
    host.addresses[0];
  writeClusterFiles(host, config, cluster);
  for (const name of servingNames(host, config, nodeName, advertise)) cluster.names.add(name);
  const server: ServerRun = {
    host,
    config,
    nodeName,
    cluster,
    advertise,
    port,
    ...(member === undefined ? {} : { member }),
    ...(databaseAnswers === undefined ? {} : { databaseAnswers }),
    apiUp: false,
    coreReady: false,
    refreshCertificate: async () => {},
    fail,
  };
  const api = await createApi(world, server, run.version);
  onEnd(() => api.close());
  const listening = await listen(host.addresses, port, api.serve);
  if (!listening.ok)
    return listening.error.code === 'address-in-use'
      ? `preparing server: failed to start supervisor listener: listen tcp :${port}: bind: address already in use`
      : `${listening.error.message}: ${listening.error.why ?? ''}`;
  const { listener } = listening.value;
  if (host.hung) listener.freeze(true);
  host.listeners.add(listener);
  host.ports.add(port);
  world.services.add(server);
  cluster.servers.add(server);
  onEnd(async () => {
    server.apiUp = false;
    server.coreReady = false;
    cluster.servers.delete(server);
    world.services.delete(server);
    host.ports.delete(port);
    host.listeners.delete(listener);
    await listener.close();
  });
  server.refreshCertificate = api.refreshCertificate;
  for (const other of cluster.servers) {
    await other.refreshCertificate();
    writeServingNames(other);
  }

  if (member?.learner === true)
    log('error', 'Failed to check local etcd status for learner management: context deadline exceeded');
  await until(run, () => member?.learner !== true && datastoreHealthy(world, server));
  log('info', 'Running kube-apiserver --advertise-port=6443');
  log('info', 'Running kube-scheduler --bind-address=127.0.0.1');
  log('info', 'Running kube-controller-manager --bind-address=127.0.0.1');
  await world.clock.sleep(TIMINGS.apiServer, run.signal);
  await until(run, () => datastoreHealthy(world, server));
  const folder = '/var/lib/rancher/k3s/server';
  log('info', `Server node token is available at ${folder}/token`);
  log('info', `To join server node to cluster: k3s server -s https://${advertise}:${port} -t \${SERVER_NODE_TOKEN}`);
  log('info', `Agent node token is available at ${folder}/agent-token`);
  log('info', `To join agent node to cluster: k3s agent -s https://${advertise}:${port} -t \${AGENT_NODE_TOKEN}`);
  log('info', `Wrote kubeconfig ${writeKubeconfig(host, config, cluster, port)}`);
  log('info', 'Run: k3s kubectl');
  if (!config.flag('disable-apiserver')) server.apiUp = true;
  server.coreReady = true;
  if (member !== undefined) log('info', 'ETCD server is now running');
  log('info', 'Kube API server is now running');
  const withNode = !config.flag('disable-agent');
  if (withNode) {
    log('info', 'Waiting for control-plane node agent startup');
    await claimNodeName(run, cluster, nodeName);
    await world.clock.sleep(TIMINGS.kubelet, run.signal);
    log('info', 'containerd is now running');
    log('info', `Running kubelet --hostname-override=${nodeName}`);
  }
  log('info', 'k3s is up and running');
  run.ready();
  if (withNode) await runKubelet(run, cluster, nodeName, member);
  return untilStopped(run);
}
