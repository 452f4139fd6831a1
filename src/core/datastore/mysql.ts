import { readMysqlEndpoint } from './endpoint/mysqlEndpoint';
import type { DatastoreKind } from './kind';

/** MySQL and MariaDB. https://docs.k3s.io/datastore#datastore-endpoint-format-and-functionality */
export const mysql: DatastoreKind = {
  type: 'mysql',
  name: 'MySQL',
  label: 'MySQL',
  schemes: ['mysql'],
  port: 3306,
  home: 'outside',
  readEndpoint: readMysqlEndpoint,
  copy: ({ host, port, user, database }) => ({
    save: `mysqldump --host=${host} --port=${port} --user=${user} -p --single-transaction --databases ${database} > k3s.sql`,
    restore: `mysql --host=${host} --port=${port} --user=${user} -p < k3s.sql`,
  }),
  template: (password) => ({
    endpoint: `mysql://k3s:${password}@tcp(db.example.com:3306)/k3s`,
    label: 'MySQL or MariaDB',
  }),
};
