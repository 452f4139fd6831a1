import { say } from '../../core/base/say';
import { groupBy } from '../../core/base/group';
import { problem, type Problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { parseDatastoreEndpoint } from '../../core/datastore/endpoint/dsn';
import type { PlacedFinding } from '../../core/datastore/trial/trial';
import type { Step } from '../../core/plan/step';
import { restart } from '../steps/restart';
import { start } from '../steps/start';
import type { Situation } from './situation';
import { hasData, isRunning } from './starts';

interface DatastoreFindings {
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

type SeenFinding = PlacedFinding & { readonly from: string };

/**
 * What the datastore is, judged before any server is started with it. A server that runs on it already proves more than a
 * trial does: being slow or full does not keep it from being restarted.
 */
export function datastoreFindings({ cluster, facts, datastore, ignores }: Situation): DatastoreFindings {
  if (datastore === undefined) return { problems: [], notes: [] };
  const found = cluster.servers.flatMap((server): SeenFinding[] => {
    const seen = datastore.get(server.id);
    if (seen?.kind !== 'tried') return [];
    const runs = isRunning(server, facts) && hasData(facts.get(server.id));
    const findings = seen.findings.filter((one) => ignores?.(one) !== true);
    return findings.map((one) => ({
      ...one,
      from: server.id,
      ...(runs && one.weight === 'new' ? { weight: 'note' as const } : {}),
    }));
  });
  const groups = [...groupBy(found, ({ weight, code, says }) => JSON.stringify([weight, code, says])).values()];
  const untried = cluster.servers.flatMap((server) => {
    const seen = datastore.get(server.id);
    return seen?.kind === 'untried' ? [{ from: server.id, why: seen.why }] : [];
  });
  return {
    problems: groups.filter(([first]) => first?.weight !== 'note').map(told),
    notes: [
      ...groups.filter(([first]) => first?.weight === 'note').map((group) => noteOf(told(group))),
      ...[...groupBy(untried, ({ why }) => why)].map(
        ([why, servers]) =>
          say`The datastore was not tried from ${listed(servers.map(({ from }) => from))}: ${why.replace(/\.$/, '')}.`,
      ),
    ],
  };
}

/** One problem for what several servers saw of several parts. */
function told(group: readonly SeenFinding[]): Problem {
  const [first] = group;
  if (first === undefined) throw new Error('a group of no findings');
  const parts = [...new Set(group.map(({ part }) => part))];
  const servers = [...new Set(group.map(({ from }) => from))];
  const reasons = [...new Set(group.flatMap(({ why }) => why ?? []))];
  return problem(first.code, say`From ${listed(servers)}: the datastore ${listed(parts)} ${first.says}`, {
    ...(servers.length === 1 ? { host: first.from } : {}),
    ...(reasons[0] === undefined ? {} : { why: reasons[0] }),
    ...(reasons.length < 2 ? {} : { details: reasons.slice(1) }),
    nextSteps: first.nextSteps,
  });
}

function noteOf({ message, why, nextSteps }: Problem): string {
  return [`${message}.`, ...(why === undefined ? [] : [why]), ...nextSteps].join(' ');
}

/** The text of the cluster file that gave the password which the datastore refused, so that it is asked for again where it was typed. */
export function refusedPassword({ cluster, datastore }: Situation): string | undefined {
  const isRefused = [...(datastore?.values() ?? [])].some(
    (seen) => seen.kind === 'tried' && seen.findings.some(({ code }) => code === 'datastore-login'),
  );
  const { endpoint } = cluster.datastore;
  if (!isRefused || endpoint === undefined) return undefined;
  const { password } = parseDatastoreEndpoint(endpoint);
  return password === undefined ? endpoint : endpoint.slice(password.start, password.end);
}

/** The servers that a plan starts or restarts, in the order of the file: they will open the datastore. */
export function openingServers({ cluster }: Situation, steps: readonly Step[]): readonly ClusterNode[] {
  const opening = new Set(steps.filter(({ kind }) => kind === start.kind || kind === restart.kind).map(({ on }) => on));
  return cluster.servers.filter(({ id }) => opening.has(id));
}
