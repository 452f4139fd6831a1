import { createApi } from '../api/api';
import { listen } from '../listener';
import { isSilent } from '../machine/host';
import type { ServerRun } from './cluster';
import { datastoreHealthy, workingServer } from './controller';
import { openDatastore } from './datastore';
import { writeEncryption } from './encryption';
import { claimNodeName, runKubelet } from './kubelet';
import { issueServerCertificates } from './ownCertificates';
import { openPorts } from './ports';
import { dataDirOf, nodeNameOf, until, untilStopped, type K3sRun } from './run';
import { startDatastore, watchLeases } from './serverEtcd';
import {
  hasApi,
  servingNames,
  writeBalancerState,
  writeClusterFiles,
  writeKubeconfig,
  writeServing,
} from './serverFiles';
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
  const { cluster, databaseAnswers, databaseRefusal } = opened.value;

  const nodeName = nodeNameOf(run);
  const port = Number(config.text('https-listen-port') ?? 6443);
  const advertise =
    config.text('advertise-address') ??
    config.list('node-external-ip')[0] ??
    config.list('node-ip')[0] ??
    host.addresses[0];
  writeClusterFiles(host, config, cluster);
  writeEncryption(host, dataDirOf(config), cluster.encryption);
  await issueServerCertificates(host, dataDirOf(config), cluster, world.clock.now());
  for (const name of servingNames(host, config, nodeName, advertise)) cluster.names.add(name);
  const server: ServerRun = {
    host,
    config,
    nodeName,
    cluster,
    advertise,
    port,
    log,
    ...(databaseAnswers === undefined ? {} : { databaseAnswers }),
    ...(databaseRefusal === undefined ? {} : { databaseRefusal }),
    starting: true,
    apiOpen: false,
    apiUp: false,
    comparesVoters: false,
    coreReady: false,
    applied: new Map(),
    refreshCertificate: async () => {},
    fail,
    memberRemoved: () => {},
  };
  const taken = await openPort(run, server, onEnd);
  if (taken !== undefined) return taken;
  onEnd(openPorts(host, 'server'));
  await world.clock.sleep(TIMINGS.starting, run.signal);
  server.starting = false;

  let datastoreRuns = false;
  if (!hasApi(config)) followOthers(run, server, () => datastoreRuns);
  const started = await startDatastore(run, server, opened.value, onEnd);
  if (!started.ok) return started.error;
  datastoreRuns = true;
  log('info', `Wrote kubeconfig ${writeKubeconfig(server)}`);
  if (hasApi(config)) await startApi(run, server, onEnd);
  tellTokens(server);
  if (server.member !== undefined) log('info', 'ETCD server is now running');
  log('info', 'k3s is up and running');
  run.ready();
  inBackground(run, () => watchLeases(run, server));
  if (config.flag('disable-agent')) return untilStopped(run);
  await claimNodeName(run, cluster, nodeName, 'server');
  await world.clock.sleep(TIMINGS.kubelet, run.signal);
  log('info', 'containerd is now running');
  log('info', `Running kubelet --hostname-override=${nodeName}`);
  await runKubelet(run, cluster, nodeName, server.member?.name);
  return untilStopped(run);
}

/** Opens 6443 with the certificate of the cluster; the text is the reason why not. */
async function openPort(
  run: K3sRun,
  server: ServerRun,
  onEnd: (cleanup: () => unknown) => void,
): Promise<string | undefined> {
  const { world, host } = run;
  const { cluster, port } = server;
  const api = await createApi(world, server, run.version);
  onEnd(() => api.close());
  const listening = await listen(host.addresses, port, api.serve);
  if (!listening.ok)
    return listening.error.code === 'address-in-use'
      ? `preparing server: failed to start supervisor listener: listen tcp :${port}: bind: address already in use`
      : `${listening.error.message}: ${listening.error.why ?? ''}`;
  const { listener } = listening.value;
  if (isSilent(host)) listener.freeze(true);
  host.listeners.add(listener);
  host.ports.add(port);
  world.services.add(server);
  cluster.servers.add(server);
  onEnd(async () => {
    server.apiOpen = server.apiUp = server.coreReady = server.comparesVoters = false;
    cluster.servers.delete(server);
    world.services.delete(server);
    host.ports.delete(port);
    host.listeners.delete(listener);
    await listener.close();
  });
  server.refreshCertificate = api.refreshCertificate;
  for (const other of cluster.servers) {
    await other.refreshCertificate();
    await writeServing(other);
  }
  return undefined;
}

/** The API server asks for credentials seconds before it is ready. */
async function startApi(run: K3sRun, server: ServerRun, onEnd: (cleanup: () => unknown) => void): Promise<void> {
  const { world, log, host } = run;
  log('info', 'Running kube-apiserver --advertise-port=6443');
  log('info', 'Running kube-scheduler --bind-address=127.0.0.1');
  log('info', 'Running kube-controller-manager --bind-address=127.0.0.1');
  await world.clock.sleep(TIMINGS.apiServer, run.signal);
  await until(run, () => datastoreHealthy(world, server));
  server.apiOpen = true;
  onEnd(openPorts(host, 'api'));
  await world.clock.sleep(TIMINGS.apiHooks, run.signal);
  server.apiUp = true;
  server.cluster.later(TIMINGS.voterBegin, () => {
    server.comparesVoters = server.apiUp;
  });
  server.coreReady = true;
  log('info', 'Kube API server is now running');
  await world.clock.sleep(TIMINGS.settle, run.signal);
}

/**
 * A server without an API server finds that of the others in its datastore, reaches it through a balancer, and keeps the
 * addresses as agents do. Its unit does not wait for that.
 */
function followOthers(run: K3sRun, server: ServerRun, datastoreRuns: () => boolean): void {
  const { world, host, config, log, signal } = run;
  const knowsOne = (): boolean => datastoreRuns() && workingServer(world, server.cluster, host) !== undefined;
  inBackground(run, async () => {
    for (let waited = 0; !knowsOne(); waited += 500) {
      if (waited > 0 && waited % TIMINGS.apiAddresses === 0)
        log('info', 'Waiting for control-plane node to register apiserver addresses in etcd');
      await world.clock.sleep(500, signal);
    }
    server.coreReady = true;
    writeBalancerState(host, config, server.cluster);
  });
}

function inBackground(run: K3sRun, work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    if (!run.signal.aborted) throw error;
  });
}

function tellTokens({ log, config, advertise, port }: ServerRun): void {
  const folder = `${dataDirOf(config)}/server`;
  log('info', `Server node token is available at ${folder}/token`);
  log('info', `To join server node to cluster: k3s server -s https://${advertise}:${port} -t \${SERVER_NODE_TOKEN}`);
  log('info', `Agent node token is available at ${folder}/agent-token`);
  log('info', `To join agent node to cluster: k3s agent -s https://${advertise}:${port} -t \${AGENT_NODE_TOKEN}`);
  log('info', 'Run: k3s kubectl');
}
