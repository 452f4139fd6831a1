import * as vscode from 'vscode';
import { parseDocument } from '../../core/document/parse';
import type { ClusterDocument } from '../../core/document/clusterDocument';
import { inspectInSteps, type Inspection } from '../../core/language/validate';
import { FILE_PATTERN, RULES_SETTING } from '../ids';
import { findClusterFiles, isClusterFile } from '../services/clusterFile';
import type { Documents } from '../services/documents';
import { inSlices } from '../services/slices';
import { readRuleLevels } from '../services/settings';
import type { Cluster } from '../../core/cluster/cluster';
import type { HostDrift } from '../../core/health/hostDrift';
import type { Finding } from '../../core/rules/rule';
import { isActive, type RunProgress } from '../../core/plan/progress';
import type { ReadWorkloads } from '../../core/workloads/seenWorkloads';
import type { ClusterState, LiveState, SnapshotsSeen } from '../../views/clusterState';

const CHANGE_DELAY_MS = 250;

/** A cluster with the file that the store read it from. */
export interface StoredCluster extends ClusterState {
  readonly uri: vscode.Uri;
}

/** The cluster files of the workspace as data. Reads files only when somebody looks. */
export interface ClusterStore extends vscode.Disposable {
  readonly onDidChange: vscode.Event<vscode.Uri | undefined>;
  all(): Promise<readonly StoredCluster[]>;
  get(uri: vscode.Uri): Promise<StoredCluster | undefined>;
  setLive(uri: vscode.Uri, live: LiveState): void;
  /** What is left of a run that has ended is in it. */
  setPlan(uri: vscode.Uri, steps: ReadonlyMap<string, readonly string[]>): void;
  /** The plan of the last preview is gone with it. */
  setRun(uri: vscode.Uri, run: RunProgress): void;
  clearRun(uri: vscode.Uri): void;
  /** Certificates of machines that were seen; what is known of others stays. */
  setCertificates(uri: vscode.Uri, seen: NonNullable<ClusterState['certificates']>): void;
  /** How etcd did at a look at the servers; undefined when none told. */
  setEtcd(uri: vscode.Uri, etcd: ClusterState['etcd']): void;
  setSnapshots(uri: vscode.Uri, snapshots: SnapshotsSeen): void;
  /** Where machines are not as the file says, by a look at all of them; gone with the next run. */
  /** Undefined when there is nothing that could differ from the file. */
  setDrift(uri: vscode.Uri, hostDrift: HostDrift | undefined): void;
  setWorkloads(uri: vscode.Uri, workloads: ReadWorkloads): void;
  /** What fails in the practice fleet that plays the file; undefined when none does any more. */
  setSimulation(uri: vscode.Uri, simulation: ClusterState['simulation']): void;
  /** Findings of machines, as they stand in whatever the file says; they join those of the rules. */
  setHostFindings(uri: vscode.Uri, place: PlaceFindings): void;
}

/** Findings where a text has its place for them. */
export type PlaceFindings = (document: ClusterDocument, cluster: Cluster) => readonly Finding[];

