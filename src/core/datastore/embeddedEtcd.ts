import { later } from '../base/say';
import type { DatastoreKind } from './kind';

/** etcd in the K3s servers themselves. https://docs.k3s.io/datastore/ha-embedded */
export const embeddedEtcd: DatastoreKind = {
  type: 'embedded-etcd',
  name: 'etcd',
  label: later`embedded etcd`,
  schemes: [],
  port: 2379,
  home: 'servers',
  voters: later`etcd members`,
};
