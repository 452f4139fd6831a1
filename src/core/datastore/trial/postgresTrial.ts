import { databaseName } from '../endpoint/databaseName';
import type { DatabaseTls } from './answer';
import { decoded, loginParts } from './loginParts';
import type { DatastoreTrial, TlsTexts } from './trial';

/** PostgreSQL, by SQLSTATE. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const postgresTrial: DatastoreTrial = {
  type: 'postgres',
  accesses(endpoint, tls) {
    const { addresses, user, password, parameters } = loginParts(endpoint, 'postgres');
    const encryption = encryptionOf(parameters.get('sslmode'), tls);
    return addresses.map(({ host, port }) => ({
      type: 'postgres',
      host,
      port,
      // The driver takes the name of who runs it, and servers of K3s are run by root.
      user: user === '' ? 'root' : decoded(user),
      password: decoded(password),
      database: decoded(databaseName(endpoint, 'postgres') ?? ''),
      ...(encryption === undefined ? {} : { tls: encryption }),
    }));
  },
  needed: () => 1,
  tested: () => ['15', '16', '17'],
  refused({ code, says }, { user, database }) {
    switch (code) {
      case '3D000':
        return {
          weight: 'stops',
          code: 'datastore-database-missing',
          says: `has no database ${database}, and K3s cannot create it without the database postgres`,
          why: says,
          nextSteps: [`Create the database ${database} and give ${user} all rights on it.`],
        };
      case '28P01':
        return {
          weight: 'stops',
          code: 'datastore-login',
          says: `refuses the user ${user} or its password`,
          why: says,
          nextSteps: ['Correct user and password of the endpoint.'],
        };
      case '28000':
        return {
          weight: 'stops',
          code: 'datastore-not-admitted',
          says: `does not let ${user} in from this server`,
          why: says,
          nextSteps: [
            'Add a line for this user, the database and the addresses of the servers to pg_hba.conf and reload PostgreSQL.',
          ],
        };
      case '53300':
        return {
          weight: 'new',
          code: 'datastore-full',
          says: 'has no connection left',
          why: says,
          nextSteps: ['Raise max_connections of the database, or end what holds its connections.'],
        };
      case '57P03':
        return {
          weight: 'new',
          code: 'datastore-not-up',
          says: 'is starting or stopping',
          why: says,
          nextSteps: ['Wait until it is up, then try again.'],
        };
      default:
        return undefined;
    }
  },
  judge: () => [],
};

/**
 * kine makes verify-full of TLS files; without any, the driver prefers encryption and checks nothing.
 * https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
 */
function encryptionOf(written: string | undefined, tls: TlsTexts): DatabaseTls | undefined {
  const mode = written ?? (Object.keys(tls).length > 0 ? 'verify-full' : 'prefer');
  switch (mode) {
    case 'disable':
      return undefined;
    case 'verify-full':
      return { ...tls, checks: 'name' };
    case 'verify-ca':
      return { ...tls, checks: 'authority' };
    case 'require':
      return { ...tls, checks: tls.ca === undefined ? 'nothing' : 'authority' };
    default:
      return { ...tls, checks: 'nothing', optional: true };
  }
}
