import { later, say } from '../../core/base/say';
import { ok } from '../../core/base/result';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { etcdMembers } from '../../core/cluster/roles';
import type { Draft } from '../../core/plan/draft';
import { tokenHash } from '../../core/remote/snapshotProof';
import { changeAgents } from '../planning/changeSteps';
import { noSnapshotsProblem } from '../planning/datastoreCopy';
import { planChange } from '../planning/nodeChange';
import { nodesProof } from '../planning/nodesProof';
import { goesBack, olderReleaseSteps } from '../planning/olderRelease';
import { planAnew, sendStep } from '../planning/restoreAnew';
import { isAnew, type RestoreIntent, type RestoreSource } from '../planning/restoreIntent';
import { restoreJoin } from '../planning/restoreJoin';
import { restoreProblems } from '../planning/restoreProblems';
import { isProblem, restoreSource, usesS3 } from '../planning/restoreSource';
import { nodeNameOf, type Situation } from '../planning/situation';
import { storedSnapshot } from '../planning/storedSnapshot';
import { readCopy } from '../snapshots/readCopy';
import { isRunning } from '../planning/starts';
import { copySurvivor } from '../steps/copySurvivor';
import { deleteNode } from '../steps/deleteNode';
import { endRestore } from '../steps/endRestore';
import { haltServer } from '../steps/haltServer';
import { proveRestore } from '../steps/proveRestore';
import { proveSnapshot } from '../steps/proveSnapshot';
import { putDataAside } from '../steps/putDataAside';
import { resetCluster } from '../steps/resetCluster';
import { start } from '../steps/start';
import type { Operation } from './operation';

/**
 * Restores the cluster from a snapshot: proves it, stops every server, puts the data of all but one aside, makes that one a
 * cluster with the data of the snapshot, and has the others join it one after another. What a run that was cut off has done is
 * written down on the servers, and the next one goes on from there.
 */
export const restore: Operation<RestoreIntent> = {
  id: 'restore',
  title: later`Restore from Snapshot…`,
  asks: 'plan-and-name',
  needs: 'snapshots',
  turnsBack: true,
  then: 'snapshots',
  reads: async (intent, artifacts) => {
    if (intent.copyPath === undefined) return ok(intent);
    const { copyPath, copyFrom: from } = intent;
    const copy = await readCopy(copyPath, artifacts);
    return copy.ok ? ok({ ...intent, copy: { ...copy.value, ...(from === undefined ? {} : { from }) } }) : copy;
  },
  brings: storedSnapshot,
  bind: (situation, intent) => {
    if (intent.source !== undefined) return intent;
    const source = restoreSource(situation, intent);
    return isProblem(source) ? intent : { ...intent, source };
  },
  plan(situation, intent, draft) {
    const none = noSnapshotsProblem(situation.cluster);
    if (none !== undefined) return draft.refuse(none);
    const source = intent.source ?? restoreSource(situation, intent);
    if (isProblem(source)) return draft.refuse(source);
    if (isOver(situation, source)) return;
    draft.refuse(...restoreProblems(situation, intent, source));
    if (draft.problems.length > 0) return;
    if (isAnew(source)) planAnew(draft, situation, source);
    else planRestore(draft, situation, intent, source);
  },
  proof: (situation) => nodesProof(situation),
};

function isOver({ cluster, facts }: Situation, { id, from }: RestoreSource): boolean {
  return (
    facts.get(from)?.restored === id && cluster.servers.every((server) => facts.get(server.id)?.restore === undefined)
  );
}

function planRestore(draft: Draft, situation: Situation, intent: RestoreIntent, source: RestoreSource): void {
  const { cluster, facts } = situation;
  const { id } = source;
  const servers = cluster.servers.filter((server) => facts.get(server.id)?.units.k3s !== undefined);
  const members = etcdMembers(cluster).filter((server) => servers.includes(server));
  const from = members.find((server) => server.id === source.from);
  if (from === undefined) return;
  const marks = (server: ClusterNode): { readonly aside?: boolean; readonly reset?: boolean } =>
    facts.get(server.id)?.restore ?? {};
  const ended = (server: ClusterNode): boolean =>
    facts.get(server.id)?.restored === id && facts.get(server.id)?.restore === undefined;

  const done = marks(from).reset === true || ended(from);
  const before = done ? [] : planReset(draft, situation, servers, members, from, source);
  const up: ClusterNode[] = [from];
  let previous: readonly string[] = before;
  const older = (server: ClusterNode): void => {
    for (const step of olderReleaseSteps(situation, server)) previous = [draft.add(step, previous)];
  };
  if (done && !isRunning(from, facts)) older(from);
  if (!done || !isRunning(from, facts))
    previous = [draft.add(start.step(from, { role: 'server' }, say`it is the restored cluster`), previous)];

  const peers = [...members, ...servers].filter((server, at, all) => server !== from && all.indexOf(server) === at);
  for (const peer of peers.filter((one) => !ended(one))) {
    const isMember = members.includes(peer);
    // One that runs with its own data again would not be the restored cluster.
    if (done && isMember && marks(peer).aside !== true) {
      const halted = draft.add(haltServer.step(peer, haltInput(source), say`it runs with the old data`), previous);
      previous = [draft.add(putDataAside.step(peer, { id }, say`it joins the restored cluster`), [halted])];
    }
    const running = done && (!isMember || marks(peer).aside === true) && isRunning(peer, facts);
    if (!running) {
      const join = isMember ? restoreJoin(situation, peer, up) : { others: [] };
      if (join.problem !== undefined) draft.refuse(join.problem);
      if (join.others.length > 0)
        draft.note(say`${peer.id} gets what the file changes with it: ${listed(join.others)}.`);
      if (join.write !== undefined) previous = [draft.add(join.write, previous)];
      older(peer);
      const why = isMember ? say`servers join one after another` : say`the restored cluster is up`;
      previous = [draft.add(start.step(peer, { role: 'server' }, why), previous)];
    }
    previous = [draft.add(endRestore.step(peer, { id }, say`it is part of the restored cluster`), previous)];
    up.push(peer);
  }
  const proved = draft.add(
    proveRestore.step(
      from,
      { members: members.map((server) => server.id), before: source.time },
      say`Nodes look Ready without being there`,
    ),
    previous,
  );
  const agents = cluster.agents.filter((agent) => isRunning(agent, facts) && goesBack(situation, agent));
  // No agent may be newer than the servers. https://kubernetes.io/releases/version-skew-policy/
  let last: readonly string[] = [
    proved,
    ...changeAgents(draft, situation, agents, (agent) => planChange(situation, agent), [proved]),
  ];
  for (const step of nodesProof(situation, draft.steps)) last = [draft.add(step, last)];
  for (const name of goneNodes(situation, intent))
    last = [draft.add(deleteNode.step(from, { name, member: false }, say`its machine never comes back`), last)];
  draft.add(endRestore.step(from, { id }, say`everything is proved`), last);
  draft.note(...dangers(situation, intent, source, servers), ...releaseNotes(situation, [...servers, ...agents]));
}

