import { dial } from '../network';
import type { K3sCluster } from './cluster';
import { workingServer } from './controller';
import { claimNodeName, runKubelet } from './kubelet';
import { balancerState, writeBalancerState } from './serverFiles';
import { connectDelay, dataDirOf, nodeNameOf, serverAddress, tokenText, untilStopped, type K3sRun } from './run';
import { TIMINGS } from './timings';
import { NOT_AUTHORIZED, parseToken, tokenProblem, type Token } from './token';
import { configProblem } from './validate';

/** Runs `k3s agent` until the process is stopped (rejects) or fails; the text is that of the fatal message. */
export async function runAgent(run: K3sRun): Promise<string> {
  const { world, host, config, log } = run;
  log('info', `Starting k3s agent ${run.version} (866d743e)`);
  await world.clock.sleep(TIMINGS.boot, run.signal);
  const joined = host.files.get(balancerState(config))?.meaning as K3sCluster | undefined;
  const text = tokenText(run);
  if ((text === undefined || text === '') && joined === undefined) return '--token is required';
  const url = config.text('server');
  if (url === undefined || url === '') return '--server is required';
  const at = serverAddress(url);
  if (typeof at === 'string') return at;
  const token = text === undefined ? undefined : parseToken(text);
  if (token?.ok === false) return token.error;
  const wrong = configProblem(config);
  if (wrong !== undefined) return wrong;

  const first = `${at.address}:${at.port}`;
  log('info', `Adding server to load balancer k3s-agent-load-balancer: ${first}`);
  log('info', `Running load balancer k3s-agent-load-balancer 127.0.0.1:6444 -> [${first}] [default: ${first}]`);
  const cluster = await findCluster(run, at.address, at.port, token?.value, joined);
  log('info', 'Getting list of apiserver endpoints from server');
  const nodeName = nodeNameOf(run);
  while (workingServer(world, cluster, host) === undefined) {
    const certificate = 'client-kubelet.crt';
    const asked = `${dataDirOf(config)}/agent/${certificate}: https://127.0.0.1:6444/v1-k3s/${certificate}`;
    log('info', `Waiting to retrieve agent configuration; server is not ready: ${asked}: 503 Service Unavailable`);
    await world.clock.sleep(TIMINGS.agentRetry, run.signal);
  }
  await claimNodeName(run, cluster, nodeName, 'agent');
  const servers = [...cluster.servers]
    .filter((server) => server.apiUp)
    .map((server) => `${server.advertise}:${server.port}`);
  log('info', `Got apiserver addresses from supervisor: [${servers.join(' ')}]`);
  writeBalancerState(host, config, cluster);
  host.files.write(`${dataDirOf(config)}/agent/server-ca.crt`, cluster.certificates.serverCa.certificate);
  log('info', `Running kubelet --hostname-override=${nodeName}`);
  await world.clock.sleep(TIMINGS.kubelet, run.signal);
  log('info', 'Connecting to proxy');
  await runKubelet(run, cluster, nodeName, undefined);
  log('info', 'k3s agent is up and running');
  run.ready();
  return untilStopped(run);
}

/** Tries the given server, then those known from before, again and again and for ever, as K3s does. */
async function findCluster(
  run: K3sRun,
  address: string,
  port: number,
  token: Token | undefined,
  joined: K3sCluster | undefined,
): Promise<K3sCluster> {
  const { world, host, log } = run;
  const url = `https://${address}:${port}`;
  for (;;) {
    const dialed = dial(world, host, address, port);
    if (dialed.kind === 'server' && !dialed.server.starting) {
      const { cluster } = dialed.server;
      const refusal = token === undefined || joined === cluster ? undefined : tokenProblem(cluster, token, 'agent');
      if (refusal === undefined) return cluster;
      if (refusal === NOT_AUTHORIZED) {
        log(
          'info',
          `Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: ${refusal}`,
        );
        await world.clock.sleep(TIMINGS.tokenRetry, run.signal);
        continue;
      }
      log('error', `Failed to validate connection to cluster at ${url}: ${refusal}`);
    } else {
      if (joined !== undefined && workingServer(world, joined, host) !== undefined) return joined;
      const cacerts = 'https://127.0.0.1:6444/cacerts';
      // The agent asks its own balancer, which cuts the connection when it finds no server.
      const cut = `read tcp 127.0.0.1:53506->127.0.0.1:6444: read: connection reset by peer`;
      const error = dialed.kind === 'failed' ? `Get "${cacerts}": ${cut}` : `${cacerts}: 503 Service Unavailable`;
      if (dialed.kind === 'failed') await connectDelay(run, dialed.error);
      log('error', `Failed to validate connection to cluster at ${url}: failed to get CA certs: ${error}`);
    }
    await world.clock.sleep(TIMINGS.agentRetry, run.signal);
  }
}
