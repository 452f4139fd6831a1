import { decoded, loginParts } from './loginParts';
import type { DatastoreTrial } from './trial';

/** NATS with JetStream. https://docs.nats.io/reference/reference-protocols/nats-protocol */
export const natsTrial: DatastoreTrial = {
  type: 'nats',
  accesses(endpoint, tls) {
    const { addresses, user, password, parameters } = loginParts(endpoint, 'nats');
    const protectedBy = Object.keys(tls).length === 0 ? {} : { tls: { ...tls, checks: 'name' as const } };
    return addresses.map(({ host, port }) => ({
      type: 'nats',
      host,
      port,
      user: decoded(user),
      password: decoded(password),
      database: parameters.get('bucket') ?? 'kine',
      ...protectedBy,
    }));
  },
  needed: () => 1,
  tested: () => [],
  refused: ({ code, says }, { user }) =>
    code === 'wants-tls'
      ? {
          weight: 'stops',
          code: 'datastore-wants-encryption',
          says: 'lets in only who uses TLS',
          why: says,
          nextSteps: ['Name the authority of its certificate as datastore.caFile: then K3s uses TLS.'],
        }
      : code === 'authorization'
        ? {
            weight: 'stops',
            code: 'datastore-login',
            says: user === '' ? 'asks for a user and a password' : `refuses the user ${user} or its password`,
            why: says,
            nextSteps: ['Correct user and password of the endpoint.'],
          }
        : undefined,
  judge: ({ settings, bootstrapKeys = [] }) =>
    settings['jetstream'] === 'off'
      ? [
          {
            weight: 'stops',
            code: 'datastore-no-jetstream',
            says: 'has no JetStream for this user, in which K3s keeps its data',
            why: settings['says'] ?? 'It says so when it greets.',
            nextSteps: ['Switch JetStream on in the configuration of the NATS server and for the account.'],
          },
        ]
      : settings['messages'] === undefined || settings['messages'] === '0' || bootstrapKeys.length > 0
        ? []
        : [
            {
              weight: 'note',
              code: 'datastore-has-data',
              says: `has a bucket of this name already, with ${settings['messages']} messages, among which no data of a K3s cluster is seen`,
              nextSteps: ['Give a new cluster a bucket of its own (bucket= in the endpoint).'],
            },
          ],
};
