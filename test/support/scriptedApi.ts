import { problem } from '../../src/core/base/problem';
import { err, ok } from '../../src/core/base/result';
import type { ApiEndpoint, ClusterApi } from '../../src/engine/ports';

/** An API of which a test says to whom it answers. */
export interface ScriptedApi extends ClusterApi {
  /** Addresses that were asked, in their order. */
  readonly asked: readonly string[];
}

/** Answers with the code of a problem, or, where `refuse` gives none, with the version of Kubernetes. */
export function scriptedApi(refuse: (server: string, endpoint: ApiEndpoint) => string | undefined): ScriptedApi {
  const asked: string[] = [];
  return {
    asked,
    async verify(endpoint) {
      const server = /server: "?([^"\s]+)/.exec(endpoint.kubeconfig)?.[1] ?? '';
      asked.push(server);
      const code = refuse(server, endpoint);
      return code === undefined
        ? ok({ gitVersion: 'v1.36.3+k3s1' })
        : err(problem(code, `${server} does not let us in`, { nextSteps: [] }));
    },
    listNodes: async () => ok([]),
    listWorkloads: async () => ok({ nodes: [], pods: [], budgets: [], volumes: [] }),
    watchNodes: async () => undefined,
  };
}
