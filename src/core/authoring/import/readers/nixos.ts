import type { InstallCommand, OptionValue, Reading, SourceText } from '../installCommand';
import { attributesIn, type NixValue } from '../nixText';
import { splitArguments } from '../optionArguments';
import { quotedList } from '../quoted';
import { fromScript } from '../scriptCommand';
import type { Reader } from './reader';

/** Attributes of the module, by what K3s calls the same. https://github.com/NixOS/nixpkgs/blob/master/nixos/modules/services/cluster/k3s/default.nix */
const OPTIONS: Readonly<Record<string, string>> = {
  serverAddr: 'server',
  token: 'token',
  tokenFile: 'token-file',
  agentToken: 'agent-token',
  agentTokenFile: 'agent-token-file',
  clusterInit: 'cluster-init',
  disableAgent: 'disable-agent',
  disable: 'disable',
  nodeName: 'node-name',
  nodeIP: 'node-ip',
  nodeExternalIP: 'node-external-ip',
  nodeLabel: 'node-label',
  nodeTaint: 'node-taint',
  selinux: 'selinux',
};

/** `services.k3s` of a NixOS configuration. */
export const nixos: Reader = {
  name: 'a NixOS configuration',
  claims: ({ text }) =>
    /\bservices\.k3s\b|\bservices[ \t]*=[ \t]*\{[\s\S]*\bk3s\b(?:\.\w+)?[ \t]*=/.test(text) &&
    attributesIn(text, ['services', 'k3s']).size > 0,
  read(sources) {
    const read = sources.map(readOne);
    return { commands: read.flatMap(({ commands }) => commands), notes: read.flatMap(({ notes }) => notes) };
  },
};

function readOne({ text }: SourceText): Reading {
  const attributes = attributesIn(text, ['services', 'k3s']);
  const options: Record<string, OptionValue> = {};
  const left: string[] = [];
  for (const [name, value] of attributes) {
    const option = OPTIONS[name];
    if (/^(?:enable|role|extraFlags|package)$/.test(name)) continue;
    if (option !== undefined && value.kind !== 'other') options[option] = value.value;
    else if (!(value.kind === 'one' && value.value === false)) left.push(`${name} = ${value.text}`);
  }
  const flags = wordsOf(attributes.get('extraFlags'));
  const role = attributes.get('role')?.text === '"agent"' ? 'agent' : 'server';
  const read = fromScript({ args: [role, ...flags], variables: versionOf(attributes.get('package')) });
  const network = attributesIn(text, ['networking']);
  const named = network.get('hostName');
  const address = /\baddress[ \t]*=[ \t]*"(\d+\.\d+\.\d+\.\d+)"/.exec(text)?.[1];
  const command: InstallCommand = {
    ...read,
    options: {
      ...(named?.kind === 'one' && typeof named.value === 'string' ? { 'node-name': named.value } : {}),
      ...options,
      ...read.options,
    },
    ...(address === undefined ? {} : { host: address }),
  };
  return {
    commands: [command],
    notes: [
      'Of the NixOS configuration services.k3s, the name of the host and its first address were read. NixOS installs K3s from its own configuration: K3s HA would install it with the script, unless k3s.install.method says preinstalled.',
      ...(left.length === 0 ? [] : [`Attributes of services.k3s that were not taken over: ${quotedList(left)}.`]),
    ],
  };
}

function wordsOf(value: NixValue | undefined): readonly string[] {
  if (value === undefined || value.kind === 'other' || typeof value.value === 'boolean') return [];
  return [value.value].flat().flatMap((text) => splitArguments(text));
}

/** `pkgs.k3s_1_30` is a release line. */
function versionOf(value: NixValue | undefined): Record<string, string> {
  const [, minor] = /\bk3s_1_(\d+)\b/.exec(value?.text ?? '') ?? [];
  return minor === undefined ? {} : { INSTALL_K3S_CHANNEL: `v1.${minor}` };
}
