import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { setRelease } from '../../core/authoring/release';
import type { RunReport } from '../../core/plan/events';
import { releaseBefore } from '../../engine/planning/releaseBefore';
import { toWorkspaceEdit } from '../language/convert';
import { COMMANDS } from '../ids';
import { sayWarning } from '../services/say';
import type { ReadyPlan } from './readyPlan';
import type { WayOut } from './wayOut';

/** The way back from an upgrade that failed behind its snapshot: the release from before in the file, then a restore. */
export function goBackWay({ prepared, state }: ReadyPlan, report: RunReport): readonly WayOut[] {
  const before = releaseBefore(prepared, report);
  if (before === undefined) return [];
  const act = async (): Promise<void> => {
    const document = await vscode.workspace.openTextDocument(state.uri);
    const edits = document.getText() === state.document.text ? setRelease(state.document, before) : [];
    if (edits.length === 0 || !(await vscode.workspace.applyEdit(toWorkspaceEdit(document, edits)))) {
      void sayWarning(say`Write ${before} under k3s.version yourself, then restore the snapshot from before.`);
      return;
    }
    await vscode.commands.executeCommand(COMMANDS.listSnapshots, state.uri);
    await vscode.commands.executeCommand(COMMANDS.restoreSnapshot, state.uri);
  };
  return [{ label: say`Restore from Snapshot with ${before}…`, act, away: true }];
}
