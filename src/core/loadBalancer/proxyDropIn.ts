import { DOWN_FILE, HEADER } from './paths';

/** The drop-in of systemd that tells keepalived at once when the proxy is stopped, killed or has crashed. */
export function dropInPath(proxy: 'haproxy' | 'nginx'): string {
  return `/etc/systemd/system/${proxy}.service.d/k3s-ha.conf`;
}

/** Its text; keepalived watches the file that it writes. */
export const PROXY_DROP_IN = `${HEADER}
[Service]
ExecStartPost=/bin/sh -c 'echo 0 > ${DOWN_FILE}'
ExecStopPost=/bin/sh -c 'echo 1 > ${DOWN_FILE}'
Restart=always
RestartSec=1
`;
