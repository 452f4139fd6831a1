import { later, said } from '../../core/base/say';
import * as vscode from 'vscode';
import type { LiveLook } from '../../core/health/live/liveProblem';
import { liveFindings } from '../../core/language/liveFindings';
import { visibleRange } from '../../core/language/visibleRange';
import type { LiveId } from '../../core/health/live/liveIds';
import { viewOf } from '../../views/clusterView';
import { COMMANDS, type CommandId } from '../ids';
import { toRange, toSeverity } from '../language/convert';
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
  'api-silent': [later`Diagnose`, COMMANDS.diagnose],
  'fixed-address-silent': [later`Diagnose`, COMMANDS.diagnose],
  drift: [later`Show Drift`, COMMANDS.showDrift],
};

export function createLiveMarks(store: ClusterStore, { clock, extensionUri }: Services): LiveMarks {
  const collection = vscode.languages.createDiagnosticCollection('k3s-ha-live');
  /** By file, how many watch it: a new watch begins before the old one has ended. */
  const followed = new Map<string, AbortSignal>();
  const shown = new Map<string, string>();
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
    if (shown.get(key) === text) return;
    if (findings.length === 0) return clear(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.getText() !== state.document.text || !followed.has(key)) return;
    shown.set(key, text);
    collection.set(
      uri,
      findings.map(({ path, part, message, severity, ruleId }) => {
        const range = toRange(document, visibleRange(state.document, path, part));
        const result = new vscode.Diagnostic(range, plain(message), toSeverity(severity));
        result.source = 'K3s HA live';
        result.code = { value: ruleId, target: vscode.Uri.joinPath(extensionUri, 'docs', 'live', `${ruleId}.md`) };
        return result;
      }),
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
        provideCodeActions: async ({ uri }, _range, { diagnostics }) => {
          const state = await store.get(uri);
          return diagnostics.filter(({ source }) => source === 'K3s HA live').flatMap((one) => helpFor(one, state));
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
  const { live, cluster, certificates, snapshots } = state;
  if (live.kind !== 'live' && live.kind !== 'lost') return undefined;
  return {
    cluster,
    health: viewOf(state).health,
    api: live.kind === 'lost' ? 'silent' : live.via === 'direct' ? 'answers' : 'around',
    ...(live.kind === 'lost' && live.lastSeen !== undefined ? { lastSeen: live.lastSeen } : {}),
    ...(live.liveness === undefined ? {} : { liveness: live.liveness }),
    ...(certificates === undefined ? {} : { certificates }),
    ...(snapshots === undefined ? {} : { snapshots: snapshots.list }),
    now,
    timeOf,
  };
}

/** The command of a diagnostic, about the machine at whose line it stands. */
function helpFor(diagnostic: vscode.Diagnostic, state: StoredCluster | undefined): readonly vscode.CodeAction[] {
  const id = typeof diagnostic.code === 'object' ? diagnostic.code.value : undefined;
  const help = HELP[id as LiveId];
  if (state === undefined || help === undefined) return [];
  const [english, command] = help;
  const title = said(english);
  const machine = viewOf(state).health.nodes.find(({ node }) => namesFirst(diagnostic.message, node.id))?.node;
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  const row = machine === undefined ? {} : { row: { id: `node:${machine.id}` } };
  action.command = { title, command, arguments: [{ uri: state.uri, ...row }] };
  return [action];
}

function namesFirst(message: string, id: string): boolean {
  return message.split(/[ ,.]/).includes(plain(id));
}
