import type { FleetHost } from './host';
import { until } from './run';

/** TCP on 6443 of the load balancer goes to 6443 of the servers that answer; one that is gone is noticed within a second. */
export async function startHaproxy(balancer: FleetHost, servers: readonly FleetHost[]): Promise<void> {
  const backends = servers.map(({ name, address }) => `  server ${name} ${address}:6443 check`).join('\n');
  const config = `defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
frontend k3s
  bind *:6443
  default_backend servers
backend servers
  option tcp-check
  default-server inter 300ms fall 2 rise 1
${backends}
`;
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
