import { journalLine } from './journalLine';

/** What a line of the journal of a start says about how far it is; `says` is looked for in the message of the line. */
interface Phase {
  readonly says: RegExp;
  readonly words: string;
}

/** In the order of a start, as far as starts have one: control plane, etcd and kubelet begin side by side. */
const PHASES: readonly Phase[] = [
  { says: /^Preparing data dir /, words: 'unpacking' },
  { says: /^Starting k3s /, words: 'starting' },
  { says: /^Managed etcd cluster initializing|^Starting etcd for new cluster/, words: 'etcd: beginning a new cluster' },
  { says: /^Managed etcd cluster not yet initialized/, words: 'asking the cluster for its data' },
  {
    says: /^Managed etcd cluster bootstrap already complete|^Starting etcd for existing cluster member/,
    words: 'etcd: starting with its data',
  },
  { says: /^Configuring .*database (?:connection pooling|table schema)/, words: 'database: preparing its tables' },
  { says: /^Failed to ping database connection/, words: 'waiting for the database' },
  { says: /^Bootstrap key already locked/, words: 'waiting for another server to write the first data' },
  { says: /^Waiting for other members to finish joining etcd cluster/, words: 'etcd: waiting for its turn to join' },
  {
    says: /^Adding member .* to etcd cluster|not yet been promoted from learner/,
    words: 'etcd: learner, waiting to be promoted',
  },
  { says: /^Failed to test etcd connection|^Waiting for etcd server to become available/, words: 'waiting for etcd' },
  { says: /^Connection to etcd is ready|^ETCD server is now running/, words: 'etcd: ready' },
  { says: /^Running kube-apiserver |^Polling for API server readiness/, words: 'waiting for the API server' },
  { says: /^Kube API server is now running/, words: 'API server ready' },
  {
    says: /^(?:Waiting for control-plane node to register|Waiting for supervisor to provide) apiserver addresses/,
    words: 'waiting for the API server of another server',
  },
  {
    says: /^Failed to validate connection to cluster|^Waiting to retrieve agent configuration/,
    words: 'waiting for the first server',
  },
  { says: /^Running containerd /, words: 'containerd starting' },
  { says: /^Running kubelet /, words: 'kubelet starting' },
  { says: /^Imported /, words: 'loading images' },
  { says: /^Starting flannel |^Running flannel backend/, words: 'pod network starting' },
  { says: /^Waiting for untainted node/, words: 'waiting for the node to be Ready' },
  { says: /^k3s (?:agent )?is up and running/, words: 'running' },
];

/** etcd tells of every promotion; this is its own. */
const PROMOTED = /"msg":"promote member".*"local-member-id":"([0-9a-f]+)","promoted-member-id":"\1"/;

/** How far a start is by its journal (oldest line first), in words; undefined when no line tells. */
export function journalPhase(lines: readonly string[]): string | undefined {
  for (const line of [...lines].reverse()) {
    if (PROMOTED.test(line)) return 'etcd: voting member';
    const { text, client } = journalLine(line);
    const phase = client ? undefined : PHASES.find(({ says }) => says.test(text));
    if (phase !== undefined) return phase.words;
  }
  return undefined;
}
