import { removeNodes } from '../../core/authoring/changes';
import { strangers } from '../../core/authoring/strangers';
import type { Cluster } from '../../core/cluster/cluster';
import { nodesOf } from '../../core/cluster/roles';
import type { RemovalIntent } from '../../engine/operations/removeNode';
import type { RestartIntent } from '../../engine/operations/restart';
import type { LiveState } from '../../views/clusterState';
import type { StoredCluster } from '../clusters/clusterStore';
import { choose, sayWarning } from '../services/say';

type AskForIntent = (argument: unknown, state: StoredCluster) => Promise<object | undefined>;

/** What operations have to know before they can be planned: from what a command was called with, or from the person. */
const INTENTS: Readonly<Record<string, AskForIntent>> = {
  restart: restartIntent,
  'remove-node': removalIntent,
};

/** What is wanted of an operation; undefined when the person gives up. */
export async function intentOf(
  operation: string,
  argument: unknown,
  state: StoredCluster,
): Promise<object | undefined> {
  return (await INTENTS[operation]?.(argument, state)) ?? (operation in INTENTS ? undefined : {});
}

async function restartIntent(argument: unknown, { cluster }: StoredCluster): Promise<RestartIntent | undefined> {
  const given = nodeOf(argument);
  if (given !== undefined) return { nodes: [given] };
  const all = { label: 'All Nodes', description: 'servers one after another, then the agents', nodes: [] as string[] };
  const each = nodesOf(cluster).map(({ id, role, host }) => ({
    label: id,
    description: [role, ...(host === id ? [] : [host])].join(' · '),
    nodes: [id],
  }));
  const picked = await choose([all, ...each], { title: 'Restart K3s', placeHolder: 'On which node?' });
  return picked === undefined ? undefined : { nodes: picked.nodes };
}

async function removalIntent(argument: unknown, state: StoredCluster): Promise<RemovalIntent | undefined> {
  const { cluster, live } = state;
  const given =
    nodeOf(argument) ??
    (
      await choose(removable(cluster, live), {
        title: 'Remove Node',
        placeHolder: 'It leaves the cluster and the file; K3s is uninstalled there',
      })
    )?.label;
  if (given === undefined) return undefined;
  const node = nodesOf(cluster).find(({ id }) => id === given);
  const edits = node === undefined ? undefined : removeNodes(state, [node]);
  if (edits?.ok !== false) return { nodes: [given] };
  void sayWarning(edits.error);
  return undefined;
}

function removable(
  cluster: Cluster,
  live: LiveState,
): readonly { readonly label: string; readonly description: string }[] {
  const foreign = 'nodes' in live ? strangers(cluster, live.nodes) : [];
  return [
    ...nodesOf(cluster).map(({ id, role }) => ({ label: id, description: role })),
    ...foreign.map((name) => ({ label: name, description: 'not in the file' })),
  ];
}

/** The node of a row of the explorer or of a part of the diagram. */
function nodeOf(argument: unknown): string | undefined {
  const id = (argument as { row?: { id?: unknown } } | undefined)?.row?.id;
  return typeof id === 'string' ? /^(?:node|extra):(.+)$/.exec(id)?.[1] : undefined;
}
