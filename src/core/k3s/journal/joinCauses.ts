import type { KnownCause } from './knownCause';

const TOKEN_FILE = '/var/lib/rancher/k3s/server/token';

/** What keeps a node from joining its cluster: tokens, addresses, names. */
export const JOIN_CAUSES: readonly KnownCause[] = [
  {
    id: 'token-ca-hash',
    says: 'token CA hash does not match the Cluster CA certificate hash',
    means: 'its token belongs to another cluster than the one that answers at its server address',
    advice: [
      `Compare the token with ${TOKEN_FILE} on a server of this cluster, and use that one.`,
      'If the token is right, the registration address leads to servers of another cluster: correct the address or the load balancer.',
    ],
    cures: 'never',
  },
  {
    id: 'token-wrong',
    says: 'not authorized',
    pattern: /\bnot authorized$|401 Unauthorized/,
    means: 'the cluster refuses its token',
    advice: {
      server: [`Use the token of the cluster: it is in ${TOKEN_FILE} on a server that runs.`],
      agent: [
        `Use the token of the cluster or its agent-token: they are in ${TOKEN_FILE} and in agent-token beside it on a server that runs.`,
      ],
    },
    cures: 'never',
  },
  {
    id: 'token-wrong-older',
    says: '/v1-k3s/server-bootstrap: 500 Internal Server Error',
    means:
      'the cluster could not give it the data of the cluster; older releases of K3s say so when the token is wrong',
    advice: [`Use the token of the cluster: it is in ${TOKEN_FILE} on a server that runs.`],
    cures: 'perhaps',
  },
  {
    id: 'token-missing',
    says: '--token is required',
    pattern: /--token is required|token must not be empty|token is required to join/,
    means: 'it has no token',
    advice: ['Add token: to the cluster file.'],
    cures: 'never',
  },
  {
    id: 'token-unreadable',
    says: 'invalid token format',
    pattern: /invalid token (?:format|CA hash length)/,
    means: 'its token is not written as K3s expects',
    advice: ['Use the whole line of the token (K10<64 hexadecimal digits>::server:<password>), or only its password.'],
    cures: 'never',
  },
  {
    id: 'node-name-taken',
    says: 'Node password rejected',
    means:
      'the cluster knows a node of this name with another password: the host was reinstalled, or another host has its name',
    advice: {
      server: [
        'If the host was reinstalled and K3s does not run under its name elsewhere, delete its old Node (kubectl delete node <name>; the password secret and the etcd member go with it).',
        'If two hosts have one name, give this one a node-name of its own.',
      ],
      agent: [
        'If the host was reinstalled, delete its old Node (kubectl delete node <name>; the secret <name>.node-password.k3s in kube-system goes with it).',
        'If two hosts have one name, give this one a node-name of its own.',
      ],
    },
    cures: 'never',
  },
  {
    id: 'joins-itself',
    says: 'remote error: tls: unrecognized name',
    means: 'the server that answers at the registration address is still starting, or is this host itself',
    advice: [
      'Wait until another server is ready; if it stays so, let the registration address lead to servers that are ready only.',
    ],
    cures: 'itself',
  },
  {
    id: 'server-unreachable',
    says: 'failed to get CA certs',
    pattern: /failed to get CA certs|Failed to validate connection to cluster/,
    means: 'no server answers at its registration address',
    advice: ['Check that this host reaches the registration address and its port, and that a server behind it runs.'],
    cures: 'itself',
  },
  {
    id: 'server-not-ready',
    says: 'Waiting to retrieve agent configuration; server is not ready: … 503',
    pattern: /Waiting to retrieve agent configuration; server is not ready:/,
    means: 'the server that it asks is still starting',
    advice: ['Look at the servers: none of those behind the registration address is ready.'],
    cures: 'itself',
  },
  {
    id: 'clock-wrong',
    says: 'certificate has expired or is not yet valid',
    pattern: /time isn't set properly|not yet valid/,
    means: 'a certificate is not valid at the time of this host',
    advice: [
      'Set the clocks of the hosts (NTP). If they are right, the certificates have run out: restart K3s on the servers, which renews them.',
    ],
    cures: 'perhaps',
  },
];
