import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatProblem } from '../../src/core/base/problem';
import { normalise } from '../../src/core/cluster/normalise';
import type { Cluster, ClusterMachine } from '../../src/core/cluster/cluster';
import { parseDocument } from '../../src/core/document/parse';
import { setValue } from '../../src/core/document/edit';
import { applyEdits } from '../../src/core/base/text';
import type { Path } from '../../src/core/base/path';
import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import { target } from '../../src/engine/hosts/targets';
import type { ClusterFile } from '../../src/cli/context';
import type { Session } from '../../src/cli/session';
import type { Api } from './api';
import { runCli, type CliRun } from './commandLine';

/** Commands that run no program of the cluster file on this computer. */
const WITHOUT_PROGRAMS = ['kubeconfig', 'cordon'] as const;

type RealCommand =
  | (typeof WITHOUT_PROGRAMS)[number]
  | 'plan'
  | 'apply'
  | 'remove'
  | 'snapshot save'
  | 'snapshot list'
  | 'snapshot delete'
  | 'snapshot restore'
  | 'certificates renew'
  | 'encryption rotate';

/** Name of the changed copy of the cluster file, which lies beside it because of the paths in it. */
const COPY = '.test-real.k3s.yaml';

/** The machines of a cluster file, the command line that works on them, and what is seen of them from outside. */
export interface RealCluster {
  /** As the file has it that the next command gets. */
  readonly cluster: Cluster;
  readonly upgradeTo: string | undefined;
  readonly signal: AbortSignal;
  /** Runs a command of `k3s-ha` on the file, with what was allowed. */
  cli(command: RealCommand, ...options: readonly string[]): Promise<CliRun>;
  /** The same for what has to end well; an error otherwise. */
  must(command: RealCommand, ...options: readonly string[]): Promise<CliRun>;
  /** `apply --yes`; an error unless it ends well. */
  apply(): Promise<CliRun>;
  /** The text that the next command gets. */
  readonly text: string;
  /** From now on commands get a copy of the file with another text; the file itself stays as it is. */
  use(text: string): Promise<void>;
  /** Runs a command on a machine over SSH; an error says why there is no answer. */
  on<T>(machine: ClusterMachine, command: RemoteCommand<T>): Promise<T>;
  /** The API as the kubeconfig of the product leads to it. */
  api(): Promise<Api>;
  /** The connections of SSH, for what is more than a command. */
  readonly hosts: Session['hosts'];
  dispose(): Promise<void>;
}

export interface RealClusterInput {
  readonly file: ClusterFile;
  readonly session: Session;
  /** Path of the packaged command line. */
  readonly cli: string;
  readonly upgradeTo: string | undefined;
  /** `--allow-secrets` and `--allow-programs`, as given. */
  readonly allowed: { readonly secrets: readonly string[]; readonly programs: readonly string[] };
  readonly fetchApi: (real: RealCluster) => Promise<Api>;
  readonly signal: AbortSignal;
}

export function realClusterOf({ file, session, signal, allowed, ...input }: RealClusterInput): RealCluster {
  const copy = join(dirname(file.path), COPY);
  let text = file.text;
  let cluster = file.cluster;
  let path = file.path;
  let api: Promise<Api> | undefined;

  const real: RealCluster = {
    get cluster() {
      return cluster;
    },
    upgradeTo: input.upgradeTo,
    signal,
    hosts: session.hosts,
    cli: (command, ...options) => {
      const secrets = allowed.secrets.flatMap((what) => ['--allow-secrets', what]);
      const without = WITHOUT_PROGRAMS.some((one) => one === command);
      const programs = without ? [] : allowed.programs.flatMap((what) => ['--allow-programs', what]);
      return runCli(input.cli, [...command.split(' '), path, ...options, ...secrets, ...programs], signal);
    },
    async must(command, ...options) {
      const done = await real.cli(command, ...options);
      if (done.status !== 0) throw new Error(done.why);
      return done;
    },
    apply: () => real.must('apply', '--yes'),
    get text() {
      return text;
    },
    async use(changed) {
      // A copy that is there is somebody's, or that of a run which was cut off: it is not overwritten.
      await writeFile(copy, changed, { mode: 0o600, flag: path === copy ? 'w' : 'wx' });
      text = changed;
      path = copy;
      cluster = normalise(parseDocument(text).data);
    },
    async on(machine, command) {
      const outcome = await session.hosts.run(target(machine), command, { signal });
      if (outcome.kind === 'done') return outcome.value;
      throw new Error(formatProblem({ host: machine.id, ...outcome.problem }));
    },
    api: () => (api ??= input.fetchApi(real)),
    async dispose() {
      await session.dispose();
      if (path === copy) await rm(copy, { force: true });
    },
  };
  return real;
}

/** The text of a cluster file with another value at `path`; all else stays as it is written. */
export function withValue(text: string, path: Path, value: string | boolean): string {
  return applyEdits(text, setValue(parseDocument(text), path, value));
}
