import type { FleetHost } from './driver/host';

/** Files that are no logs and newer than the mark, and programs that listen: what looking must not change. */
const TRACES = `find /etc /var/lib /srv /root /home /tmp /usr/local -xdev -newer /run/before -type f ! -path '/var/lib/systemd/*' ! -path '*/server/db/*' ! -name '*.log' 2>/dev/null | sort
{ ss -lntuH 2>/dev/null | awk '{print $1, $5}' || netstat -lntu | awk '{print $1, $4}'; } | sort`;

/** Marks the time on each host, and gives what {@link tracesOf} tells now. */
export async function tracesBefore(hosts: readonly FleetHost[]): Promise<readonly string[]> {
  for (const host of hosts) await host.mustExec('touch /run/before');
  return tracesOf(hosts);
}

/** What has changed on each host since {@link tracesBefore}, and what listens there. */
export function tracesOf(hosts: readonly FleetHost[]): Promise<readonly string[]> {
  return Promise.all(hosts.map((host) => host.mustExec(TRACES)));
}
