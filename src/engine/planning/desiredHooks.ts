import type { Cluster, ClusterNode, Hook } from '../../core/cluster/cluster';
import { hookEnvironment } from '../../core/cluster/hooks';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { LocalFiles } from './localFile';

/** A hook of a node as it was read for a plan: exactly this is what runs. */
export interface DesiredHook extends Hook {
  /** Place in the list of the cluster file, from 1. */
  readonly number: number;
  readonly input: ByteInput;
  readonly env: Readonly<Record<string, string>>;
}

/** The hooks of a node. One that could not be read is not among them: then nothing is done anywhere. */
export function desiredHooks(cluster: Cluster, node: ClusterNode, { files }: LocalFiles): readonly DesiredHook[] {
  return (cluster.hooks ?? []).flatMap((hook, index) => {
    const read = files.get(hook.run);
    if (read === undefined) return [];
    return [{ ...hook, number: index + 1, input: read.input, env: hookEnvironment(cluster, node) }];
  });
}
