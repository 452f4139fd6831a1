import type { DatastoreKind } from './kind';

/** A file on the only server; K3s's own default. https://docs.k3s.io/datastore */
export const sqlite: DatastoreKind = {
  type: 'sqlite',
  name: 'SQLite',
  label: 'SQLite',
  schemes: ['sqlite'],
  home: 'servers',
  copy: () => ({
    save: 'systemctl stop k3s && cp -a /var/lib/rancher/k3s/server/db /root/k3s-db; systemctl start k3s',
    restore: 'rm -rf /var/lib/rancher/k3s/server/db && cp -a /root/k3s-db /var/lib/rancher/k3s/server/db',
  }),
};
