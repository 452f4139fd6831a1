import { BALANCERS } from '../fleet/balanced';
import type { Fleet } from '../fleet/driver/fleet';

/** What a distribution installs as haproxy.cfg stays before what the tutorial adds, as it says. */
const ORIGINAL = '/etc/haproxy/haproxy.cfg.of-debian';
const CONFIG = '/etc/haproxy/haproxy.cfg';

/**
 * HAProxy and keepalived on two machines as https://docs.k3s.io/datastore/cluster-loadbalancer has them, with the addresses of the
 * fleet; `pgrep` for `killall -0`, which is not installed.
 */
export async function startTutorialPair(fleet: Fleet, servers: readonly string[]): Promise<void> {
  const haproxy = `
frontend k3s-frontend
    bind *:6443
    mode tcp
    option tcplog
    default_backend k3s-backend

backend k3s-backend
    mode tcp
    option tcp-check
    balance roundrobin
    default-server inter 10s downinter 5s
${servers.map((name) => `    server ${name} ${fleet.host(name).address}:6443 check\n`).join('')}`;
  const keepalived = (state: string, priority: number): string => `global_defs {
  enable_script_security
  script_user root
}

vrrp_script chk_haproxy {
    script '/usr/bin/pgrep -x haproxy'
    interval 2
}

vrrp_instance haproxy-vip {
    interface eth0
    state ${state}
    priority ${priority}

    virtual_router_id 51

    virtual_ipaddress {
        ${fleet.address(100)}/32
    }

    track_script {
        chk_haproxy
    }
}
`;
  for (const [place, name] of BALANCERS.entries()) {
    const host = fleet.host(name);
    await host.mustExec(
      `test -e ${ORIGINAL} || cp ${CONFIG} ${ORIGINAL}; { cat ${ORIGINAL}; cat; } > ${CONFIG} && haproxy -c -q -f ${CONFIG}`,
      { stdin: haproxy },
    );
    await host.mustExec('cat > /etc/keepalived/keepalived.conf', {
      stdin: place === 0 ? keepalived('MASTER', 200) : keepalived('BACKUP', 100),
    });
    await host.mustExec(
      'systemctl enable --quiet haproxy keepalived && systemctl reload-or-restart haproxy keepalived',
    );
  }
}

/** Takes a server out of the configuration on both machines, as somebody would by hand. */
export async function dropFromTutorial(fleet: Fleet, server: string): Promise<void> {
  for (const name of BALANCERS)
    await fleet
      .host(name)
      .mustExec(`sed -i "/ server $1 /d" ${CONFIG} && systemctl reload haproxy`, { args: [server] });
}
