import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import type { DatastoreEndpoint } from '../../datastore/endpoint/dsn';
import { unencodedUserInfo } from '../../datastore/endpoint/postgresUrl';
import { isFilledIn } from '../reading/blanks';
import { writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { PLACEHOLDER_DATABASE } from '../reading/placeholders';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { isLoopback, unreadableAddress, withHost } from '../reading/endpoints';

export const datastoreOnLocalhost = defineRule({
  id: 'datastore-on-localhost',
  severity: 'error',
  title: later`Every server would use a database on itself`,
  rationale: `An external database is what the servers share. With \`localhost\`, a Unix socket, or a short form such as \`mysql://\` or \`postgres://\` (for which K3s fills in the local machine), each server talks to a database of its own, and so to a cluster of its own.

External etcd is left out of this rule: there it is normal that each server talks to the member on its own host.`,
  sources: [SOURCES.datastore],
  check: (context) => {
    const { cluster, document } = context;
    if (cluster.servers.length < 2) return [];
    return writtenEndpoints(context).flatMap((endpoint) => {
      const { text, parsed, path } = endpoint;
      const where = localPart(parsed);
      const isRead = unreadableAddress(endpoint) === undefined && isFilledIn(text, 'endpoint');
      if (where === undefined || !isRead || (parsed.driver === 'postgres' && unencodedUserInfo(text) !== undefined))
        return [];
      return [
        {
          ...firstPlace(document, value(path)),
          message: say`${where} means each server itself: ${nodeLabels(cluster.servers)} would use ${cluster.servers.length} different databases and form as many separate clusters.`,
        },
      ];
    });
  },
  fix: ({ cluster, document }, finding) => {
    const endpoint = writtenEndpoints({ cluster, document }).find(({ path }) => path.join() === finding.path.join());
    if (endpoint === undefined) return [];
    const text = withPlaceholder(endpoint.text, endpoint.parsed);
    return [
      {
        title: say`Name the database's machine (replace ${PLACEHOLDER_DATABASE} by its address)`,
        edits: text === undefined ? [] : setValue(document, finding.path, text),
        safe: false,
      },
    ];
  },
});

function localPart(endpoint: DatastoreEndpoint): string | undefined {
  if (endpoint.driver !== 'mysql' && endpoint.driver !== 'postgres' && endpoint.driver !== 'nats') return undefined;
  const { addresses } = endpoint;
  if (addresses.length > 0 && addresses.every(({ host }) => isLoopback(host))) return addresses[0]?.host;
  if (!endpoint.local) return undefined;
  return endpoint.mysql?.network === 'unix'
    ? say`The Unix socket of this endpoint`
    : say`An endpoint ${endpoint.scheme}:// without a host`;
}

function withPlaceholder(text: string, endpoint: DatastoreEndpoint): string | undefined {
  const [address] = endpoint.addresses;
  if (address !== undefined) return withHost(text, address.range, PLACEHOLDER_DATABASE);
  if (endpoint.mysql !== undefined) {
    const { range, hasDatabaseSlash } = endpoint.mysql;
    const user = range.start === text.indexOf('://') + 3 && range.end === range.start ? 'root@' : '';
    return `${text.slice(0, range.start)}${user}tcp(${PLACEHOLDER_DATABASE}:3306)${hasDatabaseSlash ? '' : '/kubernetes'}${text.slice(range.end)}`;
  }
  return endpoint.driver === 'postgres' ? `postgres://postgres@${PLACEHOLDER_DATABASE}:5432/kubernetes` : undefined;
}
