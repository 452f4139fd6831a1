import { nodesOf } from '../../core/cluster/roles';
import type { RenewIntent } from '../../engine/operations/renewCertificates';
import type { RestartIntent } from '../../engine/operations/restart';
import type { StoredCluster } from '../clusters/clusterStore';
import { choose } from '../services/say';

type AskForIntent = (argument: unknown, state: StoredCluster) => Promise<object | undefined>;

/** What operations have to know before they can be planned: from what a command was called with, or from the person. */
const INTENTS: Readonly<Record<string, AskForIntent>> = {
  restart: restartIntent,
  'renew-certificates': async (argument) => {
    const node = nodeOf(argument);
    return { nodes: node === undefined ? [] : [node] } satisfies RenewIntent;
  },
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

/** The node of a row of the explorer or of a part of the diagram. */
function nodeOf(argument: unknown): string | undefined {
  const id = (argument as { row?: { id?: unknown } } | undefined)?.row?.id;
  return typeof id === 'string' && id.startsWith('node:') ? id.slice('node:'.length) : undefined;
}
