/** What a line of K3s's journal means for the person who runs the cluster. */
export interface JournalCause {
  /** The message as K3s wrote it. */
  readonly text: string;
  readonly nextSteps: readonly string[];
  /** K3s cannot get over it by itself: waiting longer is useless. */
  readonly final: boolean;
}

interface Known {
  readonly pattern: RegExp;
  readonly next: string;
  readonly final: boolean;
}

/** Texts of K3s, kine, etcd and the Go MySQL driver; the rooms that print them are named in docs/troubleshooting.md. */
const KNOWN: readonly Known[] = [
  { pattern: /default addr for network .* unknown/, next: 'Write the MySQL endpoint as mysql://user:password@tcp(host:3306)/database.', final: true },
  { pattern: /missing the slash separating the database name/, next: 'Append the database name to the endpoint, e.g. /k3s.', final: true },
  { pattern: /network address not terminated/, next: 'Close the bracket of tcp( … ) in the datastore endpoint.', final: true },
  { pattern: /endpoint should be a DSN URI|unknown driver/, next: 'Give the datastore endpoint as <scheme>://…, for example mysql:// or postgres://.', final: true },
  { pattern: /Error 1045|Access denied for user/, next: 'Check user and password of the datastore endpoint, and that the database accepts this host.', final: true },
  { pattern: /Error 1049|Unknown database/, next: 'Create the database, or give its user the right to create it.', final: true },
  { pattern: /Error 1071/, next: 'Set innodb_large_prefix=ON on the database, or use a newer K3s.', final: true },
  { pattern: /encrypted with different token/, next: 'Use the token of the first server on all servers; on this host remove /var/lib/rancher/k3s/server/{tls,cred,token,node-token,agent-token} first.', final: true },
  { pattern: /newer than datastore and could cause a cluster outage/, next: 'Stop K3s on this host, remove /var/lib/rancher/k3s/server/{tls,cred,token,node-token,agent-token}, and run again.', final: true },
  { pattern: /critical configuration (value )?mismatch/, next: 'Make the named option equal on all servers.', final: true },
  { pattern: /flag provided but not defined/, next: 'Remove this option from agents.config: it exists for servers only, or not in this version of K3s.', final: true },
  { pattern: /Node password rejected|hash does not match/, next: 'Delete the Node of that name (kubectl delete node …) or give this host a name of its own.', final: true },
  { pattern: /duplicate node name found/, next: 'Give every server a name of its own.', final: true },
  { pattern: /CA hash does not match/, next: 'The token belongs to another cluster; use the token of this one.', final: true },
  { pattern: /not authorized|401 Unauthorized/, next: 'The token is wrong; use the same token on every node.', final: true },
  { pattern: /failed to parse node taints/, next: 'Write one taint per list element: key=value:Effect.', final: true },
  { pattern: /unknown 'kubernetes.io' or 'k8s.io' labels/, next: 'Kubelet may not set this label itself; set it with kubectl after the node has joined.', final: true },
  { pattern: /bind: address already in use/, next: 'Stop the program that holds this port on the host (ss -lntp).', final: true },
  { pattern: /failed to find memory cgroup/, next: 'Add cgroup_memory=1 cgroup_enable=memory to the kernel command line and restart the host.', final: true },
  { pattern: /--token is required|token must not be empty/, next: 'Add token: to the cluster file.', final: true },
  { pattern: /time isn't set properly|not yet valid/, next: 'Set the clock of the host (NTP).', final: true },
  { pattern: /Failed to ping database connection/, next: 'Check that the database runs and that this host may reach it.', final: false },
  { pattern: /failed to get CA certs|Failed to validate connection to cluster/, next: 'Check that this host reaches the registration address and its port.', final: false },
  { pattern: /too many learner members|finish joining etcd cluster/, next: 'Another server is still joining etcd; this one waits for its turn.', final: false },
];

/** The line of a journal (oldest first) that says why K3s does not come up; undefined when none does. */
export function journalCause(lines: readonly string[]): JournalCause | undefined {
  for (const line of [...lines].reverse()) {
    const text = message(line);
    const known = KNOWN.find(({ pattern }) => pattern.test(text));
    if (known !== undefined) return { text, nextSteps: [known.next], final: known.final };
  }
  const fatal = [...lines].reverse().find((line) => /level=fatal|^Error: /.test(line));
  return fatal === undefined ? undefined : { text: message(fatal), nextSteps: [], final: false };
}

/** The `msg="…"` part of a logrus line, or the line itself. */
export function message(line: string): string {
  const quoted = /\bmsg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
  return quoted === undefined ? line.trim() : quoted.replaceAll(/\\(.)/g, '$1');
}