export function createClusterStore(documents: Documents): ClusterStore {
  const emitter = new vscode.EventEmitter<vscode.Uri | undefined>();
  const states = new Map<string, StoredCluster>();
  const ofHosts = new Map<string, PlaceFindings>();
  const stale = new Set<string>();
  const reading = new Map<string, Promise<StoredCluster | undefined>>();
  const timers = new Map<string, NodeJS.Timeout>();
  let files: vscode.Uri[] | undefined;

  const read = (uri: vscode.Uri): Promise<StoredCluster | undefined> => {
    const key = uri.toString();
    const running = reading.get(key);
    if (running !== undefined) return running;
    const current = states.get(key);
    if (current !== undefined && !stale.has(key)) return Promise.resolve(current);
    const started = readUntilCurrent(uri, key).finally(() => reading.delete(key));
    reading.set(key, started);
    return started;
  };
  const readUntilCurrent = async (uri: vscode.Uri, key: string): Promise<StoredCluster | undefined> => {
    for (;;) {
      stale.delete(key);
      const document = await readCluster(uri, documents);
      const inspection =
        document === undefined
          ? undefined
          : await inSlices(inspectInSteps(document, { levels: readRuleLevels(uri) }), () => stale.has(key));
      if (stale.has(key)) continue;
      if (document === undefined || inspection === undefined) {
        states.delete(key);
        return undefined;
      }
      const before = states.get(key);
      const state: StoredCluster = {
        uri,
        document,
        ...readable(document, inspection, before, ofHosts.get(key)),
        live: before?.live ?? { kind: 'idle' },
        ...(before?.certificates === undefined ? {} : { certificates: before.certificates }),
        etcd: before?.etcd,
        hostDrift: before?.hostDrift,
        run: before?.run ?? new Map(),
        ...(before?.simulation === undefined ? {} : { simulation: before.simulation }),
        ...(before?.snapshots === undefined ? {} : { snapshots: before.snapshots }),
        ...(before?.workloads === undefined ? {} : { workloads: before.workloads }),
        planned: before?.document === document ? before.planned : new Map(),
      };
      states.set(key, state);
      return state;
    }
  };
  const changed = (uri: vscode.Uri): void => {
    const key = uri.toString();
    stale.add(key);
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => emitter.fire(uri), CHANGE_DELAY_MS),
    );
  };
  const update = (uri: vscode.Uri, change: Partial<StoredCluster>): void => {
    const key = uri.toString();
    const state = states.get(key);
    if (state === undefined) return;
    states.set(key, { ...state, ...change });
    emitter.fire(uri);
  };
  const listed = (): void => {
    files = undefined;
    emitter.fire(undefined);
  };

  const watcher = vscode.workspace.createFileSystemWatcher(FILE_PATTERN);
  const subscriptions = [
    emitter,
    watcher,
    watcher.onDidCreate(listed),
    watcher.onDidDelete(listed),
    watcher.onDidChange(changed),
    vscode.workspace.onDidChangeWorkspaceFolders(listed),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(RULES_SETTING)) return;
      for (const key of states.keys()) stale.add(key);
      emitter.fire(undefined);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (isClusterFile(document)) changed(document.uri);
    }),
  ];

  return {
    onDidChange: emitter.event,
    async all() {
      files ??= await findClusterFiles();
      const found = await Promise.all(files.map(read));
      return found.filter((state) => state !== undefined);
    },
    get: read,
    setLive: (uri, live) => update(uri, { live }),
    setSimulation: (uri, simulation) => update(uri, { simulation }),
    setEtcd: (uri, etcd) => update(uri, { etcd }),
    setSnapshots: (uri, snapshots) => update(uri, { snapshots }),
    setDrift: (uri, hostDrift) => update(uri, { hostDrift }),
    setRun: (uri, run) => update(uri, { run, planned: new Map(), hostDrift: undefined }),
    setWorkloads: (uri, workloads) => update(uri, { workloads }),
    setPlan: (uri, planned) => {
      const { run = new Map() } = states.get(uri.toString()) ?? {};
      update(uri, { planned, run: isActive(run) ? run : new Map() });
    },
    setCertificates: (uri, seen) => {
      const known = states.get(uri.toString())?.certificates ?? [];
      update(uri, { certificates: new Map([...known, ...seen]) });
    },
    setHostFindings: (uri, place) => {
      ofHosts.set(uri.toString(), place);
      changed(uri);
    },
    clearRun: (uri) => update(uri, { run: new Map(), planned: new Map() }),
    dispose: () => {
      for (const timer of timers.values()) clearTimeout(timer);
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

const NONE: readonly Finding[] = [];

/**
 * What a text says, or the last readable one did: a stray character in an unsaved file must not take a running cluster
 * out of sight.
 */
function readable(
  document: ClusterDocument,
  { cluster, findings, diagnostics }: Inspection,
  before: StoredCluster | undefined,
  ofHosts: PlaceFindings | undefined,
): Pick<StoredCluster, 'cluster' | 'findings' | 'hostFindings' | 'diagnostics' | 'unreadable'> {
  const [first] = document.syntaxProblems;
  const hostFindings = ofHosts?.(document, cluster) ?? NONE;
  if (first === undefined) return { cluster, findings: [...findings, ...hostFindings], hostFindings, diagnostics };
  const unreadable = document.text.slice(0, first.range.start).split('\n').length;
  const last = before ?? { cluster, findings, hostFindings };
  return {
    cluster: last.cluster,
    findings: last.findings,
    hostFindings: last.hostFindings ?? NONE,
    diagnostics,
    unreadable,
  };
}

/** The text as the person sees it: the open document with unsaved edits, else the file. */
async function readCluster(uri: vscode.Uri, documents: Documents): Promise<ClusterDocument | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return documents.read(open);
  try {
    return parseDocument(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
  } catch {
    return undefined;
  }
}
