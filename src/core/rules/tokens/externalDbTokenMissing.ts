import { removeEntry, setValue } from '../../document/edit';
import type { Fix } from '../rule';
import { datastoreKind, datastorePlace, hasToken } from '../support/datastore';
import { defineRule } from '../support/defineRule';
import { inSequence } from '../support/inSequence';
import { scalarText, valueAt } from '../support/read';
import { SOURCES } from '../support/sources';
import { nodeLabel, nodeLabels, slug } from '../support/words';

export const externalDbTokenMissing = defineRule({
  id: 'external-db-token-missing',
  severity: 'error',
  title: 'Several servers share a database, but no token',
  rationale: `K3s keeps the cluster's certificate authorities in the datastore, encrypted with the server token. Without a token in its configuration every server invents one. The first server works; the second finds data it cannot decrypt and stops with \`bootstrap data already found and encrypted with different token\`. By then it has made certificates of its own, which have to be removed from its disk before it can join.

Old tutorials do without a token because K3s before v1.19.13, v1.20.9 and v1.21.3 let that pass.`,
  sources: [SOURCES.ha, SOURCES.token, SOURCES.bootstrap],
  check: (context) => {
    const { cluster } = context;
    const [first, ...others] = cluster.servers;
    if (first === undefined || others.length === 0 || datastoreKind(cluster) !== 'external' || hasToken(cluster)) return [];
    return [
      {
        ...datastorePlace(context),
        message:
          `No token is set: ${nodeLabel(first)} would invent one and encrypt the cluster's keys in the shared database with it, and ${nodeLabels(others)} ` +
          `would stop with "bootstrap data already found and encrypted with different token". Give all servers the same token.`,
      },
    ];
  },
  fix: ({ cluster, document }): readonly Fix[] => {
    const reference = `\${secret:${slug(cluster.name) || 'cluster'}-token}`;
    const agents = ['agents', 'config', 'token'];
    const agentToken = scalarText(valueAt(document.data, agents));
    if (agentToken === undefined) return [{ title: `Add token: ${reference}`, edits: setValue(document, ['token'], reference), safe: true }];
    const moving = inSequence(
      document,
      (current) => setValue(current, ['token'], agentToken),
      (current) => removeEntry(current, agents),
    );
    return [{ title: "Make the agents' token the token of the cluster", edits: moving, safe: true }];
  },
});
