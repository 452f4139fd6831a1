import { parseK3sVersion, PINNED_STABLE } from '../../core/k3s/versions';
import { setEnabled, unitPath, type PracticeHost, type UnitName, environmentPath } from '../machine/host';
import { installedVersion, type K3sBinary } from '../k3s/program';

/** Releases behind the channels that the practice fleet knows. */
export const CHANNELS: Readonly<Record<string, string>> = {
  stable: PINNED_STABLE,
  latest: PINNED_STABLE,
  'v1.36': PINNED_STABLE,
  'v1.35': 'v1.35.7+k3s1',
  'v1.34': 'v1.34.10+k3s1',
};

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  amd64: 'amd64',
  aarch64: 'arm64',
  arm64: 'arm64',
  s390x: 's390x',
};

export interface InstallerInputs {
  readonly host: PracticeHost;
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of the install script. */
  readonly args: readonly string[];
  /** One line of the installer's log. */
  readonly log: (line: string) => void;
  /** Simulated milliseconds; false when the host went down meanwhile. */
  readonly pause: (ms: number) => Promise<boolean>;
}

/** Does what K3s's install.sh does and says it in the same words; gives its exit status. https://docs.k3s.io/reference/env-variables */
export async function runInstaller(inputs: InstallerInputs): Promise<number> {
  const { host, env, log, pause } = inputs;
  const info = (text: string): void => log(`[INFO]  ${text}`);
  const fatal = (text: string): number => {
    log(`[ERROR]  ${text}`);
    return 1;
  };
  const command = commandOf(env, inputs.args);
  if (typeof command === 'string') return fatal(command);
  const unit: UnitName = command[0] === 'agent' ? 'k3s-agent' : 'k3s';
  const folder = binaryFolder(env);
  const binary = `${folder}/k3s`;
  if ((env['INSTALL_K3S_NAME'] ?? '') !== '') return fatal('INSTALL_K3S_NAME is not simulated by the practice fleet');
  const arch = ARCHITECTURES[host.arch] ?? (host.arch.startsWith('arm') ? 'armhf' : undefined);
  if (arch === undefined) return fatal(`Unsupported architecture ${host.arch}`);
  const skip = env['INSTALL_K3S_SKIP_DOWNLOAD'] ?? '';
  if (skip === 'true' || skip === 'binary') {
    if (installedVersion(host, binary) === undefined) return fatal(`Executable k3s binary not found at ${binary}`);
    info('Skipping k3s download and verify');
  } else {
    const status = await download(inputs, arch, info, fatal);
    if (status !== 0) return status;
  }
  if (host.diskFull) return fatal('write error: No space left on device');
  if (!(await pause(500))) return 255;
  for (const tool of ['kubectl', 'crictl', 'ctr']) {
    const path = `${folder}/${tool}`;
    info(
      host.files.get(path) === undefined
        ? `Creating ${path} symlink to k3s`
        : `Skipping ${path} symlink to k3s, already exists`,
    );
    host.files.link(path, 'k3s');
  }
  script(host, 'Creating killall script', `${folder}/k3s-killall.sh`, info);
  script(host, 'Creating uninstall script', `${folder}/${unit}-uninstall.sh`, info);
  const before = installedText(host, binary, unit);
  info(`env: Creating environment file ${environmentPath(host, unit)}`);
  host.files.write(environmentPath(host, unit), environmentFile(env), { mode: 0o600 });
  info(`${host.init}: Creating service file ${unitPath(host, unit)}`);
  const text = host.init === 'openrc' ? openrcService : unitFile;
  host.files.write(unitPath(host, unit), text(host, binary, unit, command));
  if (env['INSTALL_K3S_SKIP_ENABLE'] === 'true') return 0;
  info(
    host.init === 'openrc' ? `openrc: Enabling ${unit} service for default runlevel` : `systemd: Enabling ${unit} unit`,
  );
  setEnabled(host, unit, true);
  if (env['INSTALL_K3S_SKIP_START'] === 'true') return 0;
  const service = host.units.get(unit);
  if (
    service?.state().active === 'active' &&
    before === installedText(host, binary, unit) &&
    env['INSTALL_K3S_FORCE_RESTART'] !== 'true'
  ) {
    info('No change detected so skipping service start');
    return 0;
  }
  info(`${host.init}: Starting ${unit}`);
  await service?.stop();
  if ((await service?.start()) === true) return 0;
  if (host.init === 'openrc') {
    log(` * ERROR: ${unit} failed to start`);
    return 1;
  }
  log(`Job for ${unit}.service failed because the control process exited with error code.`);
  log(`See "systemctl status ${unit}.service" and "journalctl -xeu ${unit}.service" for details.`);
  return 1;
}

/** Folder of the binary, its links and its scripts. */
function binaryFolder(env: Readonly<Record<string, string>>): string {
  return (env['INSTALL_K3S_BIN_DIR'] ?? '').replace(/\/+$/, '') || '/usr/local/bin';
}

