import type { DatastoreKind } from './kind';

/** A file on the only server; K3s's own default. https://docs.k3s.io/datastore */
export const sqlite: DatastoreKind = {
  type: 'sqlite',
  name: 'SQLite',
  label: 'SQLite',
  schemes: ['sqlite'],
  home: 'servers',
};
