import { hasReached } from '../../k3s/versionGate';
import { databaseName } from '../endpoint/databaseName';
import type { Finding, DatastoreTrial } from './trial';
import { loginParts } from './loginParts';

/** The first K3s whose index fits into 767 bytes. */
const NARROW_INDEX = ['v1.25.4+k3s1'];

const LOGIN: Omit<Finding, 'why' | 'says'> = {
  weight: 'stops',
  code: 'datastore-login',
  nextSteps: ['Correct user and password of the endpoint, and let the user in from the addresses of the servers.'],
};
const FULL: Omit<Finding, 'why'> = {
  weight: 'new',
  code: 'datastore-full',
  says: 'has no connection left',
  nextSteps: ['Raise max_connections of the database, or end what holds its connections.'],
};

/** MySQL and MariaDB, by the numbers of their errors. https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html */
export const mysqlTrial: DatastoreTrial = {
  type: 'mysql',
  accesses(endpoint, tls) {
    const { addresses, user, password } = loginParts(endpoint, 'mysql');
    const protectedBy = Object.keys(tls).length === 0 ? {} : { tls: { ...tls, checks: 'name' as const } };
    return addresses.map(({ host, port }) => ({
      type: 'mysql',
      host,
      port,
      user: user === '' ? 'root' : user,
      password,
      database: databaseName(endpoint, 'mysql') ?? '',
      ...protectedBy,
    }));
  },
  needed: () => 1,
  tested: (product) => (product === 'MariaDB' ? ['10.11', '11.4'] : ['8.0', '8.4']),
  refused({ code, says }, { user }) {
    switch (code) {
      case '1045':
      case '1698':
        return { ...LOGIN, says: `refuses the user ${user} or its password`, why: says };
      case '1130':
      case '1129':
        return { ...LOGIN, code: 'datastore-not-admitted', says: 'lets nobody in from this server', why: says };
      case '1040':
      case '1203':
        return { ...FULL, why: says };
      case '3159':
        return {
          weight: 'stops',
          code: 'datastore-wants-encryption',
          says: 'lets in only who uses TLS',
          why: says,
          nextSteps: ['Name the authority of its certificate as datastore.caFile: then K3s uses TLS.'],
        };
      default:
        return undefined;
    }
  },
  judge({ product, settings, bootstrapKeys = [] }, { k3sVersion }) {
    const narrow =
      settings['innodb_large_prefix']?.toUpperCase() === 'OFF' ||
      /^(?:compact|redundant)$/i.test(settings['innodb_default_row_format'] ?? '');
    return [
      ...(/^(?:ON|1)$/i.test(settings['innodb_snapshot_isolation'] ?? '')
        ? [
            {
              weight: 'new',
              code: 'datastore-snapshot-isolation',
              says: 'has innodb_snapshot_isolation on, with which K3s cannot compact its table: it grows without end',
              why: `${product} refuses the compaction with "Error 1020: Record has changed since last read in table 'kine'".`,
              nextSteps: ['Set innodb_snapshot_isolation=OFF in the configuration of the server and restart it.'],
            } as const,
          ]
        : []),
      ...(Number(settings['auto_increment_increment'] ?? 1) > 1 || /^(?:ON|1)$/i.test(settings['wsrep_on'] ?? '')
        ? [
            {
              weight: 'note',
              code: 'datastore-several-writers',
              says: 'takes changes in several places (Galera or auto_increment_increment above 1), which K3s does not support',
              nextSteps: ['Write the address of the only instance that takes changes into the endpoint.'],
            } as const,
          ]
        : []),
      ...(narrow && bootstrapKeys.length === 0 && !hasReached(k3sVersion, NARROW_INDEX)
        ? [
            {
              weight: 'stops',
              code: 'datastore-narrow-index',
              says: `cannot hold the index of K3s ${k3sVersion ?? ''}: the server would stop with "Error 1071: Specified key was too long"`,
              why: `innodb_large_prefix is ${settings['innodb_large_prefix'] ?? 'absent'}, innodb_default_row_format ${settings['innodb_default_row_format'] ?? 'absent'}.`,
              nextSteps: ['Set innodb_large_prefix=ON and dynamic rows in the database, or use K3s v1.25.4 or newer.'],
            } as const,
          ]
        : []),
    ];
  },
};
