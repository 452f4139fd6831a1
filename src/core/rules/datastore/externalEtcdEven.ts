import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { addEtcdUrls, etcdEndpoints } from '../reading/etcdEndpoints';

export const externalEtcdEven = defineRule({
  id: 'external-etcd-even',
  severity: 'warning',
  title: later`External etcd with an even number of members`,
  rationale: `etcd answers only while more than half of its members do. Two members need both, four need three: an even number survives no more failures than the odd number below it, and has one more machine that can fail. Three or five members are the useful numbers.

The rule counts the endpoints that K3s is told. If the etcd cluster has more members than that, list them all, so that K3s can turn to each of them.`,
  sources: [SOURCES.datastore, SOURCES.etcdFaq],
  check: (context) =>
    etcdEndpoints(context).flatMap(({ path, urls }) => {
      const count = urls.length;
      // What is no URL of a member is another finding.
      if (count < 2 || count % 2 === 1 || urls.some(({ host }) => host === undefined)) return [];
      const survives = count / 2 - 1;
      return [
        {
          ...firstPlace(context.document, value(path)),
          message:
            count === 2
              ? say`Two etcd members need each other: when either is down, the datastore and with it the API stops. Three survive the loss of one.`
              : say`${count} etcd members survive the loss of ${survives}, as ${count - 1} would, and ${count + 1} would survive ${survives + 1}.`,
        },
      ];
    }),
  fix: (context, finding) =>
    etcdEndpoints(context)
      .filter(({ path }) => samePath(path, finding.path))
      .map((endpoint) => ({
        title: say`Add etcd-${endpoint.urls.length + 1}.example.com (replace it by the address of one more member)`,
        edits: setValue(context.document, endpoint.path, addEtcdUrls(endpoint, 1)),
        safe: false,
      })),
});
