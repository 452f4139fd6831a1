import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { plannedFileAt, plannedFiles, type PlanPart } from '../../core/plan/planDocument';
import { machineWords } from '../../core/plan/planText';
import type { ClusterStore } from '../clusters/clusterStore';
import { COMMANDS, PLAN_LANGUAGE_ID, PLAN_SCHEME } from '../ids';
import { plain, sayInformation } from '../services/say';
import { plannedFileUri, type PlanDocuments, type ShownPlan } from './planDocuments';
import { isOutdated, timeOf } from './readyPlan';

/** What the editor does with the document of a plan: folding and outline by machine, step and file, and lenses that act. */
export function registerPlanFeatures(plans: PlanDocuments, store: ClusterStore): vscode.Disposable {
  const served: vscode.DocumentFilter = { language: PLAN_LANGUAGE_ID, scheme: PLAN_SCHEME };
  const changed = new vscode.EventEmitter<void>();
  const partsOf = ({ uri }: vscode.TextDocument): readonly PlanPart[] => plans.at(uri)?.document.parts ?? [];
  return vscode.Disposable.from(
    changed,
    plans.onDidChange(() => changed.fire()),
    store.onDidChange(() => changed.fire()),
    vscode.languages.registerFoldingRangeProvider(served, {
      provideFoldingRanges: (document) => foldsOf(partsOf(document)),
    }),
    vscode.languages.registerDocumentSymbolProvider(
      served,
      { provideDocumentSymbols: (document) => partsOf(document).map((part) => toSymbol(document, part)) },
      { label: say`Plan` },
    ),
    vscode.languages.registerCodeLensProvider(served, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: async ({ uri }) => {
        const shown = plans.at(uri);
        if (shown === undefined || !vscode.workspace.isTrusted) return [];
        return [...(await actionLenses(uri, shown, store)), ...differenceLenses(uri, shown)];
      },
    }),
  );
}

/** Shows a file of a plan as it is and as it will be; without a line the one at the cursor. */
export async function showDifference(plans: PlanDocuments, uri: vscode.Uri, line: unknown): Promise<void> {
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const at = typeof line === 'number' ? line : (editor?.selection.active.line ?? 0);
  const file = plannedFileAt(plans.at(uri)?.document.parts ?? [], at);
  if (file === undefined)
    return void sayInformation(
      say`No file is changed there. Put the cursor on a file of the plan, or on a step with one.`,
    );
  await vscode.commands.executeCommand(
    'vscode.diff',
    plannedFileUri(uri, file, 'before'),
    plannedFileUri(uri, file, 'after'),
    plain(`${machineWords(file.machine)}: ${file.difference.path} (now ↔ planned)`),
  );
}

function foldsOf(parts: readonly PlanPart[]): vscode.FoldingRange[] {
  return parts.flatMap(({ first, last, parts: inner }) => [
    ...(last > first ? [new vscode.FoldingRange(first, last)] : []),
    ...foldsOf(inner),
  ]);
}

const SYMBOLS: Record<PlanPart['kind'], vscode.SymbolKind> = {
  section: vscode.SymbolKind.Namespace,
  machine: vscode.SymbolKind.Interface,
  step: vscode.SymbolKind.Event,
  file: vscode.SymbolKind.File,
};

function toSymbol(
  document: vscode.TextDocument,
  { kind, name, detail, first, last, parts }: PlanPart,
): vscode.DocumentSymbol {
  const heading = document.lineAt(first).range;
  const symbol = new vscode.DocumentSymbol(
    plain(name),
    plain(detail),
    SYMBOLS[kind],
    new vscode.Range(heading.start, document.lineAt(last).range.end),
    heading,
  );
  symbol.children = parts.map((part) => toSymbol(document, part));
  return symbol;
}

async function actionLenses(uri: vscode.Uri, shown: ShownPlan, store: ClusterStore): Promise<vscode.CodeLens[]> {
  const top = new vscode.Range(0, 0, 0, 0);
  const again = (title: string): vscode.CodeLens =>
    new vscode.CodeLens(top, { title, command: COMMANDS.examineAgain, arguments: [uri] });
  const examined = timeOf(shown.examined);
  if (shown.taken === true) return [again(say`$(refresh) Examine Again: this plan was carried out`)];
  if (await isOutdated(shown, store))
    return [again(say`$(warning) Examine Again: the file has changed since ${examined}`)];
  if (shown.ready === undefined) return [again(say`$(refresh) Examine Again: examined at ${examined}`)];
  return [
    new vscode.CodeLens(top, { title: say`$(play) Apply Plan`, command: COMMANDS.applyPlan, arguments: [uri] }),
    again(say`$(refresh) Examine Again: examined at ${examined}`),
  ];
}

function differenceLenses(uri: vscode.Uri, { document }: ShownPlan): vscode.CodeLens[] {
  return plannedFiles(document.parts).map(
    ({ first }) =>
      new vscode.CodeLens(new vscode.Range(first, 0, first, 0), {
        title: say`$(diff) Diff`,
        command: COMMANDS.showDifference,
        arguments: [uri, first],
      }),
  );
}
