import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balancedCluster, BALANCERS, VERSIONS, type BalancedCluster } from './balanced';
import { startFleet, type Fleet } from './driver/fleet';
import type { FleetHost } from './driver/host';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';
import { openTyping, openWatch, type IdleStream } from './idleStream';

const PROXIES = ['haproxy', 'nginx'] as const;
type Proxy = (typeof PROXIES)[number];

const MINUTE_S = 60;
/**
 * What has to survive. nginx ends a silent stream after 10 min unless told otherwise, HAProxy as Debian configures it after 50 s.
 * https://nginx.org/en/docs/stream/ngx_stream_proxy_module.html#proxy_timeout
 */
const WANTED_S = 15 * MINUTE_S;
/** `IDLE_MINUTES=15` really waits. */
const IDLE_MINUTES = Number(process.env['IDLE_MINUTES'] ?? 0);
const ALONE = { servers: ['server-1'], agents: [] };

interface Place {
  readonly fleet: Fleet;
  readonly balanced: BalancedCluster;
}

interface Streams {
  readonly watch: IdleStream;
  readonly typing: IdleStream;
}

describe.skipIf(fleetSkipReason() !== undefined)('a stream on which nothing is sent', () => {
  const places = new Map<Proxy, Place>();

  const placeOf = (proxy: Proxy): Place => {
    const place = places.get(proxy);
    if (place === undefined) throw new Error(`There is no fleet for ${proxy}`);
    return place;
  };

  const openBoth = async (proxy: Proxy): Promise<Streams> => {
    const kubeconfig = await placeOf(proxy).balanced.kubeconfig();
    return {
      watch: await openWatch(kubeconfig, (IDLE_MINUTES + 30) * MINUTE_S),
      typing: await openTyping(kubeconfig, 'server-1'),
    };
  };

  /** Both sides are still there, and each direction carries what it is there for. */
  const expectAlive = async (proxy: Proxy, { watch, typing }: Streams): Promise<void> => {
    expect([watch.ended(), typing.ended()]).toEqual([undefined, undefined]);
    expect(await typing.says()).toBe('200 OK');
    await watch.hears('"said": "late"');
    watch.end();
    typing.end();
    const label = ['label', 'node', 'server-1', 'said-'];
    expect((await placeOf(proxy).fleet.kubectl(await placeOf(proxy).balanced.kubeconfig(), label)).code).toBe(0);
  };

  beforeAll(async () => {
    await Promise.all(
      PROXIES.map(async (proxy) => {
        const fleet = await startFleet({
          hosts: [{ name: 'server-1' }, ...BALANCERS.map((name) => ({ name, packages: true }))],
          k3sVersions: VERSIONS,
          doubleSettings: { grace: 60 },
        });
        const balanced = balancedCluster(fleet, proxy);
        places.set(proxy, { fleet, balanced });
        await balanced.apply(ALONE);
      }),
    );
  });

  afterAll(async () => {
    for (const { fleet } of places.values()) {
      await fleet.stop();
      expect(await fleet.leftovers()).toEqual([]);
    }
  });

  it('has hours left by the clock of HAProxy itself', async () => {
    const streams = await openBoth('haproxy');
    const holder = await placeOf('haproxy').balanced.carrier();
    await holder.mustExec('haproxy -c -q -f /etc/haproxy/haproxy.cfg');
    for (const { port } of Object.values(streams)) expect(await secondsLeft(holder, port)).toBeGreaterThan(WANTED_S);
    await expectAlive('haproxy', streams);
  });

  it('has hours left by the configuration that nginx reads', async () => {
    const { balanced } = placeOf('nginx');
    for (const name of BALANCERS) {
      const read = await placeOf('nginx').fleet.host(name).mustExec('nginx -T 2> /dev/null');
      expect(seconds(/^\s*proxy_timeout (\S+);/m.exec(read)?.[1])).toBeGreaterThan(WANTED_S);
      expect(seconds(/^\s*worker_shutdown_timeout (\S+);/m.exec(read)?.[1])).toBeGreaterThan(WANTED_S);
    }
    expect((await balanced.carrier()).isOn()).toBe(true);
  });

  it.each(PROXIES)('is kept alive by the kernel on both sides of %s', async (proxy) => {
    const streams = await openBoth(proxy);
    const holder = await placeOf(proxy).balanced.carrier();
    const server = placeOf(proxy).fleet.host('server-1').address;
    const timers = async (...filter: readonly string[]): Promise<readonly string[]> =>
      (await holder.mustExec('ss -Htno state established "$@"', { args: filter })).trim().split('\n');
    for (const { port } of Object.values(streams))
      expect(await timers('sport', '=', ':6443', 'and', 'dport', '=', `:${port}`)).toEqual([
        expect.stringMatching(/timer:\(keepalive,/),
      ]);
    await until('both connections to the server have a timer', 10_000, async () => {
      const kept = (await timers('dst', server, 'and', 'dport', '=', ':6443')).filter((line) =>
        line.includes('timer:(keepalive,'),
      );
      return kept.length >= 2 ? true : undefined;
    });
    await expectAlive(proxy, streams);
  });

  it.each(PROXIES)('survives that %s gets another configuration', async (proxy) => {
    const { fleet, balanced } = placeOf(proxy);
    const streams = await openBoth(proxy);
    const path = proxy === 'haproxy' ? '/etc/haproxy/haproxy.cfg' : '/etc/nginx/nginx.conf';
    for (const name of BALANCERS) await fleet.host(name).mustExec('echo "# by hand" >> "$1"', { args: [path] });
    const holder = await balanced.carrier();
    const old = await workers(holder, proxy);
    expect(await balanced.apply(ALONE)).toEqual(
      expect.arrayContaining(BALANCERS.map((name) => `write-balancer:${name}:${proxy}`)),
    );
    expect(await workers(holder, proxy)).not.toEqual(old);
    await expectAlive(proxy, streams);
  });

  it.runIf(IDLE_MINUTES > 0)(
    `is there after ${IDLE_MINUTES} minutes, through HAProxy and nginx`,
    async () => {
      const opened = await Promise.all(PROXIES.map(async (proxy) => [proxy, await openBoth(proxy)] as const));
      await new Promise((resolve) => setTimeout(resolve, IDLE_MINUTES * MINUTE_S * 1000));
      for (const [proxy, streams] of opened) {
        expect(streams.watch.quietMs()).toBeGreaterThanOrEqual(IDLE_MINUTES * MINUTE_S * 1000);
        await expectAlive(proxy, streams);
      }
    },
    (IDLE_MINUTES + 5) * MINUTE_S * 1000,
  );
});

/**
 * What HAProxy says is left of a connection, by the port of its client: the time for which either side may say nothing. The `exp` of
 * the same line is when it looks at that time next, which may be far earlier.
 */
async function secondsLeft(holder: FleetHost, port: number): Promise<number> {
  const shown = await holder.mustExec('echo "show sess" | socat - UNIX-CONNECT:/run/haproxy-k3s-ha.sock');
  const line = shown.split('\n').find((each) => new RegExp(`src=\\S+:${port} `).test(each)) ?? '';
  const sides = [...line.matchAll(/\br[qp]\[[^\]]*\brx=([^,\]]+)/g)].map(([, left]) => seconds(left));
  if (sides.length !== 2)
    throw new Error(`HAProxy does not show both sides of the connection from port ${port}:\n${shown}`);
  return Math.min(...sides);
}

/** `1d2h`, `23h59m`, `50s` as seconds. */
function seconds(written = ''): number {
  const units: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };
  const parts = [...written.matchAll(/(\d+)([dhms])(?!s)/g)];
  if (parts.length === 0) throw new Error(`"${written}" is no time`);
  return parts.reduce((sum, [, number, unit = 's']) => sum + Number(number) * (units[unit] ?? 0), 0);
}

/** Ids of the processes that take new connections. */
async function workers(host: FleetHost, proxy: Proxy): Promise<readonly string[]> {
  const listed = await host.mustExec(`ss -Hltnp 'sport = :6443'`);
  const found = [...listed.matchAll(/"([^"]+)",pid=(\d+)/g)].filter(([, name]) => name === proxy);
  return found.map(([, , pid = '']) => pid).sort();
}
