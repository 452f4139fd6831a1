import { later } from '../base/say';
import { readUrlEndpoints } from './endpoint/urlEndpoints';
import type { DatastoreKind } from './kind';

/** NATS JetStream, whose old scheme is `jetstream`. https://github.com/k3s-io/kine/blob/master/examples/nats.md */
export const nats: DatastoreKind = {
  type: 'nats',
  name: 'NATS',
  label: 'NATS',
  schemes: ['nats', 'jetstream'],
  port: 4222,
  home: 'outside',
  voters: later`NATS servers`,
  readEndpoint: readUrlEndpoints,
  copy: ({ host, port, user }) => ({
    save: `nats --server=nats://${host}:${port} --user=${user} stream backup KV_kine ./k3s-nats`,
    restore: `nats --server=nats://${host}:${port} --user=${user} stream restore ./k3s-nats, after "stream rm KV_kine"`,
  }),
  template: (password) => ({
    endpoint: `nats://k3s:${password}@nats.example.com:4222?replicas=3`,
    label: 'NATS JetStream',
  }),
};
