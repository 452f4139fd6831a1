import type { BalancerFacts } from '../../src/core/facts/balancerFacts';
import type { FileFacts } from '../../src/core/facts/fileFacts';
import type { CertificateFile } from '../../src/core/k3s/certificates';
import type { HostFacts } from '../../src/core/facts/probe';
import { CONFIG_PATH, K3S_UNITS } from '../../src/core/k3s/paths';
import { certificateBytes } from '../../src/practice/k3s/certificateText';
import { probeText } from './scriptedHosts';

/** What a host with these facts prints for the probe. */
export function factsText(facts: HostFacts): string {
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  const units = K3S_UNITS.flatMap((name): [string, string][] => {
    const unit = facts.units[name];
    if (unit === undefined) return [];
    const variables = Object.entries(unit.environment).map(([key, value]) => `${key}="${value}"\n`);
    return [
      [`unit ${name}`, `${unit.active} ${unit.sub} ${unit.restarts} ${unit.enabled ? 'enabled' : 'disabled'}`],
      [`invocation ${name}`, unit.invocation],
      [`unit_file ${name}`, onOneLine(`[Service]\nExecStart=/usr/local/bin/k3s ${unit.command.join(' ')}\n`)],
      [`environment ${name} /etc/systemd/system/${name}.service.env`, onOneLine(variables.join(''))],
    ];
  });
  return probeText({
    arch: facts.arch,
    os: facts.os,
    hostname: facts.hostname,
    boot: facts.bootId,
    time: String(facts.time),
    init: facts.init,
    cpus: String(facts.cpus),
    memory_kib: String(facts.memoryKiB),
    disk_free_kib: String(facts.diskFreeKiB),
    addresses: facts.addresses.join(' '),
    default_route: yes(facts.defaultRoute),
    ports: facts.listeningPorts.join(' '),
    memory_cgroup: yes(facts.memoryCgroup),
    firewall: facts.firewall,
    ...firewallValues(facts),
    k3s_version: facts.k3sVersion ?? '',
    ...Object.fromEntries(units),
    restart_pending: yes(facts.restartPending),
    aside: yes(facts.aside),
    ...(facts.rebootFrom === undefined ? {} : { reboot_from: facts.rebootFrom }),
    ...(facts.drillTakes === undefined ? {} : { drill_takes: facts.drillTakes }),
    ...(facts.drilled === undefined ? {} : { drilled: [facts.drilled.id, ...facts.drilled.parts].join(' ') }),
    ...(facts.config === undefined ? {} : { [`config ${CONFIG_PATH}`]: onOneLine(facts.config) }),
    ...Object.fromEntries([...facts.dropIns].map(([path, text]) => [`drop_in ${path}`, onOneLine(text)])),
    ...Object.fromEntries(
      (facts.otherUnits ?? []).map(({ name, role, active, enabled }) => [
        `other_k3s ${name}`,
        `${role} ${active} ${enabled ? 'enabled' : 'disabled'}`,
      ]),
    ),
    containerd_templates: (facts.containerdTemplates ?? []).join(' '),
    etcd_data: yes(facts.etcdData),
    etcd_name: facts.etcdName ?? '',
    sqlite_data: yes(facts.sqliteData),
    server_token: yes(facts.serverToken),
    ca_hash: facts.caHash ?? '',
    token_sha256: facts.tokenSha256 ?? '',
    certificate_names: facts.certificateNames.join(' '),
    ...certificateValues(facts.certificates),
    ...(facts.encryption === undefined ? {} : { encryption: encryptionWords(facts.encryption) }),
    ...Object.fromEntries(
      [...facts.files].flatMap(([path, file], at) => [
        [`file ${at}`, fileWords(path, file)],
        ...(file.text === undefined ? [] : [[`file_text ${at}`, onOneLine(file.text)]]),
      ]),
    ),
    'placed record': onOneLine(
      [...facts.placed]
        .flatMap(([path, { sha256, restart }]) =>
          sha256.map((sum) => `${sum} ${restart ? 'restart' : 'live'} ${path}\n`),
        )
        .join(''),
    ),
    ...(facts.balancer === undefined ? {} : balancerText(facts.balancer)),
  });
}

/** What the script certificate-dates prints. */
export function certificatesText(certificates: readonly CertificateFile[]): string {
  return Object.entries(certificateValues(certificates))
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** Of ufw what it does with what no rule names; rules have no place here. */
function firewallValues({ firewallRules }: HostFacts): Record<string, string> {
  if (firewallRules?.tool !== 'ufw') return {};
  const incoming = firewallRules.otherwise === 'drop' ? 'deny' : 'allow';
  return {
    firewall_tool: 'ufw',
    'firewall_text ufw': onOneLine(`Status: active\nDefault: ${incoming} (incoming), allow (outgoing)\n`),
  };
}

function encryptionWords({ written, hash, enabled, stage }: NonNullable<HostFacts['encryption']>): string {
  return `${written} ${hash} ${enabled ? 'yes' : 'no'} ${stage}`;
}

function certificateValues(certificates: readonly CertificateFile[]): Record<string, string> {
  return Object.fromEntries(
    certificates.flatMap(({ path, serial, ends, written }) => [
      [`certificate ${path}`, certificateBytes(ends, serial).toString('base64')],
      [`written ${path}`, String(written / 1000)],
    ]),
  );
}

function fileWords(path: string, { kind, sha256, mode, owner, ids, size }: FileFacts): string {
  return kind === 'folder' ? `folder - - - 0 ${path}` : `${sha256} ${mode} ${owner} ${ids} ${size} ${path}`;
}

function balancerText(facts: BalancerFacts): Record<string, string> {
  return {
    balancer: 'yes',
    package_manager: facts.manager ?? '',
    ...Object.fromEntries(facts.programs.map((name) => [`program ${name}`, 'yes'])),
    ...Object.fromEntries([...facts.versions].map(([unit, text]) => [`program_version ${unit}`, text])),
    ...Object.fromEntries(
      [...facts.units].map(([unit, { active, enabled }]) => [
        `program_unit ${unit}`,
        `${active} ${enabled ? 'enabled' : 'disabled'}`,
      ]),
    ),
    ...Object.fromEntries([...facts.files].map(([path, text]) => [`balancer_file ${path}`, onOneLine(text)])),
    balancer_packages: facts.installed.join(' '),
    interfaces: facts.interfaces.map(({ name, address, prefix }) => `${name},${address}/${prefix}`).join(' '),
    drained: facts.drained.join(' '),
    ...(facts.addressAnswers === undefined ? {} : { address_answers: facts.addressAnswers ? 'yes' : 'no' }),
  };
}

function onOneLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
