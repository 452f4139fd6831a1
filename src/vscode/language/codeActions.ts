import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { ClusterDocument } from '../../core/document/clusterDocument';
import { ignoreAt } from '../../core/language/control';
import { ELSEWHERE_IDS } from '../../core/language/elsewhere';
import { fixAll } from '../../core/language/fixAll';
import { fixes, type DiagnosticFix } from '../../core/language/validate';
import { COMMANDS } from '../ids';
import type { Documents } from '../services/documents';
import { readRuleLevels } from '../services/settings';
import { toOffsets, toWorkspaceEdit } from './convert';
import { plain } from '../services/say';
import { selector } from './selector';

/** `source.fixAll` on save and *Fix All* reach us by this kind. */
const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('k3s-ha');

/** Quick fixes of the findings under the cursor, and all safe ones at once. */
export function registerCodeActions(documents: Documents): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    selector(),
    {
      provideCodeActions: async (document, range, context) => {
        const asked = context.only;
        const quick =
          asked === undefined || asked.intersects(vscode.CodeActionKind.QuickFix)
            ? await quickFixes(document, documents, range, context)
            : [];
        return asked?.intersects(FIX_ALL) === true ? [...quick, ...fixEverything(document)] : quick;
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL] },
  );
}

async function quickFixes(
  document: vscode.TextDocument,
  documents: Documents,
  range: vscode.Range,
  context: vscode.CodeActionContext,
): Promise<vscode.CodeAction[]> {
  const read = await documents.read(document);
  const actions = fixes(read, toOffsets(document, range), { levels: readRuleLevels(document.uri) }).map((fix) => {
    const action = new vscode.CodeAction(plain(fix.title), vscode.CodeActionKind.QuickFix);
    action.diagnostics = context.diagnostics.filter((diagnostic) => codeOf(diagnostic) === fix.diagnosticCode);
    action.isPreferred = fix.safe;
    return withEdits(action, document, fix);
  });
  return [...actions, ...ignoreElsewhere(document, read, context.diagnostics)];
}

/** What machines and other files told can be ignored at its line, as findings of rules can. */
function ignoreElsewhere(
  document: vscode.TextDocument,
  read: ClusterDocument,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const told = diagnostics.filter((diagnostic) => ELSEWHERE_IDS.includes(String(codeOf(diagnostic))));
  return [...new Map(told.map((diagnostic) => [String(codeOf(diagnostic)), diagnostic]))].map(([id, diagnostic]) => {
    const action = new vscode.CodeAction(say`Ignore ${id} on this line`, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.edit = toWorkspaceEdit(document, ignoreAt(read, document.offsetAt(diagnostic.range.start), id));
    return action;
  });
}

function withEdits(action: vscode.CodeAction, document: vscode.TextDocument, fix: DiagnosticFix): vscode.CodeAction {
  if (fix.storeSecrets === undefined && fix.asksFor === undefined) action.edit = toWorkspaceEdit(document, fix.edits);
  else
    action.command = {
      title: plain(fix.title),
      command: COMMANDS.applyFix,
      arguments: [document.uri, document.version, fix],
    };
  return action;
}

function fixEverything(document: vscode.TextDocument): vscode.CodeAction[] {
  const { edits, titles } = fixAll(document.getText(), readRuleLevels(document.uri));
  if (edits.length === 0) return [];
  const action = new vscode.CodeAction(
    titles.length === 1 ? plain(titles[0] ?? '') : say`Fix ${titles.length} findings of K3s HA`,
    FIX_ALL,
  );
  action.edit = toWorkspaceEdit(document, edits);
  return [action];
}

function codeOf(diagnostic: vscode.Diagnostic): string | number | undefined {
  return typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code;
}
