import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { endpointParameters, withoutParameters } from '../../datastore/endpoint/endpointParameters';
import { listReferences } from '../../cluster/references';
import type { Fix } from '../rule';
import type { WrittenEndpoint } from '../reading/datastore';
import { writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { PLACEHOLDER_DATABASE } from '../reading/placeholders';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { endpointOf, withHost } from '../reading/endpoints';

const STEPS = ['auto_increment_increment', 'auto_increment_offset'];
const GALERA = /galera|wsrep|(?:^|[.-])pxc(?:[.\d-]|$)/i;

export const datastoreGalera = defineRule({
  id: 'datastore-galera',
  severity: 'warning',
  title: later`The database has several writers`,
  rationale: `K3s numbers every change of the cluster by the database's own counter and relies on it to grow by one. Galera and other multi-master set-ups let each writer count in steps of its own (\`auto_increment_increment\` and \`auto_increment_offset\` above 1). Then numbers are missing and changes can become visible out of order, which K3s does not support.

One writer at a time is fine, with replicas that take over: point the endpoint at the writer and leave both settings at 1.`,
  sources: [SOURCES.datastore, SOURCES.kine],
  check: (context) =>
    writtenEndpoints(context).flatMap((endpoint) => {
      const what = multiMaster(endpoint);
      return what === undefined
        ? []
        : [
            {
              ...firstPlace(context.document, value(endpoint.path)),
              message: say`${what}: K3s numbers its revisions by the counter of one single writer, and with several of them it loses or reorders changes. Use a database, or an address of this one, with one writer.`,
            },
          ];
    }),
  fix: (context, finding): readonly Fix[] => {
    const endpoint = endpointOf(context, finding);
    if (endpoint === undefined) return [];
    const { text, path, parsed } = endpoint;
    const plain = withoutParameters(text, parsed, steps(endpoint));
    const [address] = parsed.addresses;
    if (address !== undefined && GALERA.test(address.host)) {
      return [
        {
          title: say`Name the one writer (replace ${PLACEHOLDER_DATABASE} by its address)`,
          edits: setValue(context.document, path, withHost(plain, address.range, PLACEHOLDER_DATABASE)),
          safe: false,
        },
      ];
    }
    return [
      {
        title: say`Remove ${steps(endpoint).join(say` and `)}`,
        edits: setValue(context.document, path, plain),
        safe: false,
      },
    ];
  },
});

/** The parameters that make the counter skip. */
function steps({ text, parsed }: WrittenEndpoint): readonly string[] {
  const isStep = ({ name, value: written }: { name: string; value: string }) =>
    STEPS.includes(name) && listReferences(written).length === 0 && Number(written) > 1;
  return endpointParameters(text, parsed)
    .filter(isStep)
    .map(({ name }) => name);
}

function multiMaster(endpoint: WrittenEndpoint): string | undefined {
  if (endpoint.parsed.driver !== 'mysql') return undefined;
  const [step] = steps(endpoint);
  if (step !== undefined) return say`${step} is above 1`;
  const host = endpoint.parsed.addresses.map((address) => address.host).find((name) => GALERA.test(name));
  return host === undefined ? undefined : say`${host} looks like a Galera cluster`;
}
