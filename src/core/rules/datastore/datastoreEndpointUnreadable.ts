import { later, say } from '../../base/say';
import { unencodedUserInfo } from '../../datastore/endpoint/postgresUrl';
import { isFilledIn } from '../reading/blanks';
import { writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { unreadableAddress } from '../reading/endpoints';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

export const datastoreEndpointUnreadable = defineRule({
  id: 'datastore-endpoint-unreadable',
  severity: 'error',
  title: later`The address in a datastore endpoint cannot be read`,
  rationale: `Between the credentials and the name of the database stands \`host:port\`. A port that is no number, brackets that are not closed or a colon too many stop K3s before it talks to anybody: \`failed to parse datastore DSN URL\`, \`invalid port after host\`, or \`default addr for network unknown\`. An IPv6 address stands in brackets: \`[fd00::10]:5432\`.`,
  sources: [SOURCES.datastore, SOURCES.kine, SOURCES.goUrl],
  check: (context) =>
    writtenEndpoints(context).flatMap((endpoint) => {
      const { text, parsed, path } = endpoint;
      const address = unreadableAddress(endpoint);
      // One cause is told once: credentials that end the URL, and what nobody has filled in, are told as that.
      if (address === undefined || !isFilledIn(text, 'endpoint')) return [];
      if (parsed.driver === 'postgres' && unencodedUserInfo(text) !== undefined) return [];
      return [
        {
          ...firstPlace(context.document, value(path)),
          message: say`"${address}" in this endpoint is no host with a port, so K3s stops before it talks to the database. Write host:port, with a number for the port and brackets around an IPv6 address.`,
        },
      ];
    }),
});
