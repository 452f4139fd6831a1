import type { ServerRun } from '../k3s/cluster';
import { TIMINGS } from '../k3s/timings';
import { connected } from '../network';
import { isAlive } from '../machine/host';
import type { World } from '../world';
import { failure, text, type Reply } from './reply';

/** What an API server passes on of the kubelet of a node; a machine that is gone keeps it waiting. */
export async function kubeletHealth(world: World, server: ServerRun, nodeName: string): Promise<Reply> {
  const { nodes, kubelets } = server.cluster;
  if (nodes.get(nodeName) === undefined) return failure(404, `nodes "${nodeName}" not found`);
  const kubelet = kubelets.get(nodeName);
  if (kubelet?.lost.has(server.host.id) === true) {
    const why = `failed to find Session for client ${nodeName}`;
    server.log('error', `Sending HTTP/1.1 502 response to 127.0.0.1:57440: ${why}`);
    return failure(502, `error dialing backend: ${why}`);
  }
  const reached = (): boolean =>
    kubelet !== undefined && isAlive(kubelet.host) && connected(world, server.host.id, kubelet.host.id);
  if (reached()) return text('ok');
  if (kubelet !== undefined) await world.clock.sleep(TIMINGS.requestTimeout, world.signal);
  return failure(503, `error trying to reach service: dial tcp ${nodeName}:10250: connect: no route to host`);
}
