import { datastoreHealthy, workingServer } from '../k3s/controller';
import { hasApi } from '../k3s/serverFiles';
import type { ServerRun } from '../k3s/cluster';
import { adminEnd } from '../k3s/ownCertificates';
import { installedVersion } from '../k3s/program';
import { dataDirOf } from '../k3s/run';
import { TIMINGS } from '../k3s/timings';
import { fail, pause, type Command, type CommandRun } from './command';

/** nodes: `k3s kubectl get nodes -o json`. */
export const nodesCommand: Command = (run) =>
  withApi(run, ({ cluster }) => {
    const items = cluster.nodes.list();
    run.out(
      `${JSON.stringify({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items }, undefined, 2)}\n`,
    );
    return 0;
  });

/** drop-names: names. */
export const dropNamesCommand: Command = (run) =>
  withApi(run, ({ cluster }) => {
    for (const name of run.args) cluster.droppedNames.add(name);
    return 0;
  });

/** What `k3s kubectl` on this host does with an API that can read and write, or says when there is none. */
export async function withApi(run: CommandRun, work: (server: ServerRun) => number): Promise<number> {
  const server = await localServer(run);
  if (typeof server === 'number') return server;
  if (!datastoreHealthy(run.world, server)) {
    if (!(await pause(run, TIMINGS.requestTimeout))) return 255;
    if (!datastoreHealthy(run.world, server)) return fail(run, 'Error from server: etcdserver: request timed out');
  }
  return work(server);
}

/** readyz: `k3s kubectl get --raw /readyz`. */
export const readyzCommand: Command = async (run) => {
  const server = await localServer(run);
  if (typeof server === 'number') return server;
  if (!datastoreHealthy(run.world, server)) {
    return fail(
      run,
      'Error from server (InternalError): an error on the server ("[+]ping ok\\n[+]log ok\\n[-]etcd failed: reason withheld\\nreadyz check failed") has prevented the request from succeeding',
    );
  }
  run.out('ok');
  return 0;
};

/** The server process of this host as `k3s kubectl` finds it, or the exit status after saying why not. */
async function localServer(run: CommandRun): Promise<ServerRun | number> {
  const { host, user, world } = run;
  if (installedVersion(host) === undefined) return fail(run, 'k3s: not found', 127);
  const kubeconfig = '/etc/rancher/k3s/k3s.yaml';
  if (host.files.get(kubeconfig) === undefined)
    return fail(
      run,
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
    );
  if (!host.files.readable(kubeconfig, user))
    return fail(run, `error: error loading config file "${kubeconfig}": open ${kubeconfig}: permission denied`);
  const own = [...world.services].find((candidate) => candidate.host === host);
  // Without an API server of its own the host asks another one through its balancer.
  const server = own === undefined || hasApi(own.config) ? own : workingServer(world, own.cluster, host);
  if (server === undefined)
    return fail(
      run,
      'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
    );
  const ends = adminEnd(server.host, dataDirOf(server.config));
  if (hasApi(server.config) && ends < world.clock.now()) {
    const [now, end] = [world.clock.now(), ends].map((at) => `${new Date(at).toISOString().slice(0, 19)}Z`);
    return fail(
      run,
      `Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time ${now} is after ${end}`,
    );
  }
  if (!server.apiOpen) return fail(run, 'Error from server (ServiceUnavailable): apiserver not ready');
  return server;
}
