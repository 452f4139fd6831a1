import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import type { WrittenMysqlEndpoint } from '../reading/mysqlEndpoints';
import { writtenMysqlEndpoints } from '../reading/mysqlEndpoints';

export const mysqlEndpointUnclosedParen = defineRule({
  id: 'mysql-endpoint-unclosed-paren',
  severity: 'error',
  title: later`The bracket around the MySQL address is not closed`,
  rationale: `The driver takes everything between the last \`@\` and the last \`/\` of a MySQL endpoint for \`network(address)\`, and wants a closing bracket right in front of that slash. Without it K3s stops with \`invalid DSN: network address not terminated (missing closing brace)\`.

A slash in a parameter, such as \`loc=Asia/Shanghai\`, leads to the same place: it becomes the last slash, and has to be written \`%2F\`.`,
  sources: [SOURCES.datastore, SOURCES.mysqlDsn],
  check: (context) =>
    writtenMysqlEndpoints(context)
      .filter(isUnclosed)
      .map((endpoint) => ({
        ...firstPlace(context.document, value(endpoint.path)),
        message: hasLateSlash(endpoint.address)
          ? say`A parameter holds a slash, which the driver takes for the one before the database name: K3s stops with "invalid DSN: did you forget to escape a param value?". Write %2F in the parameter.`
          : say`${endpoint.address} has no closing bracket, so K3s stops with "invalid DSN: network address not terminated (missing closing brace)".`,
      })),
  fix: (context, finding): readonly Fix[] =>
    writtenMysqlEndpoints(context)
      .filter((endpoint) => isUnclosed(endpoint) && samePath(endpoint.path, finding.path))
      .map((endpoint) => {
        const { text, path, mysql } = endpoint;
        if (!hasLateSlash(endpoint.address)) {
          return {
            title: say`Write ${endpoint.address})`,
            edits: setValue(context.document, path, `${text.slice(0, mysql.range.end)})${text.slice(mysql.range.end)}`),
            safe: true,
          };
        }
        const question = text.indexOf('?', mysql.range.start);
        const escaped = text.slice(0, question) + text.slice(question).replaceAll('/', '%2F');
        return {
          title: say`Write %2F for the slash in the parameters`,
          edits: setValue(context.document, path, escaped),
          safe: true,
        };
      }),
});

function isUnclosed({ mysql, address }: WrittenMysqlEndpoint): boolean {
  // A missing slash is what the driver complains about first; a reference may bring the bracket.
  return (
    mysql.hasDatabaseSlash &&
    address.includes('(') &&
    !/[)}]$/.test(address) &&
    (!address.includes(')') || hasLateSlash(address))
  );
}

function hasLateSlash(address: string): boolean {
  return address.includes(')/') && address.includes('?');
}
