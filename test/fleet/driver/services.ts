import type { FleetHost } from './host';
import { until } from './run';

/**
 * How a load balancer notices that a server is gone or back; the texts are HAProxy's. `inter` is also the time that a check has
 * for connection and handshake, which a busy machine needs.
 */
const CHECKS = {
  /** The port is open: one that starts is taken for well. */
  tcp: ['option tcp-check', 'default-server check inter 300ms fall 2 rise 1'],
  /** /readyz answers; a connection that fails ends the trust at once. */
  readyz: [
    'option httpchk GET /readyz',
    'http-check expect rstatus ^(200|401)$',
    'default-server check check-ssl verify none inter 3s downinter 200ms fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down',
  ],
} as const;

/** TCP on 6443 of the load balancer goes to 6443 of the servers that answer. */
export async function startHaproxy(
  balancer: FleetHost,
  servers: readonly FleetHost[],
  check: keyof typeof CHECKS = 'tcp',
): Promise<void> {
  const lines = [...CHECKS[check], ...servers.map(({ name, address }) => `server ${name} ${address}:6443`)];
  const config = `defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
  timeout check 3s
  option redispatch 1
  retries 5
frontend k3s
  bind *:6443
  default_backend servers
backend servers
${lines.map((line) => `  ${line}\n`).join('')}`;
  await balancer.mustExec(
    'cat > /etc/haproxy/haproxy.cfg && haproxy -c -q -f /etc/haproxy/haproxy.cfg && systemctl restart haproxy',
    { stdin: config },
  );
}

interface Database {
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

/** Starts MariaDB for the whole LAN with an empty database and a user who owns it; returns the value of datastore-endpoint. */
export async function startMariadb(host: FleetHost, { name, user, password }: Database): Promise<string> {
  await host.mustExec(
    'printf "[mysqld]\\nbind-address=0.0.0.0\\nskip-name-resolve\\n" > /etc/mysql/mariadb.conf.d/99-fleet.cnf && systemctl restart mariadb',
  );
  const statements = `CREATE DATABASE ${name};
CREATE USER '${user}'@'%' IDENTIFIED BY '${password}';
GRANT ALL ON ${name}.* TO '${user}'@'%';
`;
  await host.mustExec('mariadb', { stdin: statements });
  return `mysql://${user}:${password}@tcp(${host.address}:3306)/${name}`;
}

/** Starts PostgreSQL for the whole LAN, with TLS for who wants it; passwords are asked of everybody. */
export async function startPostgres(host: FleetHost, { certificate, key }: Omit<EtcdTls, 'ca'>): Promise<void> {
  const put = (path: string, stdin: string): Promise<string> =>
    host.mustExec('cat > "$1" && chown postgres "$1" && chmod 600 "$1"', { args: [path], stdin });
  await put('/etc/postgresql/server.crt', certificate);
  await put('/etc/postgresql/server.key', key);
  await put('/etc/postgresql/15/main/pg_hba.conf', 'local all all peer\nhost all all 0.0.0.0/0 scram-sha-256\n');
  const settings = `listen_addresses = '*'
ssl = on
ssl_cert_file = '/etc/postgresql/server.crt'
ssl_key_file = '/etc/postgresql/server.key'
`;
  await put('/etc/postgresql/15/main/conf.d/fleet.conf', settings);
  await host.mustExec('systemctl restart postgresql@15-main');
}

/** Starts NATS for the whole LAN, with JetStream or without, and with TLS for everybody when it has a certificate. */
export async function startNats(
  host: FleetHost,
  user: string,
  password: string,
  jetstream: boolean,
  tls?: Omit<EtcdTls, 'ca'>,
): Promise<void> {
  const files = { crt: tls?.certificate, key: tls?.key };
  for (const [ending, stdin] of Object.entries(files))
    if (stdin !== undefined)
      await host.mustExec('cat > "$1" && chown nats "$1" && chmod 600 "$1"', {
        args: [`/etc/nats-server.${ending}`],
        stdin,
      });
  const config = `listen: 0.0.0.0:4222
authorization { user: ${user}, password: ${password} }
${jetstream ? 'jetstream { store_dir: /var/lib/nats }' : ''}
${tls === undefined ? '' : 'tls { cert_file: /etc/nats-server.crt, key_file: /etc/nats-server.key }'}
`;
  await host.mustExec(
    'mkdir -p /var/lib/nats && chown nats /var/lib/nats && cat > /etc/nats-server.conf && systemctl restart nats-server',
    { stdin: config },
  );
  await until('NATS answers', 20_000, async () =>
    (await host.exec('ss -lnt | grep -q :4222')).code === 0 ? true : undefined,
  );
}

/** PEM texts of a server of etcd: its authority, which clients have to be of as well, its certificate and its key. */
interface EtcdTls {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** Starts etcd for the whole LAN, over TLS and for those alone who show a certificate; returns the value of datastore-endpoint. */
export async function startEtcd(host: FleetHost, { ca, certificate, key }: EtcdTls): Promise<string> {
  const url = `https://${host.address}:2379`;
  const settings = `ETCD_NAME=fleet
ETCD_DATA_DIR=/var/lib/etcd/fleet
ETCD_LISTEN_CLIENT_URLS=https://0.0.0.0:2379
ETCD_ADVERTISE_CLIENT_URLS=${url}
ETCD_CLIENT_CERT_AUTH=true
ETCD_TRUSTED_CA_FILE=/etc/etcd/ca.crt
ETCD_CERT_FILE=/etc/etcd/server.crt
ETCD_KEY_FILE=/etc/etcd/server.key
`;
  const put = (path: string, stdin: string): Promise<string> =>
    host.mustExec('mkdir -p /etc/etcd && cat > "$1" && chown etcd "$1" && chmod 600 "$1"', { args: [path], stdin });
  await put('/etc/etcd/ca.crt', ca);
  await put('/etc/etcd/server.crt', certificate);
  await put('/etc/etcd/server.key', key);
  await host.mustExec('cat > /etc/default/etcd && systemctl restart etcd', { stdin: settings });
  return url;
}

/** Waits until the journal of a unit has `text`, and returns the journal. */
export async function untilJournalHas(
  host: FleetHost,
  unit: string,
  text: string,
  timeoutMs = 60_000,
): Promise<string> {
  let journal = '';
  try {
    return await until(
      text,
      timeoutMs,
      async () => {
        journal = (await host.exec('journalctl -u "$1" -o cat --no-pager', { args: [unit] })).stdout;
        return journal.includes(text) ? journal : undefined;
      },
      200,
    );
  } catch (error) {
    throw new Error(`"${text}" is not in the journal of ${unit} on ${host.name}:\n${journal}`, { cause: error });
  }
}
