import { hostPort, type Backend } from './backends';
import { HAPROXY_BACKEND, HAPROXY_SOCKET, HEADER } from './paths';

/** What HAProxy is to do. */
export interface HaproxyInput {
  readonly port: number;
  /** The fixed address is one of IPv6. */
  readonly ipv6: boolean;
  readonly backends: readonly Backend[];
}

/**
 * haproxy.cfg: TCP to every server whose API answers. K3s answers /readyz without a certificate by 401 as soon as there is
 * an API, and by 503 before; a server that stops or falls silent gives its clients back at once, and one that comes back
 * gets them little by little, because 401 comes some seconds before the API is ready.
 * Idle streams (watch, exec, logs -f) live for a day, and the kernel sees to it that a dead peer is noticed.
 * https://docs.k3s.io/datastore/cluster-loadbalancer https://docs.haproxy.org/2.6/configuration.html
 */
export function haproxyConfig({ port, ipv6, backends }: HaproxyInput): string {
  const servers = backends.map((backend) => `  server ${backend.name} ${hostPort(backend)}`);
  return `${[
    HEADER,
    'global',
    '  log /dev/log daemon notice',
    '  chroot /var/lib/haproxy',
    '  user haproxy',
    '  group haproxy',
    '  maxconn 8000',
    '  # A reload leaves the streams that run to the old process, for this long.',
    '  hard-stop-after 1h',
    `  stats socket ${HAPROXY_SOCKET} user root group root mode 600 level admin`,
    '  stats timeout 30s',
    '',
    'defaults',
    '  log global',
    '  mode tcp',
    '  option dontlognull',
    '  option clitcpka',
    '  option srvtcpka',
    '  option redispatch 1',
    '  retries 3',
    '  timeout connect 2s',
    '  timeout check 2s',
    '  timeout queue 10s',
    '  timeout client 24h',
    '  timeout server 24h',
    '  timeout tunnel 24h',
    '',
    'frontend k3s',
    ipv6 ? `  bind :::${port} v4v6` : `  bind *:${port}`,
    `  default_backend ${HAPROXY_BACKEND}`,
    '',
    `backend ${HAPROXY_BACKEND}`,
    '  balance leastconn',
    '  option httpchk GET /readyz',
    '  http-check expect rstatus ^(200|401)$',
    '  default-server check check-ssl verify none inter 1s fall 2 rise 2 slowstart 10s init-addr libc,none on-marked-down shutdown-sessions',
    ...servers,
    '',
    'frontend statistics',
    '  bind 127.0.0.1:8404',
    '  mode http',
    '  timeout client 10s',
    '  stats enable',
    '  stats uri /',
    '',
  ].join('\n')}`;
}
