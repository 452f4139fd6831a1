import { later, said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import { adoptAll, adoptDifferences, adoptedWords } from '../../core/authoring/adoptDrift';
import { printable } from '../../core/base/printable';
import { count, listed } from '../../core/base/words';
import type { FileDifference } from '../../core/plan/difference';
import { differencesOf, hasDrifted, isAdoptable, type HostDifference } from '../../core/health/hostDrift';
import { remainingDrift } from '../../core/health/remainingDrift';
import { driftFindings } from '../../core/language/driftFindings';
import { visibleRange } from '../../core/language/visibleRange';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import { chooseClusterFile } from '../services/clusterFile';
import { COMMANDS, DRIFT_SCHEME } from '../ids';
import { toOffsets, toWorkspaceEdit } from '../language/convert';
import { findingDiagnostic } from '../language/findingDiagnostic';
import { selector } from '../language/selector';
import { choose, plain, sayInformation, sayWarning } from '../services/say';
import type { Services } from '../services/services';
import { readRuleLevels } from '../services/settings';

/** What was seen of drift, at the lines of the file: as findings with fixes, and as differences of files. Looks at no machine itself. */
export interface DriftMarks extends vscode.Disposable {
  /** Says how much it was. */
  tell(uri: vscode.Uri): Promise<void>;
  /** Files of a machine beside what the cluster file wants; `argument` is a row of the tree. */
  compare(argument: unknown): Promise<void>;
  /** Takes all that the file has a place for into it, as one change. */
  adopt(argument: unknown): Promise<void>;
}

const AGAIN = later`Run "K3s HA: Show Drift" to look at the machines.`;

export function createDriftMarks(store: ClusterStore, { extensionUri }: Pick<Services, 'extensionUri'>): DriftMarks {
  const collection = vscode.languages.createDiagnosticCollection('k3s-ha-drift');
  const source = { name: 'K3s HA (drift)', pages: vscode.Uri.joinPath(extensionUri, 'docs', 'live') };
  const marked = new Set<string>();
  const mark = async (uri: vscode.Uri): Promise<void> => {
    const state = await store.get(uri);
    if (state?.hostDrift === undefined) return collection.delete(uri);
    marked.add(uri.toString());
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.getText() !== state.document.text) return;
    collection.set(
      uri,
      findingsOf(state).map((finding) => findingDiagnostic(document, state.document, finding, source)),
    );
  };
  const subscriptions = [
    collection,
    store.onDidChange((uri) => {
      if (uri !== undefined) void mark(uri);
      else for (const key of marked) void mark(vscode.Uri.parse(key));
    }),
    vscode.workspace.registerTextDocumentContentProvider(DRIFT_SCHEME, {
      provideTextDocumentContent: async (uri) => {
        const [file, machine, path, side] = JSON.parse(uri.query) as [string, string, string, 'before' | 'after'];
        const found = filesOf(await store.get(vscode.Uri.parse(file)), machine).find((one) => one.path === path);
        return found === undefined ? `${said(AGAIN)}\n` : printable(found[side] ?? '', { lines: true });
      },
    }),
    vscode.languages.registerCodeActionsProvider(
      selector(),
      {
        provideCodeActions: async (document, range, { only, diagnostics }) => {
          if (only !== undefined && !only.intersects(vscode.CodeActionKind.QuickFix)) return [];
          const state = await store.get(document.uri);
          if (state?.hostDrift === undefined || state.document.text !== document.getText()) return [];
          return actionsAt(document, state, range, diagnostics);
        },
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  ];

  const stateOf = async (argument: unknown, title: string): Promise<StoredCluster | undefined> => {
    const uri = await chooseClusterFile(argument, title);
    const state = uri === undefined ? undefined : await store.get(uri);
    if (state !== undefined && state.hostDrift === undefined) {
      if (
        (await sayInformation(say`Nobody has looked for drift yet.`, { choices: [say`Show Drift`] })) ===
        say`Show Drift`
      )
        await vscode.commands.executeCommand(COMMANDS.showDrift, state.uri);
      return undefined;
    }
    return state;
  };

  return {
    async tell(uri) {
      const state = await store.get(uri);
      if (state?.hostDrift === undefined) return;
      await mark(uri);
      const { machines, strangers, unseen, problems } = state.hostDrift;
      const silent = unseen.length === 0 ? '' : say` ${listed(unseen.map(({ id }) => id))} could not be looked at.`;
      const differing = machines.filter(({ differences }) => differences.length > 0).length;
      const found = differencesOf(state.hostDrift).length;
      if (!hasDrifted(state.hostDrift)) {
        const words =
          problems.length > 0
            ? say`Not everything could be compared: ${problems[0]?.message}.`
            : say`${count(machines.length, 'machine')} as the file says.`;
        return void (problems.length > 0 ? sayWarning : sayInformation)(`${words}${silent}`);
      }
      const words = [
        ...(found === 0 ? [] : [say`${count(found, 'difference')} on ${count(differing, 'machine')}`]),
        ...(strangers.length === 0 ? [] : [say`${count(strangers.length, 'node')} not in the file`]),
      ].join(', ');
      const answer = await sayWarning(say`${words}.${silent} Nothing was changed.`, {
        choices: [say`Show Problems`, say`Adopt Changes`, say`Preview Plan`],
      });
      if (answer === say`Show Problems`) await vscode.commands.executeCommand('workbench.actions.view.problems');
      if (answer === say`Adopt Changes`) await vscode.commands.executeCommand(COMMANDS.adoptChanges, uri);
      if (answer === say`Preview Plan`) await vscode.commands.executeCommand(COMMANDS.previewPlan, uri);
    },
    async compare(argument) {
      const state = await stateOf(argument, say`Compare with File`);
      if (state === undefined) return;
      const machine = machineOf(argument) ?? (await chooseMachine(state));
      if (machine === undefined) return;
      const files = filesOf(state, machine);
      const [only] = files;
      if (only === undefined) {
        const own = differencesOf(state.hostDrift ?? NOTHING).filter((one) => one.machine === machine);
        const words = own.map(({ seen, says }) => `${seen}, ${says}`).join('; ');
        return void sayInformation(
          own.length === 0 ? say`${machine} is as the file says.` : say`No file of ${machine} differs: ${words}.`,
        );
      }
      const path = files.length === 1 ? only.path : await chooseFile(files);
      if (path !== undefined) await showDifference(state.uri, machine, path);
    },
    async adopt(argument) {
      const state = await stateOf(argument, say`Adopt Changes`);
      if (state?.hostDrift === undefined) return;
      const { edits, left } = adoptAll(state, remainingDrift(state.hostDrift, state.cluster));
      const document = await vscode.workspace.openTextDocument(state.uri);
      if (document.getText() !== state.document.text)
        return void sayWarning(say`The file has changed in the meantime; adopt the changes again.`);
      if (edits.length === 0)
        return void sayInformation(
          left[0] ?? say`Nothing of what differs has a place in the file; Provision undoes it.`,
        );
      await vscode.workspace.applyEdit(toWorkspaceEdit(document, edits));
      await vscode.window.showTextDocument(document, { preview: false });
      if (left.length > 0) void sayWarning(say`Not taken over: ${left.join(' ')}`);
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

const NOTHING = { machines: [] };

function findingsOf({ uri, document, cluster, hostDrift }: StoredCluster): ReturnType<typeof driftFindings> {
  return hostDrift === undefined ? [] : driftFindings(document, cluster, hostDrift, readRuleLevels(uri));
}

/** A fix for each finding under the cursor that the file has a place for; all are one undo each. */
function actionsAt(
  document: vscode.TextDocument,
  state: StoredCluster,
  range: vscode.Range,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const asked = toOffsets(document, range);
  const { hostDrift } = state;
  if (hostDrift === undefined) return [];
  return findingsOf(state).flatMap(({ path, part, same = [], message }) => {
    const at = visibleRange(state.document, path, part);
    const [first] = same;
    if (first === undefined || at.start > asked.end || at.end < asked.start) return [];
    const mine = diagnostics.filter((diagnostic) => diagnostic.message === plain(message));
    return [...adoption(document, state, same, mine), ...comparison(state, first, mine)];
  });
}

function adoption(
  document: vscode.TextDocument,
  state: StoredCluster,
  same: readonly HostDifference[],
  diagnostics: vscode.Diagnostic[],
): readonly vscode.CodeAction[] {
  const [first] = same;
  if (first === undefined || state.hostDrift === undefined || !isAdoptable(first)) return [];
  const edits = adoptDifferences(state, same, state.hostDrift);
  if (!edits.ok || edits.value.length === 0) return [];
  const from = listed(same.map(({ machine }) => machine));
  const action = new vscode.CodeAction(
    plain(say`Adopt ${adoptedWords(first)} from ${from}`),
    vscode.CodeActionKind.QuickFix,
  );
  action.diagnostics = diagnostics;
  action.edit = toWorkspaceEdit(document, edits.value);
  return [action];
}

function comparison(
  { uri }: StoredCluster,
  { machine, files }: HostDifference,
  diagnostics: vscode.Diagnostic[],
): readonly vscode.CodeAction[] {
  if (files.length === 0) return [];
  const action = new vscode.CodeAction(plain(say`Compare with ${machine}`), vscode.CodeActionKind.QuickFix);
  action.diagnostics = diagnostics;
  const title = say`Compare with File`;
  action.command = { title, command: COMMANDS.compareWithFile, arguments: [{ uri, row: { id: `node:${machine}` } }] };
  return [action];
}

function filesOf(state: StoredCluster | undefined, machine: string): readonly FileDifference[] {
  return differencesOf(state?.hostDrift ?? NOTHING)
    .filter((one) => one.machine === machine)
    .flatMap(({ files }) => files);
}

function machineOf(argument: unknown): string | undefined {
  const { row } = (argument ?? {}) as { readonly row?: { readonly id?: unknown } };
  return typeof row?.id === 'string' && row.id.startsWith('node:') ? row.id.slice('node:'.length) : undefined;
}

async function chooseMachine({ hostDrift }: StoredCluster): Promise<string | undefined> {
  const items = (hostDrift?.machines ?? [])
    .filter(({ differences }) => differences.length > 0)
    .map(({ id, differences }) => ({ label: plain(id), description: count(differences.length, 'difference'), id }));
  if (items.length === 0) void sayInformation(say`All machines that were seen are as the file says.`);
  return items.length === 0 ? undefined : (await choose(items, { title: say`Compare with File` }))?.id;
}

async function chooseFile(files: readonly FileDifference[]): Promise<string | undefined> {
  const items = files.map(({ path }) => ({ label: plain(path), path }));
  return (await choose(items, { title: say`Compare with File` }))?.path;
}

async function showDifference(file: vscode.Uri, machine: string, path: string): Promise<void> {
  const at = (side: 'before' | 'after'): vscode.Uri =>
    vscode.Uri.from({
      scheme: DRIFT_SCHEME,
      path: `/${plain(machine).replaceAll('/', '_')}/${plain(path).replace(/^\/+/, '')}`,
      query: JSON.stringify([file.toString(), machine, path, side]),
    });
  const title = plain(say`${machine}: ${path} (now ↔ cluster file)`);
  await vscode.commands.executeCommand('vscode.diff', at('before'), at('after'), title);
}
