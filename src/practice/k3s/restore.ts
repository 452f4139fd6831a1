import type { PracticeHost } from '../machine/host';
import type { World } from '../world';
import { DIFFERENT_TOKEN, newCluster, seedOf, type OpenDatastore } from './bootstrap';
import type { K3sCluster } from './cluster';
import { loadConfig } from './config';
import { etcdFile, etcdOnDisk } from './embeddedEtcd';
import { newMember } from './etcd';
import { dataDirOf, nodeNameOf, tokenText, type K3sRun } from './run';
import type { SnapshotState } from './snapshotState';
import { parseToken } from './token';

const START = 'starting kubernetes: failed to start cluster: start managed database: ';

/**
 * What `k3s server --cluster-reset --cluster-reset-restore-path` makes of the files of a host; undefined when it went well, else
 * the text of its fatal message. Like a real one it restores whatever it gets: an empty file makes an empty cluster.
 */
export async function resetFromSnapshot(world: World, host: PracticeHost, path: string): Promise<string | undefined> {
  const config = loadConfig(host, 'k3s');
  if (!config.ok) return config.error;
  const run: K3sRun = {
    world,
    host,
    config: config.value,
    version: '',
    log: () => undefined,
    signal: world.signal,
    ready: () => undefined,
  };
  const folder = `${dataDirOf(config.value)}/server/db`;
  const file = host.files.get(path);
  if (file === undefined) return `${START}etcd: snapshot path does not exist: ${path}`;
  const state = world.snapshots.get(file.bytes?.sha256 ?? '');
  const token = tokenText(run) ?? host.files.get(`${dataDirOf(config.value)}/server/token`)?.content ?? '';
  const password = parseToken(token);
  if (state !== undefined && password.ok && password.value.password !== state.cluster.password) return DIFFERENT_TOKEN;
  const cluster = state === undefined ? await emptyCluster(run) : await restored(run, state);
  const stamp = Math.floor(world.clock.now() / 1000);
  host.files.move(`${folder}/etcd`, `${folder}/etcd-old-${stamp}`);
  const member = { ...newMember(nodeNameOf(run), host, true), learner: false, inSync: true };
  cluster.members.clear();
  cluster.members.add(member);
  cluster.etcdId = member.id;
  const data: OpenDatastore = { cluster, member };
  host.files.write(etcdFile(run), '', { mode: 0o600, meaning: data });
  host.files.write(`${folder}/etcd/name`, member.name, { mode: 0o600 });
  host.files.write(`${folder}/reset-flag`, '', { mode: 0o600 });
  return undefined;
}

async function emptyCluster(run: K3sRun): Promise<K3sCluster> {
  const before = etcdOnDisk(run)?.cluster;
  const token = parseToken(tokenText(run) ?? '');
  return newCluster(run.world, seedOf(run, token.ok ? token.value : undefined), before?.certificates);
}

/** The cluster as it was. While others of its members run on, there are two of them from now on. */
async function restored(run: K3sRun, { cluster: before, ...state }: SnapshotState): Promise<K3sCluster> {
  const others = [...before.members].some(({ host, online }) => online && host !== run.host);
  const cluster = others
    ? await newCluster(
        run.world,
        { password: before.password, agentPassword: before.agentPassword, criticalValues: before.criticalValues },
        before.certificates,
      )
    : before;
  cluster.created = before.created;
  for (const { metadata } of cluster.nodes.list()) cluster.nodes.remove(metadata.name);
  for (const node of state.nodes) cluster.nodes.put(node);
  replace(cluster.nodePasswords, state.nodePasswords);
  replace(cluster.addons, state.addons);
  cluster.names.clear();
  for (const name of state.names) cluster.names.add(name);
  cluster.leases.turnBack(state.leases);
  replace(
    cluster.snapshots,
    state.snapshots.map((one) => [`local-${one.name}`, one]),
  );
  cluster.silence.clear();
  return cluster;
}

function replace<K, V>(map: Map<K, V>, entries: readonly (readonly [K, V])[]): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
