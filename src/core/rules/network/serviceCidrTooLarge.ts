import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { SOURCES } from '../reading/sources';
import { networksOf } from '../reading/networks';
import { serversBy } from '../reading/serversBy';
import { writtenValue } from '../../cluster/written';

const SMALLEST_PREFIX = { 4: 12, 6: 112 } as const;
const DEFAULT = { 4: '10.43.0.0/16', 6: 'fd00:43::/112' } as const;

export const serviceCidrTooLarge = defineRule({
  id: 'service-cidr-too-large',
  severity: 'error',
  title: later`A service network that is too large`,
  rationale: `The API server keeps a map of all service addresses and refuses networks larger than a /12 for IPv4 and a /112 for IPv6, so K3s does not start.`,
  sources: [SOURCES.network, SOURCES.serverOptions],
  check: (context) => {
    const large = serversBy(
      context,
      'service-cidr',
      (server) =>
        networksOf(context, server).find(
          ({ kind, cidr }) => kind === 'service' && cidr.prefix < SMALLEST_PREFIX[cidr.family],
        )?.text,
    );
    return [...large].map(([text, { place }]) => {
      const family = text.includes(':') ? 6 : 4;
      return {
        ...place,
        message: say`The service network ${text} is larger than a /${SMALLEST_PREFIX[family]}, the most that Kubernetes takes for IPv${family}: the API server does not start.`,
        data: { family: String(family), text },
      };
    });
  },
  fix: ({ cluster, document }, finding) => {
    const use = DEFAULT[finding.data?.['family'] === '6' ? 6 : 4];
    const written = cluster.servers
      .map((server) => writtenValue(server, 'service-cidr'))
      .find((each) => each !== undefined);
    const single = typeof written === 'string' && !written.includes(',');
    return single ? [{ title: say`Use ${use}`, edits: setValue(document, finding.path, use), safe: false }] : [];
  },
});
