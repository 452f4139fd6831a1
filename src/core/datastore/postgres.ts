import { readPostgresEndpoint } from './endpoint/postgresEndpoint';
import type { DatastoreKind } from './kind';

/** PostgreSQL. https://docs.k3s.io/datastore#datastore-endpoint-format-and-functionality */
export const postgres: DatastoreKind = {
  type: 'postgres',
  name: 'PostgreSQL',
  label: 'PostgreSQL',
  schemes: ['postgres', 'postgresql'],
  port: 5432,
  home: 'outside',
  readEndpoint: readPostgresEndpoint,
  copy: ({ host, port, user, database }) => ({
    save: `pg_dump --host=${host} --port=${port} --username=${user} --format=custom --file=k3s.dump ${database}`,
    restore: `pg_restore --host=${host} --port=${port} --username=${user} --clean --if-exists --dbname=${database} k3s.dump`,
  }),
  template: (password) => ({ endpoint: `postgres://k3s:${password}@db.example.com:5432/k3s`, label: 'PostgreSQL' }),
};
