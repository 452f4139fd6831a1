import type { KnownCause } from './knownCause';

/** Configurations that K3s refuses. */
export const CONFIG_CAUSES: readonly KnownCause[] = [
  {
    id: 'server-option-on-agent',
    says: 'flag provided but not defined',
    means: 'it does not know an option of its configuration',
    advice: {
      server: ['Remove this option from servers.config, or check its name: this version of K3s does not have it.'],
      agent: ['Remove this option from agents.config: it exists for servers only, or not in this version of K3s.'],
    },
    cures: 'never',
  },
  {
    id: 'yaml-broken',
    says: 'yaml: line 2: did not find …',
    pattern: /\byaml: (?:line \d+|unmarshal errors)/,
    means: 'its config.yaml, or a file in config.yaml.d, is not YAML',
    advice: [
      'Correct the line that the message names in /etc/rancher/k3s/config.yaml or config.yaml.d/*.yaml on the host, or remove the file and run again.',
    ],
    cures: 'never',
  },
  {
    id: 'critical-mismatch',
    says: 'critical configuration value mismatch between servers',
    pattern: /critical configuration (?:value )?mismatch/,
    means: 'an option that must be equal on all servers differs from the cluster',
    advice: [
      'Make the named option equal on all servers. Secrets encryption, networks and the datastore of a running cluster cannot be changed by one server alone.',
    ],
    cures: 'never',
    detail: /critical configuration mismatched: (.+)/,
  },
  {
    id: 'ip-family-mismatch',
    says: 'must share the same IP version',
    means: 'its addresses and networks are not of the same IP family',
    advice: [
      'Give node-ip an address of each family of cluster-cidr and service-cidr, in the same order, or take the second family out of all of them.',
    ],
    cures: 'never',
  },
  {
    id: 'interface-without-address',
    says: 'does not have a correct global unicast ip',
    means: 'the network interface that flannel is to use does not exist on this host or has no address',
    advice: [
      'Set flannel-iface to an interface of this host (ip -brief address), or remove it: K3s then takes that of the default route.',
    ],
    cures: 'never',
  },
  {
    id: 'bad-taint',
    says: 'failed to parse node taints',
    means: 'it cannot read a taint of node-taint',
    advice: ['Write one taint per list element: key=value:Effect.'],
    cures: 'never',
  },
  {
    id: 'label-refused',
    says: "unknown 'kubernetes.io' or 'k8s.io' labels",
    means: 'a kubelet must not set a label of node-label itself',
    advice: ['Remove the label from node-label; set it with kubectl after the node has joined.'],
    cures: 'never',
  },
  {
    id: 'bad-cidr',
    says: 'invalid CIDR address',
    means: 'a network of its configuration is not written as a CIDR',
    advice: ['Correct the network that the message names, for example 10.42.0.0/16.'],
    cures: 'never',
  },
  {
    id: 'invalid-flags',
    says: 'invalid flag use',
    means: 'options of its configuration exclude or need one another',
    advice: ['Change the options that the message names.'],
    cures: 'never',
  },
];
