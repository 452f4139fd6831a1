import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that the driver calls, with the Debian package that has each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  iptables: 'iptables',
  openssl: 'openssl',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sshpass: 'sshpass',
  curl: 'curl',
};

const has = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));

/** Why no fleet can be made on this machine, as one sentence; undefined when it can. */
export function fleetSkipReason(): string | undefined {
  if (process.platform !== 'linux') return `Host fleet skipped: it needs Linux, this is ${process.platform}.`;
  if (process.getuid?.() !== 0)
    return 'Host fleet skipped: it needs root, for namespaces and mounts. Run the tests as root to have it.';
  const missing = Object.keys(PROGRAMS).filter((program) => !has(program));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((program) => PROGRAMS[program]))].join(' ');
    return `Host fleet skipped: ${missing.join(', ')} not found. Install with: apt-get install ${packages}`;
  }
  return undefined;
}
