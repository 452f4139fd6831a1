import { connect, isIP, type Socket } from 'node:net';
import type { Problem } from '../core/base/problem';
import { ok, type Result } from '../core/base/result';
import { listen, type Listener } from './listener';
import { balancedTargets, isOnServers } from './network';
import { TIMINGS } from './k3s/timings';
import type { PracticeTarget } from './options';
import type { World } from './world';

/** How long a target may take to answer a TCP connect, in real milliseconds. */
const CONNECT_TIMEOUT = 500;

/** Forwards TCP to the servers in turn, leaving out those that do not answer. A DNS name has no listener of its own. */
export async function startLoadBalancer(world: World): Promise<Result<Listener | undefined, Problem>> {
  const options = world.loadBalancer;
  if (options === undefined || isIP(options.address) === 0) return ok(undefined);
  const listening = await listen(
    [options.address],
    options.port,
    (client) => void forward(world, client).catch(() => client.destroy()),
  );
  return listening.ok ? ok(listening.value.listener) : listening;
}

async function forward(world: World, client: Socket): Promise<void> {
  client.pause();
  for (const target of await reachable(world)) {
    const upstream = await open(target);
    if (upstream === undefined) continue;
    if (client.destroyed) {
      upstream.destroy();
      return;
    }
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    // A cut cable stops both directions.
    client.on('pause', () => upstream.pause());
    client.on('resume', () => upstream.resume());
    client.pipe(upstream).pipe(client);
    return;
  }
  client.destroy();
}

/** While nobody has the address packets are lost, and a client sends its first one again: it waits, and is not refused. */
async function reachable(world: World): Promise<readonly PracticeTarget[]> {
  for (let waited = 0; ; waited += 100) {
    const targets = balancedTargets(world);
    if (targets.length > 0 || !isOnServers(world) || waited >= TIMINGS.connectTimeout) return targets;
    await world.clock.sleep(100, world.signal);
  }
}

function open(target: PracticeTarget): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.address, port: target.port, noDelay: true });
    const giveUp = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    const timer = setTimeout(giveUp, CONNECT_TIMEOUT);
    socket.once('error', giveUp);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', giveUp);
      resolve(socket);
    });
    socket.once('close', () => clearTimeout(timer));
  });
}
