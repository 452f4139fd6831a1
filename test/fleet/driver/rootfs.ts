import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { must, until } from './run';
import { OPS_PASSWORD, PLAIN_PASSWORD } from './users';

const FLEET_FOLDER = resolve(import.meta.dirname, '..');
const SUITE = 'bookworm';
const MINUTES_10 = 600_000;
const OWNER = 'builder.pid';

const BASE_PACKAGES = [
  'systemd-sysv',
  'openssh-server',
  'sudo',
  'curl',
  'ca-certificates',
  'iptables',
  'nftables',
  'iproute2',
  'iputils-ping',
  'procps',
  'dbus',
  'kmod',
  'netcat-openbsd',
  'less',
  'libpam-systemd',
  // The double of k3s is a Python program that makes its certificates with openssl.
  'openssl',
  'python3',
  'python3-yaml',
  'python3-pymysql',
];
const SERVICE_PACKAGES = [
  'haproxy',
  'keepalived',
  'mariadb-server',
  'mariadb-client',
  'etcd-server',
  'postgresql',
  'nats-server',
  'kubernetes-client',
];
/** What hosts can install themselves. */
const OFFERED_PACKAGES = ['haproxy', 'keepalived', 'nginx', 'libnginx-mod-stream', 'socat', 'ufw', 'firewalld'];
/** What makes Debian start with OpenRC, and has the tools of Alpine. */
const OPENRC_PACKAGES = ['openrc', 'busybox-static'];
const DPKG_OPTIONS = [
  'force-unsafe-io',
  'path-exclude=/usr/share/doc/*',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/locale/*',
];

/** Lower layers and keys that all fleets of this machine share. */
export interface Rootfs {
  /** Debian with systemd, OpenSSH and sudo, users made. */
  readonly base: string;
  /** Layer above the base with HAProxy, keepalived, MariaDB, PostgreSQL, etcd, NATS and kubectl. */
  readonly services: string;
  /** Layer above the base with a repository of packages for apt-get, none of them installed. */
  readonly packages: string;
  /** Layer above the base in which OpenRC is the init, busybox has the names of its tools, and neither `ss` nor anything of systemd is there. */
  readonly openrc: string;
  /** Private key that root and `auto` accept. */
  readonly identityFile: string;
  /** Authority that hosts trust for downloads. */
  readonly caFile: string;
  readonly caKeyFile: string;
  /** Where fleets keep what belongs to one run. */
  readonly runsFolder: string;
}

/** The folder of everything that is built once; must not be on an overlay file system. */
function cacheFolder(): string {
  return process.env['K3S_HA_FLEET_CACHE'] ?? resolve(FLEET_FOLDER, '../../.cache/fleet');
}

/**
 * Builds the layers on first use (under a minute on a free machine) and finds them later. The name of the folder is a hash of
 * everything that went in, so an edited recipe makes new layers. Of several processes that need them at once one builds.
 */
export async function ensureRootfs(): Promise<Rootfs> {
  const cache = cacheFolder();
  const runsFolder = join(cache, 'runs');
  await mkdir(runsFolder, { recursive: true });
  const recipe = await Promise.all(['prepareBase.sh', 'addLayer.sh'].map((name) => readFile(script(name), 'utf8')));
  const stamp = createHash('sha256')
    .update(
      JSON.stringify([
        SUITE,
        BASE_PACKAGES,
        SERVICE_PACKAGES,
        OFFERED_PACKAGES,
        OPENRC_PACKAGES,
        DPKG_OPTIONS,
        OPS_PASSWORD,
        PLAIN_PASSWORD,
        recipe,
      ]),
    )
    .digest('hex')
    .slice(0, 12);
  const folder = join(cache, `debian-${stamp}`);
  await until(
    `the layers in ${folder}, which another process builds`,
    MINUTES_10,
    async () => {
      if (existsSync(folder)) return true;
      const building = `${folder}.building`;
      if (!(await claim(building))) return undefined;
      try {
        await build(building);
        await rename(building, folder);
        return true;
      } finally {
        await rm(building, { recursive: true, force: true });
      }
    },
    500,
  );
  const at = (name: string): string => join(folder, name);
  return {
    base: at('base'),
    services: at('services'),
    packages: at('packages'),
    openrc: at('openrc'),
    identityFile: at('id_ed25519'),
    caFile: at('ca.crt'),
    caKeyFile: at('ca.key'),
    runsFolder,
  };
}

/** Nobody takes longer to write who has a folder. */
const OWNERLESS_MS = 10_000;

/** Makes the folder and writes who we are; false while another living process has it. */
async function claim(folder: string): Promise<boolean> {
  const owner = join(folder, OWNER);
  try {
    await mkdir(folder, { mode: 0o755 });
  } catch {
    const pid = await readFile(owner, 'utf8').catch(() => undefined);
    // Whoever was ended between making the folder and its owner, or while removing both, left no owner.
    const age = Date.now() - ((await stat(folder).catch(() => undefined))?.mtimeMs ?? Date.now());
    const abandoned = pid === undefined ? age > OWNERLESS_MS : !existsSync(`/proc/${pid}`);
    if (abandoned) await rm(folder, { recursive: true, force: true });
    return false;
  }
  await writeFile(owner, String(process.pid));
  return true;
}

const script = (name: string): string => join(FLEET_FOLDER, 'rootfs', name);

async function build(folder: string): Promise<void> {
  if ((await must('stat', ['-f', '-c', '%T', folder])).includes('overlay')) {
    throw new Error(
      `${folder} is on an overlay file system, which cannot carry another one. Set K3S_HA_FLEET_CACHE to a folder on ext4, xfs or btrfs.`,
    );
  }
  const at = (name: string): string => join(folder, name);
  await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test-fleet', '-f', at('id_ed25519')]);
  await must('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '3650',
    '-subj',
    '/CN=test-fleet-ca',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
  ]);
  await must(
    'mmdebstrap',
    [
      '--quiet',
      '--variant=minbase',
      `--include=${BASE_PACKAGES.join(',')}`,
      '--aptopt=APT::Install-Recommends "false"',
      ...DPKG_OPTIONS.map((option) => `--dpkgopt=${option}`),
      SUITE,
      at('base'),
    ],
    { timeoutMs: MINUTES_10 },
  );
  await must(script('prepareBase.sh'), [at('base'), at('id_ed25519.pub'), at('ca.crt'), OPS_PASSWORD, PLAIN_PASSWORD]);
  for (const [how, layer, packages] of [
    ['install', 'services', SERVICE_PACKAGES],
    ['offer', 'packages', OFFERED_PACKAGES],
    ['openrc', 'openrc', OPENRC_PACKAGES],
  ] as const) {
    await must('unshare', ['-m', script('addLayer.sh'), how, at('base'), at(layer), at('scratch'), ...packages], {
      timeoutMs: MINUTES_10,
    });
    await rm(at('scratch'), { recursive: true, force: true });
  }
  const mode = (await stat(at('id_ed25519'))).mode & 0o777;
  if (mode !== 0o600) throw new Error(`The key of the fleet is readable by others (mode ${mode.toString(8)}).`);
  await rm(at(OWNER));
}
