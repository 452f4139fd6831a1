import { later, said } from '../../core/base/say';
import * as vscode from 'vscode';
import type { LiveLook } from '../../core/health/live/liveProblem';
import { liveFindings } from '../../core/language/liveFindings';
import type { Finding } from '../../core/rules/rule';
import type { LiveId } from '../../core/health/live/liveIds';
import { viewOf } from '../../views/clusterView';
import { COMMANDS, type CommandId } from '../ids';
import { findingDiagnostic } from '../language/findingDiagnostic';
import { selector } from '../language/selector';
import { timeOf } from '../operations/readyPlan';
import { plain } from '../services/say';
import type { Services } from '../services/services';
import { readRuleLevels } from '../services/settings';
import type { ClusterStore, StoredCluster } from './clusterStore';

/** What is wrong with clusters that are watched, in *Problems*: at the lines of the file, and gone when it is mended or nobody watches. */
export interface LiveMarks extends vscode.Disposable {
  /** Until the signal aborts. */
  follow(uri: vscode.Uri, signal: AbortSignal): void;
}

const SOURCE = 'K3s HA live';

/** The command that helps, and its title. */
const HELP: Readonly<Partial<Record<LiveId, readonly [title: string, command: CommandId]>>> = {
  'server-down': [later`Follow Journal`, COMMANDS.followJournal],
  'agent-down': [later`Follow Journal`, COMMANDS.followJournal],
  'node-not-ready': [later`Describe`, COMMANDS.describeNode],
  'node-absent': [later`Preview Plan`, COMMANDS.previewPlan],
  'left-cordoned': [later`Uncordon`, COMMANDS.uncordonNode],
  'certificates-ending': [later`Renew Certificates`, COMMANDS.renewCertificates],
  'snapshot-old': [later`Take Snapshot`, COMMANDS.takeSnapshot],
  'etcd-member-unhealthy': [later`Check Hosts`, COMMANDS.checkHosts],
  'etcd-alarm': [later`Check Hosts`, COMMANDS.checkHosts],
  'api-silent': [later`Diagnose`, COMMANDS.diagnose],
  'fixed-address-silent': [later`Diagnose`, COMMANDS.diagnose],
  drift: [later`Show Drift`, COMMANDS.showDrift],
};

export function createLiveMarks(store: ClusterStore, { clock, extensionUri }: Services): LiveMarks {
  const collection = vscode.languages.createDiagnosticCollection('k3s-ha-live');
  const source = { name: SOURCE, pages: vscode.Uri.joinPath(extensionUri, 'docs', 'live') };
  /** By file, how many watch it: a new watch begins before the old one has ended. */
  const followed = new Map<string, AbortSignal>();
  const shown = new Map<string, { readonly text: string; readonly findings: readonly Finding[] }>();
  const clear = (uri: vscode.Uri): void => {
    shown.delete(uri.toString());
    collection.delete(uri);
  };
  const mark = async (uri: vscode.Uri): Promise<void> => {
    const key = uri.toString();
    if (!followed.has(key)) return;
    const state = await store.get(uri);
    const look = state === undefined ? undefined : lookOf(state, clock.now());
    if (state === undefined || look === undefined) return clear(uri);
    const findings = liveFindings(state.document, look, readRuleLevels(uri));
    // States change with every answer, and what is wrong with the cluster seldom does.
    const text = JSON.stringify([state.document.text.length, findings]);
    if (shown.get(key)?.text === text) return;
    if (findings.length === 0) return clear(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.getText() !== state.document.text || !followed.has(key)) return;
    shown.set(key, { text, findings });
    collection.set(
      uri,
      findings.map((finding) => findingDiagnostic(document, state.document, finding, source)),
    );
  };
  const subscriptions = [
    collection,
    store.onDidChange((uri) => {
      if (uri !== undefined) void mark(uri);
      else for (const key of followed.keys()) void mark(vscode.Uri.parse(key));
    }),
    vscode.languages.registerCodeActionsProvider(
      selector(),
      {
        provideCodeActions: ({ uri }, _range, { diagnostics }) => {
          const { findings = [] } = shown.get(uri.toString()) ?? {};
          return findings.flatMap((finding) => helpFor(uri, finding, diagnostics));
        },
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  ];
  return {
    follow(uri, signal) {
      const key = uri.toString();
      followed.set(key, signal);
      signal.addEventListener('abort', () => {
        if (followed.get(key) !== signal) return;
        followed.delete(key);
        clear(uri);
      });
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

/** What is known of a cluster that is watched; undefined before it was reached once. */
function lookOf(state: StoredCluster, now: number): LiveLook | undefined {
  const { live, cluster, certificates, snapshots, etcd } = state;
  if (live.kind !== 'live' && live.kind !== 'lost') return undefined;
  return {
    cluster,
    health: viewOf(state).health,
    api: live.kind === 'lost' ? 'silent' : live.via === 'direct' ? 'answers' : 'around',
    ...(live.kind === 'lost' && live.lastSeen !== undefined ? { lastSeen: live.lastSeen } : {}),
    ...(live.liveness === undefined ? {} : { liveness: live.liveness }),
    ...(certificates === undefined ? {} : { certificates }),
    ...(etcd === undefined ? {} : { etcd }),
    ...(snapshots === undefined ? {} : { snapshots: snapshots.list }),
    now,
    timeOf,
  };
}

/** The command that helps against a finding, about the machine at whose line it stands. */
function helpFor(
  uri: vscode.Uri,
  { ruleId, message, data }: Finding,
  diagnostics: readonly vscode.Diagnostic[],
): readonly vscode.CodeAction[] {
  const help = HELP[ruleId as LiveId];
  const mine = diagnostics.filter(({ source, message: shown }) => source === SOURCE && shown === plain(message));
  if (mine.length === 0 || help === undefined) return [];
  const [english, command] = help;
  const title = said(english);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = mine;
  const machine = data?.['machine'] ?? '';
  action.command = {
    title,
    command,
    arguments: [{ uri, ...(machine === '' ? {} : { row: { id: `node:${machine}` } }) }],
  };
  return [action];
}
