import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { encodeUserInfo, unencodedUserInfo } from '../../datastore/endpoint/postgresUrl';
import { writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

export const postgresEndpointUnencoded = defineRule({
  id: 'postgres-endpoint-unencoded',
  severity: 'error',
  title: later`The credentials in a PostgreSQL endpoint are not percent-encoded`,
  rationale: `A PostgreSQL endpoint is a URL. In its user and password \`/\`, \`?\`, \`#\`, \`%\`, brackets, blanks and letters outside ASCII have to be percent-encoded, or the URL ends in the middle of the password: K3s stops with \`failed to parse datastore DSN URL; ensure that parameters containing special characters use percent-encoding\`. \`@\` and \`:\` happen to work unencoded.

The same goes for a password that arrives through a \`\${secret:…}\`: it is put into the endpoint as it is, so the secret has to hold the encoded form. MySQL endpoints are no URLs, and there nothing is encoded.`,
  sources: [SOURCES.datastore, SOURCES.kine, SOURCES.goUrl],
  check: (context) =>
    writtenEndpoints(context)
      .filter(({ text, parsed }) => parsed.driver === 'postgres' && unencodedUserInfo(text) !== undefined)
      .map(({ path }) => ({
        ...firstPlace(context.document, value(path)),
        message: say`The user or password of this endpoint holds a character that ends or breaks a URL (such as / ? # % [ ] ^ or a blank): K3s stops with "failed to parse datastore DSN URL; ensure that parameters containing special characters use percent-encoding".`,
      })),
  fix: (context, finding) =>
    writtenEndpoints(context).flatMap(({ text, path }) => {
      const range = samePath(path, finding.path) ? unencodedUserInfo(text) : undefined;
      if (range === undefined) return [];
      const credentials = text.slice(range.start, range.end);
      return [
        {
          title: say`Percent-encode user and password`,
          edits: setValue(
            context.document,
            path,
            text.slice(0, range.start) + encodeUserInfo(credentials) + text.slice(range.end),
          ),
          // An escape that is there already may be meant as one, or be part of the password.
          safe: !/%[0-9A-Fa-f]{2}/.test(credentials),
        },
      ];
    }),
});
