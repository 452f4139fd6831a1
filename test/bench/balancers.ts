import { BALANCERS, balancedCluster, OPTION, SERVERS, VERSIONS, type BalancedCluster } from '../fleet/balanced';
import { startFleet, type Fleet } from '../fleet/driver/fleet';
import type { FleetHost } from '../fleet/driver/host';
import { until } from '../fleet/driver/run';
import type { Client, ClientReport } from '../support/steadyClient';
import { dropFromTutorial, startTutorialPair } from './tutorialPair';

/** A kind of load balancer on two machines that pass the fixed address between them. */
export interface Kind {
  readonly title: string;
  readonly type: 'haproxy' | 'nginx' | 'external';
  readonly unit: 'haproxy' | 'nginx';
  /** What makes the two machines the load balancer, where K3s HA does not. */
  readonly setUp?: (fleet: Fleet) => Promise<void>;
  /** Takes a server out of the load balancer for good. */
  readonly drop: (fleet: Fleet, balanced: BalancedCluster, server: string) => Promise<unknown>;
}

/** One more than etcd needs: the file may lose one. */
const ALL = [...SERVERS, 'server-4'];
const FOUNDED = { agents: [], servers: ALL };
/** How the cluster stands after the rolling restart of the first measurement. */
const STANDS = { ...FOUNDED, options: OPTION };

const dropFromFile: Kind['drop'] = (_, balanced, server) =>
  balanced.apply({ ...STANDS, servers: ALL.filter((name) => name !== server) });

export const KINDS: readonly Kind[] = [
  { title: 'HAProxy pair', type: 'haproxy', unit: 'haproxy', drop: dropFromFile },
  { title: 'nginx pair', type: 'nginx', unit: 'nginx', drop: dropFromFile },
  {
    title: 'HAProxy pair of the tutorial',
    type: 'external',
    unit: 'haproxy',
    setUp: (fleet) => startTutorialPair(fleet, ALL),
    drop: (fleet, _, server) => dropFromTutorial(fleet, server),
  },
];

interface Measured {
  readonly situation: string;
  readonly report: ClientReport;
}

/** So many answers in a row say that a situation is over. */
const OVER = 30;

/** Builds a cluster behind this kind of load balancer, brings it into one situation after another and tells what a client met. */
export async function measureBalancer(kind: Kind): Promise<readonly Measured[]> {
  const fleet = await startFleet({
    hosts: [
      ...ALL.map((name) => ({ name })),
      ...BALANCERS.map((name) => ({ name, ...(kind.setUp === undefined ? { packages: true } : { services: true }) })),
    ],
    k3sVersions: VERSIONS,
  });
  try {
    return await measured(kind, fleet);
  } finally {
    await fleet.stop();
  }
}

async function measured(kind: Kind, fleet: Fleet): Promise<readonly Measured[]> {
  await kind.setUp?.(fleet);
  const balanced = balancedCluster(fleet, kind.type);
  await balanced.apply(FOUNDED);
  await until('the API answers at the fixed address', 120_000, () =>
    balanced.kubeconfig().then(
      () => true,
      () => undefined,
    ),
  );
  const found: Measured[] = [];
  for (const [situation, { bring, end }] of Object.entries(situations(kind, fleet, balanced))) {
    const report = await balanced.meanwhile(async (client) => {
      await bring(client);
      await client.steady(OVER);
    });
    found.push({ situation, report });
    await end?.();
    await allAreUp(fleet, kind, balanced);
  }
  return found;
}

interface Situation {
  readonly bring: (client: Client) => Promise<unknown>;
  /** Brings back what was there before, while nobody asks. */
  readonly end?: () => Promise<unknown>;
}

function situations(kind: Kind, fleet: Fleet, balanced: BalancedCluster): Readonly<Record<string, Situation>> {
  const server = fleet.host('server-4');
  let holder: FleetHost;
  /** Does something to the machine that has the address. */
  const toHolder =
    (work: (host: FleetHost) => Promise<unknown>): (() => Promise<unknown>) =>
    async () =>
      work((holder = await balanced.carrier()));
  return {
    'rolling restart of the servers': { bring: () => balanced.apply(STANDS) },
    'a server is taken out of the file and stopped': {
      bring: async (client) => {
        await kind.drop(fleet, balanced, server.name);
        await client.answered(1);
        await server.mustExec('systemctl stop k3s');
      },
      end: async () => {
        await server.mustExec('systemctl start k3s');
        await kind.setUp?.(fleet);
        await balanced.apply(STANDS);
      },
    },
    'a server loses its power': { bring: () => server.powerOff(), end: () => server.powerOn() },
    'the balancer is stopped': {
      bring: toHolder((host) => host.mustExec(`systemctl stop ${kind.unit}`)),
      end: () => holder.mustExec(`systemctl start ${kind.unit}`),
    },
    'the balancer is killed': { bring: toHolder((host) => host.mustExec(`systemctl kill -s KILL ${kind.unit}`)) },
    "the balancer's machine loses its power": {
      bring: toHolder((host) => host.powerOff()),
      end: () => holder.powerOn(),
    },
  };
}

/** Waits until every server and both load balancers are well: what is measured next must not meet what was before. */
async function allAreUp(fleet: Fleet, kind: Kind, balanced: BalancedCluster): Promise<void> {
  const isActive = async (name: string, unit: string): Promise<boolean> =>
    (await fleet.host(name).exec(`systemctl is-active --quiet ${unit}`)).code === 0;
  await until('servers and load balancers are up', 120_000, async () => {
    const up = await Promise.all([
      ...ALL.map((name) => isActive(name, 'k3s')),
      ...BALANCERS.flatMap((name) => [isActive(name, kind.unit), isActive(name, 'keepalived')]),
    ]);
    return up.every(Boolean) ? true : undefined;
  });
  await balanced.carrier();
  await balanced.meanwhile((client) => client.steady(OVER));
}
