import { type PracticeHost, type UnitName, unitText } from '../machine/host';
import { k3sLog } from '../machine/journal';
import type { Program } from '../machine/unit';
import type { World } from '../world';
import { runAgent } from './agent';
import { loadConfig } from './config';
import { dataDirOf, LEADER_LOST, SHUTDOWN } from './run';
import { runServer } from './server';
import { TIMINGS } from './timings';
import { isUnpacked, unpack, unpackedFolder } from './unpacked';

/** What the K3s binary on a practice host stands for. */
export interface K3sBinary {
  readonly version: string;
}

const USUAL_PATH = '/usr/local/bin/k3s';

/** Where K3s is on a host: the program of its unit, else the first in PATH; the usual place where there is none. */
export function binaryPath(host: PracticeHost): string {
  const named = [...host.units.keys()].flatMap((unit) => {
    const path = /^ExecStart=(\S+\/k3s) /m.exec(unitText(host, unit))?.[1];
    return path === undefined ? [] : [path];
  });
  const places = [...named, USUAL_PATH, '/opt/bin/k3s'];
  return places.find((path) => host.files.get(path) !== undefined) ?? USUAL_PATH;
}

/** The release of a binary; undefined when there is none. */
export function installedVersion(host: PracticeHost, path = binaryPath(host)): string | undefined {
  return (host.files.get(path)?.meaning as K3sBinary | undefined)?.version;
}

/** Main process of the units k3s and k3s-agent. */
export function k3sProgram(world: World, host: PracticeHost, unit: UnitName): Program {
  return async ({ signal, ready }) => {
    const version = installedVersion(host);
    if (version === undefined) {
      host.journal.add(
        unit,
        `${unit}.service: Failed to locate executable ${binaryPath(host)}: No such file or directory`,
      );
      return 203;
    }
    const log = k3sLog(host.journal, unit, () => world.clock.now());
    const config = loadConfig(host, unit);
    if (!config.ok) {
      log('fatal', config.error);
      return 1;
    }
    for (const warning of config.value.warnings) log('warning', warning);
    const dataDir = dataDirOf(config.value);
    if (!isUnpacked(host, dataDir, version)) {
      log('info', `Preparing data dir ${unpackedFolder(dataDir, version)}`);
      await world.clock.sleep(TIMINGS.unpack, signal);
      unpack(host, dataDir, version);
    }
    const run = { world, host, config: config.value, version, log, signal, ready };
    const failure = await (config.value.role === 'server' ? runServer(run) : runAgent(run));
    if (failure.startsWith(SHUTDOWN)) {
      log('error', failure);
      return 0;
    }
    if (failure === LEADER_LOST) {
      host.journal.add(unit, `${klogTime(world.clock.now())}    4693 controllermanager.go:274] "${failure}"`);
      return 1;
    }
    log('fatal', `Error: ${failure}`);
    return 1;
  };
}

/** `E1127 00:18:58.000000`: severity, month and day, time of day. */
function klogTime(now: number): string {
  const [, month = '', day = '', time = ''] = /-(..)-(..)T(.*)Z$/.exec(new Date(now).toISOString()) ?? [];
  return `E${month}${day} ${time}000`;
}
