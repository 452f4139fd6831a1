import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { endpointParameters, withoutParameters } from '../../datastore/endpoint/endpointParameters';
import type { Fix } from '../rule';
import type { WrittenEndpoint } from '../reading/datastore';
import { writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { hasReference, valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { rewriteWithTls, tlsFilePath } from '../reading/datastoreTls';
import { endpointOf } from '../reading/endpoints';
import { scalarText } from '../../cluster/configValue';

export const mysqlTlsParam = defineRule({
  id: 'mysql-tls-param',
  severity: 'warning',
  title: later`A MySQL endpoint with a tls parameter`,
  rationale: `K3s sets up TLS for MySQL by the datastore files alone: with a CA or a client certificate given, it connects by TLS and always verifies the server. The driver's own \`tls\` parameter cannot be used with K3s, and verification cannot be switched off by it. Give the CA that signed the database's certificate instead.`,
  sources: [SOURCES.datastore, SOURCES.mysqlTls],
  check: (context) =>
    writtenEndpoints(context).flatMap((endpoint) => {
      const written = tlsParameter(endpoint);
      if (written === undefined) return [];
      const shown = hasReference(written) ? 'tls' : `tls=${written}`;
      return [
        {
          ...firstPlace(context.document, value(endpoint.path)),
          message: say`${shown} cannot be set in an endpoint of K3s: TLS to MySQL is switched on by naming the CA (${String(tlsFilePath(endpoint.path, 'ca').at(-1))}), and then the server is always verified.`,
        },
      ];
    }),
  fix: (context, finding): readonly Fix[] => {
    const endpoint = endpointOf(context, finding);
    if (endpoint === undefined) return [];
    const { text, path, parsed } = endpoint;
    const plain = withoutParameters(text, parsed, ['tls']);
    const ca = tlsFilePath(path, 'ca');
    const name = String(ca.at(-1));
    if (scalarText(valueAt(context.document.data, ca)) !== undefined) {
      return [
        { title: say`Remove tls; ${name} switches TLS on`, edits: setValue(context.document, path, plain), safe: true },
      ];
    }
    return [
      {
        title: say`Name the CA in ${name} instead (correct its path)`,
        edits: rewriteWithTls(context.document, path, plain, ['ca']),
        safe: false,
      },
    ];
  },
});

/** `tls=false` says what holds anyway. */
function tlsParameter({ text, parsed }: WrittenEndpoint): string | undefined {
  if (parsed.driver !== 'mysql') return undefined;
  return endpointParameters(text, parsed).find(({ name, value: written }) => name === 'tls' && written !== 'false')
    ?.value;
}
