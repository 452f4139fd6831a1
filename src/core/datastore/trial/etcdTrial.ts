import { loginParts } from './loginParts';
import type { DatastoreTrial } from './trial';

/** An etcd cluster: more than half of its members have to answer. https://etcd.io/docs/v3.5/dev-guide/api_grpc_gateway/ */
export const etcdTrial: DatastoreTrial = {
  type: 'etcd',
  accesses(endpoint, tls) {
    // K3s shows a certificate and never a user: https://github.com/k3s-io/kine/blob/master/pkg/tls/config.go
    const { addresses } = loginParts(endpoint, 'etcd');
    const encrypted = /^\s*https:/i.test(endpoint);
    return addresses.map(({ host, port }) => ({
      type: 'etcd',
      host,
      port,
      user: '',
      password: '',
      database: '',
      ...(encrypted ? { tls: { ...tls, checks: 'name' as const } } : {}),
    }));
  },
  needed: (parts) => Math.floor(parts / 2) + 1,
  tested: () => ['3.5'],
  refused: ({ code, says }) =>
    code === 'permission'
      ? {
          weight: 'stops',
          code: 'datastore-right-missing',
          says: 'does not let the client certificate read or write all keys',
          why: says,
          nextSteps: ['Give the role of this client read and write on all keys, or use a certificate that has them.'],
        }
      : undefined,
  judge: ({ settings }) => [
    ...(settings['alarms'] === undefined
      ? []
      : [
          {
            weight: 'stops',
            code: 'datastore-alarm',
            says: `has an alarm and takes no changes`,
            why: settings['alarms'],
            nextSteps: ['Compact and defragment etcd, then disarm the alarm (etcdctl alarm disarm).'],
          } as const,
        ]),
  ],
};
