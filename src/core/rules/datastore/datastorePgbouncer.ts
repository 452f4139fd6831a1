import { later, said, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { endpointParameters } from '../../datastore/endpoint/endpointParameters';
import type { Fix } from '../rule';
import type { WrittenEndpoint } from '../reading/datastore';
import { writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { PLACEHOLDER_DATABASE } from '../reading/placeholders';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { endpointOf, withHost } from '../reading/endpoints';

const PORT = 6432;

/** Poolers of hosted databases that hand every transaction to another connection, by host and port. */
const HOSTED: readonly {
  readonly host: RegExp;
  readonly port?: number;
  readonly what: string;
  readonly instead: string;
}[] = [
  {
    host: /\.pooler\.supabase\.com$/i,
    port: 6543,
    what: later`the transaction pooler of Supabase`,
    instead: later`its session pooler is at port 5432`,
  },
  {
    host: /-pooler\.[\w.-]*neon\.tech$/i,
    what: later`the pooler of Neon`,
    instead: later`the same name without -pooler is the database itself`,
  },
  {
    host: /\.db\.ondigitalocean\.com$/i,
    port: 25061,
    what: later`a connection pool of DigitalOcean`,
    instead: later`port 25060 is the database itself`,
  },
  {
    host: /\.db\.postgresbridge\.com$/i,
    port: 5431,
    what: later`the pooler of Crunchy Bridge`,
    instead: later`port 5432 is the database itself`,
  },
  {
    host: /\.pg\.psdb\.cloud$/i,
    port: PORT,
    what: later`the pooler of PlanetScale`,
    instead: later`port 5432 is the database itself`,
  },
];

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html */
const RDS_PROXY = /\.proxy-[\w-]+\.[\w-]+\.rds\.amazonaws\.com(?:\.cn)?$/i;

export const datastorePgbouncer = defineRule({
  id: 'datastore-pgbouncer',
  severity: 'warning',
  title: later`The PostgreSQL endpoint goes through PgBouncer`,
  rationale: `K3s uses prepared statements, which belong to one connection of the database. PgBouncer in transaction mode hands each transaction to another connection, where the statement is unknown, unless it is set up to carry prepared statements along. Pool by session, or connect to PostgreSQL itself: K3s has a connection pool of its own.

RDS Proxy keeps a connection for whoever prepares statements. That works, and the proxy is of no use then, which is told as information.`,
  sources: [SOURCES.datastore],
  check: (context) =>
    writtenEndpoints(context).flatMap((endpoint) => {
      const proxy = proxyOf(endpoint);
      if (proxy !== undefined)
        return [
          {
            ...firstPlace(context.document, value(endpoint.path)),
            severity: 'info' as const,
            message: say`${proxy} is RDS Proxy: the prepared statements of K3s pin each of its connections there, so that the proxy shares none of them. Connect to the endpoint of the database itself; K3s has a connection pool of its own.`,
          },
        ];
      const bouncer = bouncerOf(endpoint);
      if (bouncer === undefined) return [];
      const hosted = hostedPooler(bouncer);
      if (hosted !== undefined)
        return [
          {
            ...firstPlace(context.document, value(endpoint.path)),
            message: say`${bouncer.host} is ${said(hosted.what)}: K3s needs prepared statements, which fail there in transaction mode. Connect without it; ${said(hosted.instead)}.`,
          },
        ];
      const what =
        bouncer.port === PORT
          ? say`${bouncer.host}:${PORT} is the port of PgBouncer`
          : say`${bouncer.host} looks like PgBouncer`;
      return [
        {
          ...firstPlace(context.document, value(endpoint.path)),
          message: say`${what}: K3s needs prepared statements, which fail there in transaction mode. Let it pool by session, or connect to PostgreSQL itself.`,
        },
      ];
    }),
  fix: (context, finding): readonly Fix[] => {
    const endpoint = endpointOf(context, finding);
    const bouncer = endpoint === undefined ? undefined : bouncerOf(endpoint);
    if (endpoint === undefined || bouncer === undefined) return [];
    const { text, path, parsed } = endpoint;
    const { end } = bouncer.range;
    const direct = text.slice(0, end) + text.slice(end).replace(/^(\]?):6432/, '$1:5432');
    const isNamed = /pgbouncer/i.test(bouncer.host);
    if (hostedPooler(bouncer) !== undefined) return [];
    // Each host of a list would need a fix of its own, and only the user knows which of them is what.
    if (parsed.addresses.length > 1) return [];
    return [
      {
        title: isNamed
          ? say`Connect to PostgreSQL itself (replace ${PLACEHOLDER_DATABASE} by its address)`
          : say`Connect to PostgreSQL itself, on port 5432`,
        edits: setValue(
          context.document,
          path,
          isNamed ? withHost(direct, bouncer.range, PLACEHOLDER_DATABASE) : direct,
        ),
        safe: false,
      },
    ];
  },
});

/** The host of a proxy that works and is of no use. */
function proxyOf({ parsed }: WrittenEndpoint): string | undefined {
  if (parsed.driver !== 'postgres' && parsed.driver !== 'mysql') return undefined;
  return parsed.addresses.map(({ host }) => host).find((host) => RDS_PROXY.test(host));
}

function bouncerOf({ text, parsed }: WrittenEndpoint): WrittenEndpoint['parsed']['addresses'][number] | undefined {
  if (parsed.driver !== 'postgres') return undefined;
  // The driver does without prepared statements when it is told to.
  const mode = endpointParameters(text, parsed).find(({ name }) => name === 'default_query_exec_mode')?.value;
  if (mode === 'exec' || mode === 'simple_protocol') return undefined;
  return parsed.addresses.find(
    (address) => address.port === PORT || /pgbouncer/i.test(address.host) || hostedPooler(address) !== undefined,
  );
}

function hostedPooler({ host, port }: WrittenEndpoint['parsed']['addresses'][number]) {
  return HOSTED.find((pooler) => pooler.host.test(host) && (pooler.port === undefined || pooler.port === port));
}