/** `server` or `agent` and its arguments; a text is the reason why not. */
function commandOf(env: Readonly<Record<string, string>>, args: readonly string[]): readonly string[] | string {
  const url = env['K3S_URL'] ?? '';
  if (url !== '' && !url.startsWith('https://')) return `Only https:// URLs are supported for K3S_URL (have ${url})`;
  const words = [...(env['INSTALL_K3S_EXEC'] ?? '').split(/\s+/), ...args].filter((word) => word !== '');
  if (words[0] !== undefined && !words[0].startsWith('-')) return words;
  if (url === '') return ['server', ...words];
  if ((env['K3S_TOKEN'] ?? env['K3S_TOKEN_FILE'] ?? '') === '') {
    return "Defaulted k3s exec command to 'agent' because K3S_URL is defined, but K3S_TOKEN or K3S_TOKEN_FILE is not defined.";
  }
  return ['agent', ...words];
}

async function download(
  inputs: InstallerInputs,
  arch: string,
  info: (text: string) => void,
  fatal: (text: string) => number,
): Promise<number> {
  const { env, host, pause } = inputs;
  const channel = env['INSTALL_K3S_CHANNEL'] ?? 'stable';
  const asked = env['INSTALL_K3S_VERSION'] ?? '';
  if (asked === '') info(`Finding release for channel ${channel}`);
  const version = asked === '' ? CHANNELS[channel] : asked;
  if (version === undefined) return fatal('Download failed');
  info(`Using ${version} as release`);
  const base = `${env['INSTALL_K3S_ARTIFACT_URL'] ?? 'https://github.com/k3s-io/k3s/releases/download'}/${version.replace('+', '%2B')}`;
  info(`Downloading hash ${base}/sha256sum-${arch === 'armhf' ? 'arm' : arch}.txt`);
  if (!(await pause(300))) return 255;
  if (parseK3sVersion(version) === undefined) return fatal('Download failed');
  const path = `${binaryFolder(env)}/k3s`;
  if (installedVersion(host, path) === version) {
    info('Skipping binary downloaded, installed k3s matches hash');
    return 0;
  }
  info(`Downloading binary ${base}/k3s${arch === 'amd64' ? '' : `-${arch}`}`);
  if (!(await pause(2500))) return 255;
  if (host.diskFull) return fatal('Download failed');
  info('Verifying binary download');
  info(`Installing k3s to ${path}`);
  installBinary(host, version, path);
  return 0;
}

/** Puts a release on a host, as a download or a hand-made copy would. */
export function installBinary(host: PracticeHost, version: string, path = '/usr/local/bin/k3s'): void {
  const binary: K3sBinary = { version };
  host.files.write(path, `simulated k3s ${version}\n`, { mode: 0o755, meaning: binary });
}

function script(host: PracticeHost, what: string, path: string, info: (text: string) => void): void {
  info(`${what} ${path}`);
  host.files.write(path, '#!/bin/sh\n# simulated by the practice fleet of K3s HA\n', { mode: 0o755 });
}

function installedText(host: PracticeHost, binary: string, unit: UnitName): string {
  return [binary, unitPath(host, unit), environmentPath(host, unit)]
    .map((path) => host.files.get(path)?.content ?? '')
    .join('\0');
}

/** The variables that outlive the installation. */
function environmentFile(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .filter(([name]) => /^(K3S_|CONTAINERD_|KINE_)/.test(name) || /^(HTTP_PROXY|HTTPS_PROXY|NO_PROXY)$/i.test(name))
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}

/** As the install script writes it where it finds OpenRC. */
function openrcService(
  host: PracticeHost,
  binary: string,
  unit: UnitName,
  [command = 'server', ...args]: readonly string[],
): string {
  return `#!/sbin/openrc-run

depend() {
    after network-online
    want cgroups
}

supervisor=supervise-daemon
name=${unit}
command="${binary}"
command_args="${command} \\
${args.map((arg) => `\t'${arg}' \\\n`).join('')}    >>/var/log/${unit}.log 2>&1"

output_log=/var/log/${unit}.log
error_log=/var/log/${unit}.log

pidfile="/var/run/${unit}.pid"
respawn_delay=5
respawn_max=0

set -o allexport
if [ -f /etc/environment ]; then . /etc/environment; fi
if [ -f ${environmentPath(host, unit)} ]; then . ${environmentPath(host, unit)}; fi
set +o allexport
`;
}

function unitFile(
  host: PracticeHost,
  binary: string,
  unit: UnitName,
  [command = 'server', ...args]: readonly string[],
): string {
  return `[Unit]
Description=Lightweight Kubernetes
Documentation=https://k3s.io
Wants=network-online.target
After=network-online.target

[Install]
WantedBy=multi-user.target

[Service]
Type=notify
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-${environmentPath(host, unit)}
KillMode=process
Delegate=yes
User=root
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStart=${binary} \\
    ${command} \\
${args.map((arg) => `\t'${arg}' \\\n`).join('')}
`;
}
