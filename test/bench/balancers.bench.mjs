// What a client notices through each kind of load balancer: it asks every 100 ms, each time over a new connection, on the host fleet with real
// HAProxy, nginx and keepalived; K3s is a double.
import { fromSource } from './source.mjs';

const lib = () =>
  fromSource(
    'balancers',
    `export { KINDS, measureBalancer } from './test/bench/balancers';
    export { fleetSkipReason } from './test/fleet/driver/requirements';`,
  );

export const name = 'failed requests through a load balancer';

export async function impossible() {
  const reason = (await lib()).fleetSkipReason();
  return reason === undefined ? undefined : `measured on Linux as root only. ${reason}`;
}

export async function run() {
  const { KINDS, measureBalancer } = await lib();
  const rows = [];
  for (const kind of KINDS) {
    for (const { situation, report } of await measureBalancer(kind))
      rows.push({
        what: `${kind.title}: ${situation}`,
        value: report.failed.length,
        unit: 'failed',
        note: `of ${report.requests}; longest gap ${(report.longestGapMs / 1000).toFixed(2)} s, slowest answer ${(report.slowestMs / 1000).toFixed(2)} s`,
      });
  }
  return rows;
}
