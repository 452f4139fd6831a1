import { duration } from '../../base/duration';
import { count, listed } from '../../base/words';
import type { DatabaseFacts } from './answer';
import { SIMULATION } from './simulation';
import type { DatastoreTrial, Finding, TrialContext } from './trial';

const BOOTSTRAP = '/bootstrap/';

/** Connections that a server of K3s keeps open when nothing limits them, as kine's pool keeps idle ones. https://github.com/k3s-io/kine */
const CONNECTIONS = 20;
/** For people, backups and what the database itself keeps. */
const RESERVE = 10;
/** kine compacts every five minutes and keeps 1000 revisions; more than this has not been compacted for hours. */
const LAG = 100_000;
const CLOCK_S = 30;
const LATENCY_MS = 30;

/** What the answer of any database means. */
export function commonFindings(trial: DatastoreTrial, facts: DatabaseFacts, context: TrialContext): readonly Finding[] {
  return [
    ...rightsFindings(facts, context),
    ...contentFindings(facts, context),
    ...versionFindings(trial, facts),
    ...connectionFindings(facts, context),
    ...clockFindings(facts),
    ...simulationFindings(facts),
  ];
}

function rightsFindings(
  { exists, lacks, readOnly }: DatabaseFacts,
  { database, user }: TrialContext,
): readonly Finding[] {
  const found: Finding[] = [];
  if (readOnly !== undefined)
    found.push({
      weight: 'stops',
      code: 'datastore-read-only',
      says: 'takes no changes',
      why: readOnly,
      nextSteps: ['Write the address of the instance that takes changes into the endpoint.'],
    });
  if (lacks === undefined && !exists)
    found.push({
      weight: 'note',
      code: 'datastore-database-missing',
      says: `has no database ${database} yet, and does not tell whether ${user} may create it`,
      nextSteps: [`Create ${database} beforehand to be sure.`],
    });
  if (lacks === undefined || lacks.length === 0) return found;
  const missing = listed(lacks);
  found.push(
    exists
      ? {
          weight: 'stops',
          code: 'datastore-right-missing',
          says: `does not let ${user} do in ${database} what K3s does`,
          why: `Missing: ${missing}.`,
          nextSteps: [`Give ${user} all rights on the database ${database}.`],
        }
      : {
          weight: 'stops',
          code: 'datastore-database-missing',
          says: `has no database ${database} that ${user} may use, and ${user} may not create it`,
          why: `Missing: ${missing}.`,
          nextSteps: [`Create the database ${database} and give ${user} all rights on it.`],
        },
  );
  return found;
}

function contentFindings(
  { bootstrapKeys = [], revisions }: DatabaseFacts,
  { tokenHash }: TrialContext,
): readonly Finding[] {
  const hashes = bootstrapKeys.filter((key) => key.startsWith(BOOTSTRAP)).map((key) => key.slice(BOOTSTRAP.length));
  if (hashes.length === 0) return [];
  if (tokenHash === undefined || !hashes.includes(tokenHash))
    return [
      {
        weight: 'stops',
        code: 'datastore-other-cluster',
        says: 'holds the data of a cluster with another token',
        why:
          tokenHash === undefined
            ? `K3s has stored there what its servers share, and the cluster file has no token.`
            : `What its servers share is encrypted with another token than the one of the cluster file.`,
        nextSteps: [
          'Write another database into the endpoint for a new cluster, or use the token of the cluster whose data it is.',
        ],
      },
    ];
  const lag = revisions === undefined ? 0 : revisions.last - revisions.compacted;
  return [
    {
      weight: 'note',
      code: 'datastore-own-data',
      says: 'holds the data of a cluster with this token, which the servers join',
      nextSteps: [],
    },
    ...(lag <= LAG
      ? []
      : [
          {
            weight: 'note',
            code: 'datastore-compaction-behind',
            says: `has not been compacted for long: ${lag} revisions wait, so its table grows and gets slow`,
            why: `The last revision is ${revisions?.last}, compacted up to ${revisions?.compacted}.`,
            nextSteps: ['Look for "Compact failed" in the journal of k3s on the servers.'],
          } as const,
        ]),
  ];
}

function versionFindings(trial: DatastoreTrial, { product, version }: DatabaseFacts): readonly Finding[] {
  const tested = trial.tested(product);
  if (tested.length === 0 || tested.some((one) => version === one || version.startsWith(`${one}.`))) return [];
  return [
    {
      weight: 'note',
      code: 'datastore-version-untested',
      says: `is ${product} ${version}, which the K3s project does not test; it tests ${listed(tested)}`,
      nextSteps: [],
    },
  ];
}

/** PostgreSQL refuses with SQLSTATE 53300 when they are used up. https://github.com/k3s-io/k3s/issues/10733 */
function connectionFindings(
  { connections }: DatabaseFacts,
  { servers, openConnections = CONNECTIONS }: TrialContext,
): readonly Finding[] {
  if (connections === undefined) return [];
  const needed = servers * openConnections + RESERVE;
  if (connections.limit >= needed) return [];
  return [
    {
      weight: 'note',
      code: 'datastore-few-connections',
      says: `allows ${count(connections.limit, 'connection')}, of which ${connections.used} are in use; ${count(servers, 'server')} of K3s may want ${servers * openConnections}, and ${RESERVE} should be left`,
      nextSteps: [`Raise max_connections to at least ${needed + (connections.kept ?? 0)}.`],
    },
  ];
}

function simulationFindings({ settings }: DatabaseFacts): readonly Finding[] {
  if (settings[SIMULATION] === undefined) return [];
  return [
    {
      weight: 'note',
      code: 'datastore-simulated',
      says: 'is a simulation as the servers are: it judges login and content, and nothing else',
      nextSteps: [],
    },
  ];
}

function clockFindings({ clock, roundTripMs }: DatabaseFacts): readonly Finding[] {
  const away = clock === undefined ? 0 : Math.abs(clock.theirs - clock.ours);
  return [
    ...(away <= CLOCK_S
      ? []
      : [
          {
            weight: 'note',
            code: 'datastore-clock',
            says: `has a clock that is ${duration(away * 1000)} away from the one of this computer`,
            nextSteps: ['Have both synchronised (NTP).'],
          } as const,
        ]),
    ...(roundTripMs <= LATENCY_MS
      ? []
      : [
          {
            weight: 'note',
            code: 'datastore-far',
            says: `needs ${Math.round(roundTripMs)} ms for an answer; K3s waits for one at every change`,
            nextSteps: ['Bring database and servers closer together.'],
          } as const,
        ]),
  ];
}
