import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import type { WrittenMysqlEndpoint } from '../reading/mysqlEndpoints';
import { writtenMysqlEndpoints } from '../reading/mysqlEndpoints';

export const mysqlEndpointMissingTcp = defineRule({
  id: 'mysql-endpoint-missing-tcp',
  severity: 'error',
  title: later`The MySQL address is not wrapped in tcp(…)`,
  rationale: `A MySQL endpoint looks like a URL and is none: the driver expects \`user:password@network(address)/database\`. Without \`tcp(…)\` it takes host and port for the name of a network and K3s stops with \`default addr for network '…' unknown\`. PostgreSQL endpoints, in contrast, are URLs; that is where the mistake comes from.

For the same reason the password is written as it is, without percent-encoding.`,
  sources: [SOURCES.datastore, SOURCES.mysqlDsn],
  check: (context) =>
    writtenMysqlEndpoints(context)
      .filter(lacksTcp)
      .map(({ path, mysql }) => ({
        ...firstPlace(context.document, value(path)),
        message: say`${mysql.network} has to be written as ${wrapped(mysql.network)}: the MySQL driver takes it for the name of a network, and K3s stops with "default addr for network '${mysql.network}' unknown".`,
      })),
  fix: (context, finding) =>
    writtenMysqlEndpoints(context)
      .filter((endpoint) => lacksTcp(endpoint) && endpoint.path.join() === finding.path.join())
      .map(({ text, path, mysql }) => ({
        title: say`Write ${wrapped(mysql.network)}`,
        edits: setValue(
          context.document,
          path,
          text.slice(0, mysql.range.start) + wrapped(mysql.network) + text.slice(mysql.range.end),
        ),
        safe: true,
      })),
});

/** With parentheses the part in front of them is a network name, known or not; without them only nothing or a known name is right. */
function lacksTcp({ mysql, address }: WrittenMysqlEndpoint): boolean {
  return !address.includes('(') && !['', 'tcp', 'unix'].includes(mysql.network);
}

function wrapped(address: string): string {
  const bare = address.replace(/^tcp:(\/\/)?/, '').replace(/\)$/, '');
  return /:\d+$/.test(bare) ? `tcp(${bare})` : `tcp(${bare.replace(/:$/, '')}:3306)`;
}
