import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix, RuleContext } from '../rule';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { optionPathsOf, removeOption } from '../reading/optionEdits';
import { firstPlace, key } from '../reading/places';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { serverToken, tokenPassword, tokenPath } from '../reading/tokens';
import { nodeLabels } from '../reading/words';

export const tokenDiffers = defineRule({
  id: 'token-differs',
  severity: 'error',
  title: later`The servers have different tokens`,
  rationale: `The token encrypts what servers share: certificate authorities and keys. A server with another token cannot read them. With embedded etcd it is turned away when it joins; with an external database it stops with \`bootstrap data already found and encrypted with different token\`.`,
  sources: [SOURCES.token, SOURCES.bootstrap],
  check: (context) => {
    const { groups, certain } = comparison(context);
    const [common, ...others] = groups;
    const [first] = others;
    if (common === undefined || first === undefined) return [];
    const place = (server: ClusterNode | undefined) => {
      const path = server === undefined ? undefined : tokenPath(context, server);
      return firstPlace(context.document, ...(path === undefined ? [] : [key(path)]));
    };
    const odd = others.flat();
    const consequence =
      datastoreKind(context.cluster) === 'external'
        ? say`stop with "bootstrap data already found and encrypted with different token"`
        : say`are turned away when they join`;
    const message = certain
      ? say`${nodeLabels(odd)} ${odd.length === 1 ? 'has' : 'have'} another token than ${nodeLabels(common)}. Servers of one cluster with different tokens ${consequence}.`
      : say`${nodeLabels(odd)} ${odd.length === 1 ? 'takes its token' : 'take their token'} from another place than ${nodeLabels(common)}. Unless both hold the same text, such servers ${consequence}.`;
    return [
      {
        ...place(first[0]),
        severity: certain ? 'error' : 'warning',
        message,
        related: [{ ...place(common[0]), message: say`The token of ${nodeLabels(common)}.` }],
      },
    ];
  },
  fix: (context): readonly Fix[] => {
    const [common] = comparison(context).groups;
    const token = common?.[0] === undefined ? undefined : serverToken(context.cluster, common[0]);
    if (common === undefined || token === undefined) return [];
    const steps = optionPathsOf(context, context.cluster.servers, 'token').map(
      (path) => (document: ClusterDocument) => removeOption(document, path),
    );
    if (context.cluster.token !== token) steps.push((document) => setValue(document, ['token'], token));
    return [
      {
        title: say`Use the token of ${nodeLabels(common)} for the whole cluster`,
        edits: inSequence(context.document, ...steps),
        safe: false,
      },
    ];
  },
});

interface Comparison {
  /** Servers by their token, those of the most common one first. */
  readonly groups: readonly (readonly ClusterNode[])[];
  /** False when references stand for some of the tokens: two names may hold the same text. */
  readonly certain: boolean;
}

/** Which servers differ; of servers with a token file nothing is known. */
function comparison({ cluster }: RuleContext): Comparison {
  const byToken = new Map<string, ClusterNode[]>();
  for (const server of cluster.servers) {
    const token = serverToken(cluster, server);
    if (token === undefined) continue;
    const password = tokenPassword(token);
    const same = byToken.get(password);
    if (same === undefined) byToken.set(password, [server]);
    else same.push(server);
  }
  const literal = [...byToken].filter(([token]) => !hasReference(token));
  const certain = literal.length > 1;
  const groups = (certain ? literal : [...byToken]).map(([, servers]) => servers);
  return { groups: groups.sort((a, b) => b.length - a.length), certain };
}
