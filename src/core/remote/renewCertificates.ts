import { problem } from '../base/problem';
import { err, ok } from '../base/result';
import type { K3sUnit } from '../k3s/paths';
import { statusCommand, type ServiceManager } from '../k3s/serviceManager';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';
import { SERVICES } from './serviceManager';

/**
 * $1: unit, $2: K3s data-dir. A server makes its certificates anew when it starts without them, so it is stopped, they are
 * put away (`server/tls-<seconds>`), and it is started; an agent gets new ones from a server at every start. One script, so
 * that a connection that goes away leaves no server stopped. https://docs.k3s.io/cli/certificate#rotating-client-and-server-certificates
 */
export const RENEW_CERTIFICATES_SCRIPT: RemoteScript = {
  id: 'renew-certificates',
  text: `export LC_ALL=C
trap '' HUP PIPE
${SERVICES}
${HOST_K3S}
before=$(systemctl show "$1" -p InvocationID | cut -d= -f2-)
systemctl daemon-reload
systemctl reset-failed "$1" 2>/dev/null
if [ "$1" = k3s-agent ]; then
  systemctl --no-block restart "$1" || exit 1
else
  systemctl stop "$1" || exit 1
  said=$(k3s certificate rotate --data-dir "$2" 2>&1) || echo "refused=$(printf '%s\\n' "$said" | tail -n 1)"
  systemctl --no-block start "$1" || exit 1
fi
echo "InvocationID=$before"`,
};

/** How a renewal began. */
export interface Renewal {
  /** The invocation of the unit before: only another one proves that K3s was started again. */
  readonly before: string;
  /** What K3s said when it did not put its certificates away; it was started with the old ones then. */
  readonly refused?: string;
}

/** Has K3s on a host begin anew, on a server without its certificates. Returns at once: K3s is on its way then. */
export function renewCertificates(unit: K3sUnit, dataDir: string, manager?: ServiceManager): RemoteCommand<Renewal> {
  return {
    script: RENEW_CERTIFICATES_SCRIPT,
    args: [unit, dataDir],
    sudo: true,
    // A unit gets 90 seconds to stop.
    timeoutMs: 180_000,
    secrets: [],
    parse: (output) => {
      const before = /^InvocationID=([0-9a-f]*)$/m.exec(output.stdout)?.[1];
      if (output.exitCode !== 0)
        return err(
          failed(
            'renewal-failed',
            `${manager === 'openrc' ? 'OpenRC' : 'systemd'} could not stop and start ${unit}`,
            output,
            [`See "${statusCommand(unit, manager)}" on the host.`],
          ),
        );
      if (before === undefined)
        return err(problem('renewal-failed', 'The host did not tell whether K3s was started again'));
      const refused = /^refused=(.*)$/m.exec(output.stdout)?.[1];
      return ok({ before, ...(refused === undefined ? {} : { refused }) });
    },
  };
}
