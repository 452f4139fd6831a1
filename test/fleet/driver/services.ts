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
