import { createServer } from 'node:https';
import { listen } from '../listener';
import { failure } from '../api/reply';
import { isSilent } from '../machine/host';
import { createKubeletCertificate } from './certificates';
import type { K3sCluster } from './cluster';
import type { K3sRun } from './run';

const PORT = 10_250;

/**
 * Opens the port of the kubelet, where nobody without an identity is told anything but 401. A computer on which another kubelet
 * has the port already does without it.
 */
export async function openKubeletPort(run: K3sRun, cluster: K3sCluster, nodeName: string): Promise<void> {
  const { host, world, signal } = run;
  const { certificate, key } = await createKubeletCertificate(
    cluster.certificates,
    nodeName,
    host.addresses,
    world.clock.now(),
  );
  const https = createServer({ cert: certificate, key }, (_request, response) => {
    const { code, type, body } = failure(401, 'Unauthorized');
    response.writeHead(code, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
  https.on('tlsClientError', (_, socket) => socket.destroy());
  if (signal.aborted) return;
  const listening = await listen(host.addresses, PORT, (socket) => void https.emit('connection', socket));
  if (!listening.ok) return run.log('info', `${listening.error.message}: ${listening.error.why ?? ''}`);
  const { listener } = listening.value;
  if (isSilent(host)) listener.freeze(true);
  host.listeners.add(listener);
  const close = (): void => {
    host.listeners.delete(listener);
    https.closeAllConnections();
    void listener.close();
  };
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });
}
