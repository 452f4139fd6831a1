import type { PracticeHost, UnitName } from '../machine/host';
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

export const BINARY_PATH = '/usr/local/bin/k3s';

/** The installed release; undefined when there is no binary. */
export function installedVersion(host: PracticeHost): string | undefined {
  return (host.files.get(BINARY_PATH)?.meaning as K3sBinary | undefined)?.version;
}

/** Main process of the units k3s and k3s-agent. */
export function k3sProgram(world: World, host: PracticeHost, unit: UnitName): Program {
  return async ({ signal, ready }) => {
    const version = installedVersion(host);
    if (version === undefined) {
      host.journal.add(unit, `${unit}.service: Failed to locate executable ${BINARY_PATH}: No such file or directory`);
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
