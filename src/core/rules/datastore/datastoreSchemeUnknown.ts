import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import type { Fix } from '../rule';
import { writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { valueAt } from '../reading/read';
import { listReferences } from '../../cluster/references';
import { SOURCES } from '../reading/sources';
import { DATASTORES } from '../../datastore/registry';
import { scalarText } from '../../cluster/configValue';

export const datastoreSchemeUnknown = defineRule({
  id: 'datastore-scheme-unknown',
  severity: 'error',
  title: later`The datastore endpoint has no scheme that K3s knows`,
  rationale: `K3s tells the kind of datastore by the scheme in front of \`://\`: \`mysql\`, \`postgres\` or \`postgresql\`, \`nats\`, \`http\` or \`https\` (external etcd), \`sqlite\`. Anything else ends with \`invalid datastore endpoint\` or \`unknown driver\`. MariaDB is \`mysql\` as well.`,
  sources: [SOURCES.datastore, SOURCES.kine],
  check: (context) =>
    writtenEndpoints(context)
      .filter(({ text, parsed }) => parsed.driver === undefined && !startsWithReference(text))
      .map(({ path, parsed }) => ({
        ...firstPlace(context.document, value(path)),
        message:
          parsed.scheme === undefined
            ? say`The endpoint has no scheme such as mysql:// or postgres://, so K3s stops with "invalid datastore endpoint; endpoint should be a DSN URI in the format <scheme>://<authority>".`
            : say`K3s knows no datastore ${parsed.scheme}:// and stops with "unknown driver". It knows mysql://, postgres://, nats:// and, for external etcd, https://.`,
      })),
  fix: (context, finding): readonly Fix[] => {
    const endpoint = writtenEndpoints(context).find(({ path }) => path.join() === finding.path.join());
    if (endpoint === undefined) return [];
    const rest =
      endpoint.parsed.scheme === undefined ? endpoint.text : endpoint.text.slice(endpoint.text.indexOf('://') + 3);
    // Only a type that is written counts: the one that is read from an unknown scheme is a guess itself.
    const type = scalarText(valueAt(context.document.data, ['datastore', 'type']));
    const chosen = DATASTORES.find((kind) => kind.type === type && kind.home === 'outside');
    const likely = chosen?.schemes[0] ?? guess(endpoint.parsed.scheme ?? '', rest);
    return [...new Set([...(likely === undefined ? [] : [likely]), 'mysql', 'postgres', 'https'])].map((scheme) => ({
      title: say`Write ${scheme}://…`,
      edits: setValue(context.document, finding.path, `${scheme}://${rest}`),
      safe: scheme === likely,
    }));
  },
});

function guess(scheme: string, rest: string): string | undefined {
  if (/maria|mysql/.test(scheme) || rest.includes('tcp(')) return 'mysql';
  if (/^(pg|psql|postgre)/.test(scheme)) return 'postgres';
  return undefined;
}

/** The scheme may then stand in the reference. */
function startsWithReference(text: string): boolean {
  return listReferences(text)[0]?.range.start === 0;
}
