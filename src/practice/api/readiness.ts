import type { ServerRun } from '../k3s/cluster';
import { datastoreHealthy } from '../k3s/controller';
import type { World } from '../world';
import { failure, text, type Reply } from './reply';

/** GET /v1-k3s/readyz with a password: of the whole of K3s, with or without an API server. */
export function supervisorReadiness(server: ServerRun): Reply {
  return server.coreReady ? text('ok') : failure(503, 'runtime core not ready');
}

/** What every path of the Kubernetes API answers while there is no API server behind it; undefined when there is. */
export function withoutApi(server: ServerRun): Reply | undefined {
  if (server.config.flag('disable-apiserver')) return failure(503, 'apiserver disabled');
  return server.apiUp ? undefined : failure(503, 'apiserver not ready');
}

const CHECKS = [
  'ping',
  'log',
  'etcd',
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/rbac/bootstrap-roles',
  'shutdown',
];

export type HealthPath = 'readyz' | 'livez' | 'healthz';

/** GET /readyz and its like, with the administrator's certificate. */
export function apiHealth(world: World, server: ServerRun, path: HealthPath, verbose: boolean): Reply {
  const healthy = datastoreHealthy(world, server);
  const lines = CHECKS.map((check) =>
    healthy || check !== 'etcd' ? `[+]${check} ok` : '[-]etcd failed: reason withheld',
  ).join('\n');
  if (!healthy) return text(`${lines}\n${path} check failed\n`, 500);
  return text(verbose ? `${lines}\n${path} check passed\n` : 'ok');
}
