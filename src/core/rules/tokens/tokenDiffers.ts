import type { Path } from '../../base/path';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import type { ClusterNode } from '../../spec/cluster';
import type { Fix, RuleContext } from '../rule';
import { datastoreKind } from '../support/datastore';
import { defineRule } from '../support/defineRule';
import { inSequence } from '../support/inSequence';
import { firstPlace, key, optionPaths } from '../support/places';
import { SOURCES } from '../support/sources';
import { serverToken, tokenPassword, tokenPath } from '../support/tokens';
import { nodeLabels } from '../support/words';
import { removeOption } from '../support/optionEdits';

export const tokenDiffers = defineRule({
  id: 'token-differs',
  severity: 'error',
  title: 'The servers have different tokens',
  rationale: `The token encrypts what servers share: certificate authorities and keys. A server with another token cannot read them. With embedded etcd it is turned away when it joins; with an external database it stops with \`bootstrap data already found and encrypted with different token\`.`,
  sources: [SOURCES.token, SOURCES.bootstrap],
  check: (context) => {
    const [common, ...others] = groupsOf(context);
    const [first] = others;
    if (common === undefined || first === undefined) return [];
    const place = (server: ClusterNode | undefined) => {
      const path = server === undefined ? undefined : tokenPath(context, server);
      return firstPlace(context.document, ...(path === undefined ? [] : [key(path)]));
    };
    const odd = others.flat();
    const consequence =
      datastoreKind(context.cluster) === 'external' ? 'stop with "bootstrap data already found and encrypted with different token"' : 'are turned away when they join';
    return [
      {
        ...place(first[0]),
        message: `${nodeLabels(odd)} ${odd.length === 1 ? 'has' : 'have'} another token than ${nodeLabels(common)}. Servers of one cluster with different tokens ${consequence}.`,
        related: [{ ...place(common[0]), message: `The token of ${nodeLabels(common)}.` }],
      },
    ];
  },
  fix: (context): readonly Fix[] => {
    const [common] = groupsOf(context);
    const token = common?.[0] === undefined ? undefined : serverToken(context.cluster, common[0]);
    if (common === undefined || token === undefined) return [];
    const own = [...new Map(context.cluster.servers.flatMap((server) => optionPaths(context, server, 'token')).map((path) => [path.join('\u0000'), path])).values()];
    const steps = own.map((path: Path) => (document: ClusterDocument) => removeOption(document, path));
    if (context.cluster.token !== token) steps.push((document) => setValue(document, ['token'], token));
    return [{ title: `Use the token of ${nodeLabels(common)} for the whole cluster`, edits: inSequence(context.document, ...steps), safe: false }];
  },
});

/** The servers by their token, those of the most common one first; of servers with a token file nothing is known. */
function groupsOf({ cluster }: RuleContext): readonly (readonly ClusterNode[])[] {
  const groups = new Map<string, ClusterNode[]>();
  for (const server of cluster.servers) {
    const token = serverToken(cluster, server);
    if (token === undefined) continue;
    const password = tokenPassword(token);
    groups.set(password, [...(groups.get(password) ?? []), server]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}
