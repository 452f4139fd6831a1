import { kubeletHealth } from '../api/kubeletProxy';
import type { ServerRun } from '../k3s/cluster';
import type { Command } from './command';
import { withApi } from './kubectl';

/** tunnels: what the kubelet of every node says through the API server of this host. */
export const tunnelsCommand: Command = async (run) => {
  let asked: ServerRun | undefined;
  const status = await withApi(run, (server) => {
    asked = server;
    return 0;
  });
  if (asked === undefined) return status;
  const server = asked;
  const names = server.cluster.nodes.list().map(({ metadata }) => metadata.name);
  await Promise.all(
    names.map(async (name) => {
      const { code, body } = await kubeletHealth(run.world, server, name);
      run.out(
        `${name} ${code === 200 ? 'ok' : `Error from server: ${(JSON.parse(body) as { message: string }).message}`}\n`,
      );
    }),
  );
  return 0;
};
