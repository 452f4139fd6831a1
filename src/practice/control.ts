import type { PracticeFleet } from './fleet';

/** A line on the practice program's standard input, read as JSON. */
type Order = Readonly<Record<string, unknown>>;

/** Does what one control line says, e.g. `{"do":"powerOff","host":"server-1"}`; the answer goes back as JSON, with the order's `id`. */
export async function control(fleet: PracticeFleet, line: string): Promise<Record<string, unknown>> {
  let order: Order;
  try {
    order = JSON.parse(line) as Order;
  } catch {
    return { ok: false, error: `not JSON: ${line}` };
  }
  try {
    await perform(fleet, order);
    return { ok: true, did: order['do'], id: order['id'] };
  } catch (error) {
    return {
      ok: false,
      did: order['do'],
      id: order['id'],
      error: error instanceof Error ? error.message : String(error),
    };
  }
}

async function perform(fleet: PracticeFleet, order: Order): Promise<void> {
  const host = String(order['host'] ?? '');
  const on = order['on'] !== false;
  switch (order['do']) {
    case 'powerOff':
      return fleet.powerOff(host);
    case 'powerOn':
      return fleet.powerOn(host);
    case 'restart':
      return fleet.restart(host);
    case 'partition':
      return fleet.partition(names(order['a']), names(order['b']));
    case 'cutOff':
      return fleet.cutOff(host, on);
    case 'heal':
      return fleet.heal();
    case 'fillDisk':
      return fleet.fillDisk(host, on);
    case 'hang':
      return fleet.hang(host, on);
    case 'missImages':
      return fleet.missImages(host, on);
    case 'fillEtcd':
      return fleet.fillEtcd(host, on);
    case 'loseTunnel':
      return fleet.loseTunnel(String(order['server'] ?? ''), host, on);
    case 'dropConnections':
      return fleet.dropConnections(host);
    case 'changeHostKey':
      return fleet.changeHostKey(host, on);
    case 'databaseDown':
      return fleet.databaseDown(String(order['endpoint'] ?? ''), on);
    default:
      throw new Error(`unknown order "${String(order['do'])}"`);
  }
}

function names(value: unknown): string[] {
  return [value].flat().map(String);
}
