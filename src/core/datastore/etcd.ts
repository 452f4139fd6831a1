import { later } from '../base/say';
import { readUrlEndpoints } from './endpoint/urlEndpoints';
import type { DatastoreKind } from './kind';

/** An etcd cluster of its own. https://docs.k3s.io/datastore#datastore-endpoint-format-and-functionality */
export const etcd: DatastoreKind = {
  type: 'etcd',
  name: 'etcd',
  label: later`external etcd`,
  schemes: ['https', 'http', 'unixs', 'unix'],
  port: 2379,
  home: 'outside',
  voters: later`etcd members`,
  readEndpoint: readUrlEndpoints,
  copy: ({ host, port }) => ({
    save: `etcdctl --endpoints=https://${host}:${port} --cacert=ca.crt --cert=client.crt --key=client.key snapshot save k3s.db`,
    restore:
      'etcdutl snapshot restore k3s.db --data-dir=/var/lib/etcd-restored, on each member with its own --name, --initial-cluster and --initial-advertise-peer-urls',
  }),
  template: () => ({
    endpoint: 'https://etcd-1.example.com:2379,https://etcd-2.example.com:2379,https://etcd-3.example.com:2379',
    label: later`external etcd`,
  }),
};
