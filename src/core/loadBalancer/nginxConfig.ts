import { hostPort, type Backend } from './backends';
import { HEADER } from './paths';

/** What nginx is to do. */
export interface NginxInput {
  readonly port: number;
  /** The fixed address is one of IPv6. */
  readonly ipv6: boolean;
  readonly backends: readonly Backend[];
  /** Names of servers that get no new connections for now. */
  readonly out?: ReadonlySet<string>;
}

/** What the open source nginx lacks beside HAProxy; for plans and pages. */
export const NGINX_DIFFERENCE =
  'nginx notices a server that does not answer only when a connection to it fails, and one that answers without being ready not at all: a server that fails by itself can cost requests for some seconds. HAProxy asks every server once a second.';

/**
 * nginx.conf: TCP to the servers in the stream module. Open source nginx checks passively: a server to which a connection
 * fails gets none for 5 s, and the connection goes on to the next one. The folders of modules are those of Debian and of
 * Fedora; each exists only on its own.
 * https://docs.k3s.io/datastore/cluster-loadbalancer https://nginx.org/en/docs/stream/ngx_stream_proxy_module.html
 */
export function nginxConfig({ port, ipv6, backends, out = new Set() }: NginxInput): string {
  // All of them out would leave nobody to connect to.
  const some = backends.some(({ name }) => !out.has(name));
  const servers = backends.map(
    (backend) =>
      `    server ${hostPort(backend)} max_fails=1 fail_timeout=5s${some && out.has(backend.name) ? ' down' : ''};`,
  );
  return `${[
    HEADER,
    'worker_processes auto;',
    'worker_rlimit_nofile 16384;',
    '# A reload leaves the streams that run to the old processes, for this long.',
    'worker_shutdown_timeout 1h;',
    'pid /run/nginx.pid;',
    'include /etc/nginx/modules-enabled/*.conf;',
    'include /usr/share/nginx/modules/*.conf;',
    '',
    'events {',
    '  worker_connections 8000;',
    '}',
    '',
    'stream {',
    '  upstream k3s_servers {',
    '    zone k3s_servers 64k;',
    '    least_conn;',
    ...servers,
    '  }',
    '  server {',
    `    listen ${ipv6 ? `[::]:${port} ipv6only=off` : port} so_keepalive=on;`,
    '    proxy_pass k3s_servers;',
    '    proxy_connect_timeout 2s;',
    '    proxy_timeout 24h;',
    '    proxy_socket_keepalive on;',
    '  }',
    '}',
    '',
  ].join('\n')}`;
}
