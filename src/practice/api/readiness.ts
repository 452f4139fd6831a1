import type { ServerRun } from '../k3s/cluster';
import { datastoreHealthy } from '../k3s/controller';
import type { World } from '../world';
import { hasApi } from '../k3s/serverFiles';
import { ofK3s, text, type Reply } from './reply';

/** GET /v1-k3s/readyz with a password: of the whole of K3s, with or without an API server. */
export function supervisorReadiness(server: ServerRun): Reply {
  return server.coreReady ? text('ok') : ofK3s(503, 'runtime core not ready');
}

/** What every path of the Kubernetes API answers while there is no API server behind it; undefined when there is. */
export function withoutApi(server: ServerRun): Reply | undefined {
  if (!hasApi(server.config)) return ofK3s(503, 'apiserver disabled');
  return server.apiOpen ? undefined : ofK3s(503, 'apiserver not ready');
}

/** What every path answers when the port has just been opened; undefined afterwards. */
export function onlyStarting(server: ServerRun): Reply | undefined {
  return server.starting ? ofK3s(503, 'starting') : undefined;
}

/** The checks of the API server, in its order; recorded in readyz-verbose-ready.txt. */
const CHECKS = `
  ping
  log
  etcd
  etcd-readiness
  informer-sync
  poststarthook/start-apiserver-admission-initializer
  poststarthook/generic-apiserver-start-informers
  poststarthook/priority-and-fairness-config-consumer
  poststarthook/priority-and-fairness-filter
  poststarthook/storage-object-count-tracker-hook
  poststarthook/start-apiextensions-informers
  poststarthook/start-apiextensions-controllers
  poststarthook/crd-informer-synced
  poststarthook/start-system-namespaces-controller
  poststarthook/peer-endpoint-reconciler-controller
  poststarthook/start-cluster-authentication-info-controller
  poststarthook/start-kube-apiserver-identity-lease-controller
  poststarthook/start-kube-apiserver-identity-lease-garbage-collector
  poststarthook/storage-readiness
  poststarthook/start-legacy-token-tracking-controller
  poststarthook/start-service-ip-repair-controllers
  poststarthook/rbac/bootstrap-roles
  poststarthook/scheduling/bootstrap-system-priority-classes
  poststarthook/priority-and-fairness-config-producer
  poststarthook/bootstrap-controller
  poststarthook/start-kubernetes-service-cidr-controller
  poststarthook/aggregator-reload-proxy-client-cert
  poststarthook/start-kube-aggregator-informers
  poststarthook/apiservice-status-local-available-controller
  poststarthook/apiservice-status-remote-available-controller
  poststarthook/apiservice-registration-controller
  poststarthook/apiservice-discovery-controller
  poststarthook/kube-apiserver-autoregistration
  autoregister-completion
  poststarthook/apiservice-openapi-controller
  poststarthook/apiservice-openapiv3-controller
  shutdown
`
  .trim()
  .split(/\s+/);

/** The hook that ends last. */
const LAST_HOOK = 'poststarthook/rbac/bootstrap-roles';

export type HealthPath = 'readyz' | 'livez' | 'healthz';

/** GET /readyz and its like, with the administrator's certificate. */
export function apiHealth(world: World, server: ServerRun, path: HealthPath, verbose: boolean): Reply {
  const failed = new Set([
    ...(datastoreHealthy(world, server) ? [] : ['etcd', 'etcd-readiness']),
    ...(server.apiUp ? [] : [LAST_HOOK]),
  ]);
  const lines = CHECKS.map((check) => (failed.has(check) ? `[-]${check} failed: reason withheld` : `[+]${check} ok`));
  if (failed.size > 0) return text(`${[...lines, `${path} check failed`].join('\n')}\n`, 500);
  return text(verbose ? `${[...lines, `${path} check passed`].join('\n')}\n` : 'ok');
}
