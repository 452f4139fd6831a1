import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { hasApi } from '../k3s/serverFiles';
import { dial, hostAt, type Dialed } from '../network';
import type { World } from '../world';
import { fail, type Command } from './command';

/** address-sight: address, port, name in the certificate, data-dir, own port, tries. */
export const addressSightCommand: Command = (run) => {
  const { world, host, out } = run;
  if (run.user !== 'root') return fail(run, 'Permission denied');
  const [address = '', portText = '', name = '', dataDir = '', own = '', tries = '0'] = run.args;
  const port = Number(portText);
  const doors = doorsOf(world, address);
  out(`addresses ${doors.join(' ')}\n`);
  const files = ['server/tls/server-ca.crt', 'agent/server-ca.crt'].map((path) => host.files.get(`${dataDir}/${path}`));
  const ca = files.find((file) => file !== undefined)?.content;
  const isServer = files[0] !== undefined;
  const self = own === '' ? undefined : dial(world, host, '127.0.0.1', Number(own));
  if (self !== undefined && isServer) out(`self ${apiOf(self) ?? ''}\n`);
  for (const door of doors) {
    out(`door ${door}\n`);
    const first = dial(world, host, door, port);
    if (first.kind === 'failed') {
      out(`first ${failure(first.error)}\n`);
      continue;
    }
    const { serverCa } = first.server.cluster.certificates;
    out(`subject O=k3s; CN=k3s\nissuer ${serverCa.subject}\nfirst 0 \n`);
    if (!first.server.starting) out(`authority ${createHash('sha256').update(serverCa.certificate).digest('hex')}\n`);
    if (ca === undefined) continue;
    if (ca !== serverCa.certificate) {
      const untrusted = '60 SSL certificate problem: unable to get local issuer certificate';
      out(`named ${untrusted}\ntrusted ${untrusted}\n`);
      continue;
    }
    const isNamed = first.server.cluster.names.has(name);
    out(
      isNamed ? 'named 0 \n' : `named 60 SSL: no alternative certificate subject name matches '${name}'\ntrusted 0 \n`,
    );
    for (let turn = 0; turn < Number(tries); turn += 1)
      out(`try ${attempt(dial(world, host, door, port), isServer)}\n`);
  }
  out('end\n');
  return 0;
};

/** A name stands for the targets of the load balancer. */
function doorsOf(world: World, address: string): readonly string[] {
  if (isIP(address) !== 0) return [address];
  if (world.loadBalancer?.address === address) return world.loadBalancer.targets.map((target) => target.address);
  return hostAt(world, address)?.addresses.slice(0, 1) ?? [];
}

/** Only an administrator of the simulated API is told which server it is. */
function attempt(dialed: Dialed, isServer: boolean): string {
  if (dialed.kind === 'failed') return failure(dialed.error).replace(' ', ' unknown ');
  if (!hasApi(dialed.server.config)) return '0 none ';
  return `0 ${(isServer ? apiOf(dialed) : undefined) ?? 'unknown'} `;
}

function apiOf(dialed: Dialed): string | undefined {
  if (dialed.kind === 'failed' || !dialed.server.apiUp) return undefined;
  return `${dialed.server.advertise}:${dialed.server.port}`;
}

/** What curl makes of what Go says. */
function failure(error: string): string {
  if (error.includes('connection refused')) return `7 ${error}`;
  if (error.includes('no route')) return `7 ${error}`;
  return error === 'EOF' ? `35 ${error}` : `28 ${error}`;
}