/** Nodes of servers that never come back; they would come out of the snapshot, and the passwords of their machines with them. */
function goneNodes({ cluster, facts }: Situation, { gone = [] }: RestoreIntent): readonly string[] {
  const names = gone.map((one) => {
    const server = cluster.servers.find(({ id }) => id === one);
    return server === undefined ? one : (nodeNameOf(server, facts.get(one)) ?? one);
  });
  return [...new Set(names)].filter((name) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name));
}

function haltInput({ id, from, path }: RestoreSource): {
  readonly id: string;
  readonly from: string;
  readonly snapshot: string;
} {
  return { id, from, snapshot: path };
}

/** From the proof of the snapshot to one server that has its data; ids of what to wait for. */
function planReset(
  draft: Draft,
  situation: Situation,
  servers: readonly ClusterNode[],
  members: readonly ClusterNode[],
  from: ClusterNode,
  source: RestoreSource,
): readonly string[] {
  const { id, path, size, survivor, copy } = source;
  const token = situation.facts.get(from.id)?.tokenSha256;
  const expected = {
    ...(copy === undefined ? {} : { sent: copy.sha256 }),
    ...(size === undefined ? {} : { size }),
    ...(token === undefined ? {} : { tokenHash: tokenHash(token) }),
  };
  const prove = proveSnapshot.step(
    from,
    { path, ...expected },
    say`K3s restores whatever it gets, an empty file as well`,
  );
  if (copy !== undefined) draft.add(sendStep(source, copy, from));
  const first = survivor ? [] : [draft.add(prove)];
  const why = say`two servers with the old data would be a second cluster`;
  const halts = servers.map((server) => draft.add(haltServer.step(server, haltInput(source), why), first));
  const copied = survivor
    ? [
        draft.add(prove, [
          draft.add(copySurvivor.step(from, { path }, say`etcd has no majority that could save one`), halts),
        ]),
      ]
    : halts;
  const asides = members
    .filter((server) => server !== from)
    .map((server) =>
      draft.add(putDataAside.step(server, { id }, say`it joins the restored cluster as a new member`), copied),
    );
  let ready: readonly string[] = [...copied, ...asides];
  for (const step of olderReleaseSteps(situation, from)) ready = [...ready, draft.add(step, copied)];
  return [
    draft.add(
      resetCluster.step(from, { id, path }, say`its data become those of ${path.slice(path.lastIndexOf('/') + 1)}`),
      ready,
    ),
  ];
}

/** Which machines get an older release with the restore. https://docs.k3s.io/upgrades/roll-back */
function releaseNotes(situation: Situation, nodes: readonly ClusterNode[]): readonly string[] {
  const back = nodes.filter((node) => goesBack(situation, node)).map(({ id }) => id);
  return back.length === 0
    ? []
    : [
        say`${listed(back)} ${back.length === 1 ? 'goes' : 'go'} back to ${situation.cluster.k3s.version}, as the file says, before K3s starts there again: take a snapshot that was saved by that release, such as the one from before the upgrade.`,
      ];
}

/** What a person has to know before they say yes. */
function dangers(
  situation: Situation,
  { gone = [] }: RestoreIntent,
  source: RestoreSource,
  servers: readonly ClusterNode[],
): string[] {
  const name = source.path.slice(source.path.lastIndexOf('/') + 1);
  const saved = `${new Date(source.time * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const from = servers.find(({ id }) => id === source.from);
  return [
    source.survivor
      ? say`The cluster goes on with what ${source.from} has; what only the lost members had is lost.`
      : say`Everything that was changed in the cluster since ${saved}, when ${name} was saved, is lost.`,
    say`K3s is stopped on all ${servers.length} servers, so the API is away for about a minute and half a minute more for each further server; pods on all nodes run on.`,
    say`What the servers have now is kept beside the new data, in server/db-before-restore-… and server/db/etcd-old-…, until you delete it.`,
    ...(from !== undefined && usesS3(situation, from)
      ? [say`S3 is configured; the restore is told to read this file from disk and not to look there.`]
      : []),
    ...(gone.length === 0
      ? []
      : [say`Never start K3s again on ${listed(gone)} with its old data: it would be a second cluster.`]),
  ];
}
