import { say } from '../../core/base/say';
import { removeNodes } from '../../core/authoring/changes';
import { strangers } from '../../core/authoring/strangers';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { nodesOf } from '../../core/cluster/roles';
import type { RenewIntent } from '../../engine/operations/renewCertificates';
import { placeWords, sizeWords, type KnownSnapshot } from '../../core/health/snapshots';
import type { RemovalIntent } from '../../engine/operations/removeNode';
import type { RestartIntent } from '../../engine/operations/restart';
import type { LiveState } from '../../views/clusterState';
import type { StoredCluster } from '../clusters/clusterStore';
import { askText, choose, sayWarning } from '../services/say';
import { drillIntent } from './drill';
import { copyWish, resetWishes, rotationWishes } from './wishes';

type AskForIntent = (argument: unknown, state: StoredCluster) => Promise<object | undefined>;

/** What operations have to know before they can be planned: from what a command was called with, or from the person. */
const INTENTS: Readonly<Record<string, AskForIntent>> = {
  restart: restartIntent,
  reboot: (argument, state) => oneNode(argument, state, say`Reboot Machine`),
  drain: (argument, state) => oneNode(argument, state, 'Drain'),
  drill: drillIntent,
  'renew-certificates': async (argument) => {
    const node = nodeOf(argument);
    return { nodes: node === undefined ? [] : [node] } satisfies RenewIntent;
  },
  'delete-snapshot': deleteIntent,
  'prune-snapshots': pruneIntent,
  restore: restoreIntent,
  'remove-node': removalIntent,
  'reset-cluster': resetWishes,
  'rotate-encryption-keys': rotationWishes,
};

/** What is wanted of an operation; undefined when the person gives up. */
export async function intentOf(
  operation: string,
  argument: unknown,
  state: StoredCluster,
): Promise<object | undefined> {
  return (await INTENTS[operation]?.(argument, state)) ?? (operation in INTENTS ? undefined : {});
}

async function oneNode(
  argument: unknown,
  { cluster }: StoredCluster,
  title: string,
): Promise<{ readonly nodes: readonly string[] } | undefined> {
  const id = await chosenNode(argument, cluster, title);
  return id === undefined ? undefined : { nodes: [id] };
}

/** The node that a command was called on, or that the person picks. */
export async function chosenNode(argument: unknown, cluster: Cluster, title: string): Promise<string | undefined> {
  return (
    nodeOf(argument) ??
    (await choose(nodesOf(cluster).map(nodeChoice), { title, placeHolder: say`Which node?` }))?.label
  );
}

function nodeChoice({ id, role, host }: ClusterNode): { readonly label: string; readonly description: string } {
  return { label: id, description: [role, ...(host === id ? [] : [host])].join(' · ') };
}

async function restartIntent(argument: unknown, { cluster }: StoredCluster): Promise<RestartIntent | undefined> {
  const given = nodeOf(argument);
  if (given !== undefined) return { nodes: [given] };
  const all = {
    label: say`All Nodes`,
    description: say`servers one after another, then the agents`,
    nodes: [] as string[],
  };
  const each = nodesOf(cluster).map((node) => ({ ...nodeChoice(node), nodes: [node.id] }));
  const picked = await choose([all, ...each], { title: say`Restart K3s`, placeHolder: say`On which node?` });
  return picked === undefined ? undefined : { nodes: picked.nodes };
}

async function deleteIntent(argument: unknown, state: StoredCluster): Promise<object | undefined> {
  const name = await chosenSnapshot(argument, state, say`Delete Snapshot`);
  return name === undefined ? undefined : { names: [name] };
}

async function restoreIntent(argument: unknown, state: StoredCluster): Promise<object | undefined> {
  const title = say`Restore from Snapshot`;
  const given = snapshotOf(argument);
  if (given !== undefined) return { snapshot: given };
  const items = (state.snapshots?.list ?? []).map((one) => ({ ...snapshotChoice(one), ask: async () => one.name }));
  const name = {
    label: say`Name of a Snapshot…`,
    description: say`on a server of the file, or in its S3`,
    ask: () => askedName(title),
  };
  const here = {
    label: say`A Copy on This Computer…`,
    description: say`also on other machines, when those of then are gone`,
    ask: () => copyWish(title),
  };
  const picked = await choose([...items, here, name], { title, placeHolder: say`From which snapshot?` });
  const meant = await picked?.ask();
  return typeof meant === 'string' ? { snapshot: meant } : meant;
}

async function pruneIntent(): Promise<object | undefined> {
  const keep = await askText({
    title: say`Prune Snapshots`,
    prompt: say`How many on-demand snapshots of each server stay? The older ones are deleted; scheduled ones are pruned by K3s.`,
    value: '5',
    validateInput: (text) => (/^[1-9]\d{0,3}$/.test(text) ? undefined : say`A whole number of at least 1.`),
  });
  return keep === undefined ? undefined : { keep: Number(keep) };
}

/** The snapshot of a row, one of those that were read, or one that is typed. */
export async function chosenSnapshot(
  argument: unknown,
  { snapshots }: StoredCluster,
  title: string,
): Promise<string | undefined> {
  const given = snapshotOf(argument);
  if (given !== undefined) return given;
  if (snapshots === undefined || snapshots.list.length === 0) return askedName(title);
  return (await choose(snapshots.list.map(snapshotChoice), { title, placeHolder: say`Which snapshot?` }))?.label;
}

/** The snapshot of the row that a command was called on. */
function snapshotOf(argument: unknown): string | undefined {
  const id = (argument as { row?: { id?: unknown } } | undefined)?.row?.id;
  return typeof id === 'string' && id.startsWith('snapshot:') ? id.slice('snapshot:'.length) : undefined;
}

function askedName(title: string): Thenable<string | undefined> {
  return askText({ title, prompt: say`Name of the snapshot; "Show Snapshots" tells all of them.` });
}

function snapshotChoice(one: KnownSnapshot): { readonly label: string; readonly description: string } {
  return { label: one.name, description: `${sizeWords(one)} · ${placeWords(one)}` };
}

async function removalIntent(argument: unknown, state: StoredCluster): Promise<RemovalIntent | undefined> {
  const { cluster, live } = state;
  const given =
    nodeOf(argument) ??
    (
      await choose(removable(cluster, live), {
        title: say`Remove Node`,
        placeHolder: say`It leaves the cluster and the file; K3s is uninstalled there`,
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
    ...foreign.map((name) => ({ label: name, description: say`not in the file` })),
  ];
}

/** The node of a row of the explorer or of a part of the diagram. */
function nodeOf(argument: unknown): string | undefined {
  const id = (argument as { row?: { id?: unknown } } | undefined)?.row?.id;
  return typeof id === 'string' ? /^(?:node|extra):(.+)$/.exec(id)?.[1] : undefined;
}
