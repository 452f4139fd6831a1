import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { writtenMysqlEndpoints } from '../reading/mysqlEndpoints';

export const mysqlEndpointNoDatabaseSlash = defineRule({
  id: 'mysql-endpoint-no-database-slash',
  severity: 'error',
  title: later`The MySQL endpoint has no /database`,
  rationale: `The driver needs the slash that separates address and database, even when the database name after it is left out (K3s then uses \`kubernetes\`). Without it K3s stops with \`invalid DSN: missing the slash separating the database name\`.`,
  sources: [SOURCES.datastore, SOURCES.mysqlDsn],
  check: (context) =>
    writtenMysqlEndpoints(context)
      .filter(({ mysql, address }) => !mysql.hasDatabaseSlash && address !== '')
      .map(({ path, address }) => ({
        ...firstPlace(context.document, value(path)),
        message: say`The endpoint ends after ${address}: without "/database" K3s stops with "invalid DSN: missing the slash separating the database name".`,
      })),
  fix: (context, finding) =>
    writtenMysqlEndpoints(context)
      .filter(({ path }) => path.join() === finding.path.join())
      .map(({ text, path, mysql }) => ({
        title: say`Append /k3s`,
        edits: setValue(context.document, path, `${text.slice(0, mysql.range.end)}/k3s${text.slice(mysql.range.end)}`),
        safe: true,
      })),
});
