import { datastoreHealthy } from '../k3s/controller';
import { encryptionHash, newKey, writeEncryption } from '../k3s/encryption';
import { dataDirOf } from '../k3s/run';
import { TIMINGS } from '../k3s/timings';
import type { PracticeHost } from '../machine/host';
import { fail, pause, type Command } from './command';

/** rotate-keys: data-dir, port, seconds to wait. */
export const rotateKeysCommand: Command = async (run) => {
  const { host, user, args, world, out } = run;
  const [dataDir = ''] = args;
  const server = [...world.services].find((one) => one.host === host);
  if (user !== 'root' || server === undefined || !datastoreHealthy(world, server))
    return fail(run, 'level=fatal msg="see server log for details"', 4);
  const { cluster } = server;
  const { encryption } = cluster;
  if (encryption === undefined) return fail(run, 'Encryption Status: Disabled, no configuration file found', 4);
  const hashes = new Set([...cluster.servers].map((one) => encryptionHash(one.host, dataDirOf(one.config))));
  if (hashes.size > 1) return fail(run, 'Server Encryption Hashes: hash does not match between servers', 4);
  const key = newKey(`aescbckey-${new Date(world.clock.now()).toISOString().replace(/\.\d+/, '')}`);
  const keys = [key, ...encryption.keys.slice(0, 1)];
  cluster.encryption = { keys, stage: 'reencrypt_active' };
  writeEncryption(host, dataDir, cluster.encryption);
  out('stage=reencrypt_active\n');
  if (!(await pause(run, TIMINGS.reencryption))) return 255;
  cluster.encryption = { keys, stage: 'reencrypt_finished' };
  writeEncryption(host, dataDir, cluster.encryption);
  out(`key=${key.name}\n`);
  return 0;
};

/** What the probe prints of the keys of a server; nothing where Secrets are not encrypted. */
export function encryptionLine(host: PracticeHost, dataDir: string): string {
  const file = host.files.get(`${dataDir}/server/cred/encryption-config.json`);
  const hash = encryptionHash(host, dataDir);
  if (file === undefined || hash === undefined) return '';
  const state = host.files.get(`${dataDir}/server/cred/encryption-state.json`)?.content ?? '';
  return `encryption=${file.modified} ${hash} yes ${state.split('-')[0] ?? ''}\n`;
}
