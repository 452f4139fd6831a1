import { later, say } from '../../base/say';
import { defineRule } from '../reading/defineRule';
import { firstPlace, samePath, value } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { listWords } from '../reading/words';
import { rewriteWithTls, tlsFilePath } from '../reading/datastoreTls';
import { etcdEndpoints } from '../reading/etcdEndpoints';
import { scalarText } from '../../cluster/configValue';

export const datastorePlainHttpEtcd = defineRule({
  id: 'datastore-plain-http-etcd',
  severity: 'warning',
  title: later`The external etcd is reached without TLS`,
  rationale: `etcd holds everything that Kubernetes knows, the Secrets among it. Over \`http://\` it is neither encrypted nor does it ask who is there: whoever reaches the port reads all Secrets and may change every object. With \`https://\` and client certificates (\`caFile\`, \`certFile\`, \`keyFile\`) only the K3s servers get in.`,
  sources: [SOURCES.datastore],
  check: (context) =>
    etcdEndpoints(context)
      .filter(({ urls }) => urls.every(({ scheme }) => scheme === 'http'))
      .map(({ path, urls }) => ({
        ...firstPlace(context.document, value(path)),
        message: say`etcd is spoken to over http:// here, without encryption and without certificates: whoever reaches ${listWords(urls.flatMap(({ host }) => host ?? []))} can read all Secrets of the cluster and change every object.`,
      })),
  fix: (context, finding) =>
    etcdEndpoints(context)
      .filter(({ path }) => samePath(path, finding.path))
      .map(({ text, path }) => {
        const lacking = (['ca', 'cert', 'key'] as const).filter(
          (file) => scalarText(valueAt(context.document.data, tlsFilePath(path, file))) === undefined,
        );
        return {
          title: say`Use https://${lacking.length === 0 ? '' : say` with certificates (correct their paths)`}`,
          edits: rewriteWithTls(context.document, path, text.replace(/http:\/\//gi, 'https://'), lacking),
          safe: false,
        };
      }),
});
