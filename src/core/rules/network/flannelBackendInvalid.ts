import { later, say } from '../../base/say';
import { closest } from '../../base/suggestion';
import { setValue } from '../../document/edit';
import { hasReached } from '../../k3s/versionGate';
import { defineRule } from '../reading/defineRule';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { serversBy } from '../reading/serversBy';
import { writtenText } from '../../cluster/written';

const BACKENDS = ['vxlan', 'host-gw', 'wireguard-native', 'none'];
/** Backends of the past with the first release that refuses them. */
const REMOVED: Readonly<Record<string, string>> = { wireguard: 'v1.26.0+k3s1', ipsec: 'v1.27.0+k3s1' };

export const flannelBackendInvalid = defineRule({
  id: 'flannel-backend-invalid',
  severity: 'error',
  title: later`A flannel backend that K3s does not have`,
  rationale: `K3s stops at a backend that it does not know: \`Cannot configure unknown flannel backend\`. \`wireguard\` went with v1.26 and \`ipsec\` with v1.27; \`wireguard-native\`, which uses the kernel's own WireGuard, replaces both.`,
  sources: [SOURCES.network, SOURCES.serverOptions],
  check: (context) => {
    const { version } = context.cluster.k3s;
    const invalid = serversBy(context, 'flannel-backend', (server) => {
      const backend = writtenText(server, 'flannel-backend');
      if (backend === undefined || hasReference(backend) || BACKENDS.includes(backend)) return undefined;
      const gone = Object.hasOwn(REMOVED, backend) ? REMOVED[backend] : undefined;
      return gone === undefined || hasReached(version, [gone]) ? backend : undefined;
    });
    return [...invalid].map(([backend, { place }]) => ({
      ...place,
      message: say`K3s stops with "Cannot configure unknown flannel backend '${backend}'".${Object.hasOwn(REMOVED, backend) ? say` wireguard-native replaces it.` : ''}`,
      data: { backend },
    }));
  },
  fix: ({ document }, finding) => {
    const backend = finding.data?.['backend'] ?? '';
    const use = Object.hasOwn(REMOVED, backend) ? 'wireguard-native' : (closest(backend, BACKENDS) ?? 'vxlan');
    return [
      { title: say`Use ${use}`, edits: setValue(document, finding.path, use), safe: Object.hasOwn(REMOVED, backend) },
    ];
  },
});
