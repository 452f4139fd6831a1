import { randomUUID } from 'node:crypto';
import type { Problem } from '../core/base/problem';
import type { Result } from '../core/base/result';
import { listen, type Listening } from './listener';
import { isEnabled, isSilent, type PracticeHost } from './machine/host';
import { hostSsh } from './ssh/hostSsh';
import type { SshKey } from './ssh/keys';
import type { World } from './world';

/** What a host needs to let people log in. */
export interface Login {
  readonly sshPort: number;
  readonly authorizedKey: string;
  hostKey: SshKey;
}

/** Boots a host: SSH answers, enabled units start. A host that is on already stays as it is. */
export async function powerOn(
  world: World,
  host: PracticeHost,
  login: Login,
): Promise<Result<Listening, Problem> | undefined> {
  if (host.powered) return undefined;
  const listening = await openSsh(world, host, login);
  if (!listening.ok) return listening;
  host.powered = true;
  host.hung = false;
  host.bootId = randomUUID();
  world.emit({ kind: 'power', host: host.id, on: true });
  for (const [name, unit] of host.units) if (isEnabled(host, name)) void unit.start();
  return listening;
}

async function openSsh(world: World, host: PracticeHost, login: Login): Promise<Result<Listening, Problem>> {
  const sshKeys = (): string => login.hostKey.private;
  let key = sshKeys();
  let serve = hostSsh({ world, host, hostKey: key, authorizedKey: login.authorizedKey });
  const listening = await listen([host.addresses[0]], login.sshPort, (socket) => {
    if (key !== sshKeys()) {
      key = sshKeys();
      serve = hostSsh({ world, host, hostKey: key, authorizedKey: login.authorizedKey });
    }
    serve(socket);
  });
  if (!listening.ok) return listening;
  const { listener, port } = listening.value;
  if (isSilent(host)) listener.freeze(true);
  host.listeners.add(listener);
  host.ports.add(port);
  return listening;
}

/** Cuts the power: connections break, processes are gone, files stay. */
export async function powerOff(world: World, host: PracticeHost): Promise<void> {
  if (!host.powered) return;
  host.powered = false;
  host.carried.clear();
  delete host.kubeVip.running;
  host.hung = false;
  const listeners = [...host.listeners];
  host.listeners.clear();
  await Promise.all([
    ...listeners.map((listener) => listener.close()),
    ...[...host.units.values()].map((unit) => unit.kill()),
  ]);
  host.ports.clear();
  world.emit({ kind: 'power', host: host.id, on: false });
}
